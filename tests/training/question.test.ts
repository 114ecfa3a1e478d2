import { describe, expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import { parseExperiment } from '../../src/experiment/parse';
import { trialDocument } from '../../src/experiment/trial';
import type { TrialDocument } from '../../src/experiment/types';
import { EngineFaultError, type Engine, type Wave } from '../../src/training/engine';
import type { Plan } from '../../src/training/plan';
import { planOf } from '../../src/training/planner';
import { ProvedEngine } from '../../src/training/proved_engine';
import { ask, questionAbout } from '../../src/training/question';
import { ReferenceEngine } from '../../src/training/reference_engine';
import type { TrialStates } from '../../src/training/states';
import { WaveInputs } from '../../src/training/wave_input';
import { takingTurns } from '../every';
import { ENGINES, GPU_ENGINES } from '../sweeps';

/** Kinds of plans: some of the presets' arms, and what they leave out. */
const KINDS: [string, TrialDocument][] = (
  [
    ['init-gain', 1],
    ['chain', 1],
    ['batch-size', 0],
  ] as const
).map(([id, arm]) => {
  const experiment = presetExperiment(id);
  const { x, y } = experiment.axes;
  return [`${id}, ${experiment.arms[arm]!.name}`, trialDocument(experiment, arm, 0, x.to, y?.from)];
});
const small = (model: object, rest: object = {}) =>
  trialDocument(
    parseExperiment({
      format: 'normscape/experiment',
      version: 1,
      model: { inputs: 3, hidden: [6, 5], outputs: 2, activation: 'tanh', ...model },
      data: { type: 'gaussian', samples: 20 },
      loss: 'mse',
      optimizer: { learningRate: 1, steps: 50 },
      axes: { x: { parameter: 'model.initialization.gain', scale: 'linear', from: 1, to: 1, count: 1 } },
      arms: [{ name: 'one' }],
      ...rest,
    }),
    0,
    0,
    1,
  );
KINDS.push(
  [
    'γ and β frozen, after the activation',
    small({ normalization: { type: 'batch', placement: 'post', affine: 'frozen' } }),
  ],
  [
    'minibatches with momentum',
    small({ bias: true }, { optimizer: { learningRate: 1, momentum: 0.9, batch: 7, steps: 50 } }),
  ],
  ['a large network', small({ inputs: 64, hidden: [128, 64, 64, 64, 64, 64], activation: 'relu' })],
  [
    'the rule that never stops',
    small({ normalization: { type: 'none' } }, { rule: { type: 'sohl-dickstein' } }),
  ],
);

describe.each(KINDS.map(([kind, document], index) => [kind, document, index] as const))(
  'about %s',
  (_kind, document, index) => {
    test.each(takingTurns(GPU_ENGINES, index))('the %s engine answers rightly', async (name) => {
      const engine = await ENGINES[name]();
      await ask(engine, questionAbout(planOf(document, true)));
    });
  },
);

test('a question takes no longer than a few milliseconds, whatever it is about', () => {
  for (const [, document] of KINDS) {
    const { input } = questionAbout(planOf(document));
    const { layers, samples } = input.plan;
    const weights = layers.reduce((sum, { fanIn, fanOut }) => sum + fanIn * fanOut, 0);
    expect(3 * samples * weights).toBeLessThan(2 ** 23);
  }
});

test('of shapes whose sizes stand in the shader, plans of other sizes are other families', () => {
  const familyOf = (manner: string, samples: number) => {
    const document = small({ inputs: 2, hidden: [2], outputs: 1 }, { data: { type: 'gaussian', samples } });
    return questionAbout(planOf(document, false, manner)).family;
  };
  for (const manner of ['single-32-interleaved-rows-held', 'workgroup-32-workgroup-columns-2-written'])
    expect(familyOf(manner, 20), manner).not.toBe(familyOf(manner, 24));
  expect(familyOf('single-32-interleaved-rows', 20)).toBe(familyOf('single-32-interleaved-rows', 24));
});

/** An engine whose answers are changed on their way. */
class Wrong implements Engine {
  readonly name = 'fused';
  readonly adapter = 'wrong';
  readonly roundoff = 2 ** -24;
  opened = 0;

  constructor(
    private readonly changes: Partial<Answers>,
    private readonly engine: Engine = new ReferenceEngine(),
  ) {}

  supports = (plan: Plan) => this.engine.supports(plan);
  needs = (plan: Plan) => this.engine.needs(plan);
  shapes = (plan: Plan) => this.engine.shapes(plan);
  emptyWait = () => this.engine.emptyWait();
  close = () => undefined;

  async open(input: Parameters<Engine['open']>[0]): Promise<Wave> {
    const wave = await this.engine.open(input);
    const { states = (x) => x, histories = (x) => x } = this.changes;
    this.opened += 1;
    return {
      run: async (steps) => states(await wave.run(steps)),
      keep: (slots) => wave.keep(slots),
      read: async (name) => {
        const values = await wave.read(name);
        return name === 'history' ? histories(values) : values;
      },
      begin: (parameters) => wave.begin(parameters),
      close: () => wave.close(),
    };
  }
}
interface Answers {
  states(right: TrialStates): TrialStates;
  histories(right: Float64Array): Float64Array;
}

describe('an engine that is wrong is found, and what differs is said', () => {
  const document = small({ bias: true });
  const plan = planOf(document);

  test.each<[string, Partial<Answers>, RegExp]>([
    [
      'a loss one part in five hundred off',
      { histories: (x) => x.map((v) => 1.002 * v) },
      /^of an ordinary trial loss 0 is \S+, and \S+ by the reference$/,
    ],
    ['no update', { histories: (x) => x.map((_, i) => x[i - (i % 4)]!) }, /ordinary trial loss 1 is/],
    [
      'infinity taken for a number',
      { histories: (x) => x.map((v) => (v === Infinity ? 1 : v)) },
      /infinite label loss 0 is 1, and Infinity/,
    ],
    [
      'NaN taken for a number',
      { histories: (x) => x.map((v) => (Number.isNaN(v) ? 0 : v)) },
      /NaN label loss 0 is 0, and NaN/,
    ],
    [
      'divergence not noticed',
      { states: (s) => ({ ...s, divergedAt: s.divergedAt.map(() => -1) }) },
      /infinite label the step of divergence is -1, and 0/,
    ],
    [
      'steps left out',
      { states: (s) => ({ ...s, recorded: s.recorded.map((n) => Math.min(n, 3)) }) },
      /ordinary trial recorded is 3, and 4/,
    ],
    ['nothing but zeros', { histories: (x) => x.fill(0) }, /loss 0 is 0/],
  ])('%s', async (_what, changes, words) => {
    const error: unknown = await ask(new Wrong(changes), questionAbout(plan)).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(EngineFaultError);
    expect(error).toMatchObject({ message: expect.stringMatching(words), fewerSteps: undefined });
  });

  test('before anything is trained on it', async () => {
    const engine = new ProvedEngine(new Wrong({ histories: (x) => x.fill(0) }));
    await expect(engine.open(new WaveInputs().of(plan, [document]))).rejects.toBeInstanceOf(EngineFaultError);
  });
});

test('a question is asked once for plans of one kind, whatever their sizes, and again for another kind', async () => {
  const inner = new Wrong({}, await ENGINES.fused());
  let proved = 0;
  const engine = new ProvedEngine(inner, () => (proved += 1));
  const open = async (document: TrialDocument) => {
    inner.opened = 0;
    const wave = await engine.open(new WaveInputs().of(planOf(document), [document]));
    wave.close();
    return inner.opened;
  };
  const deep = (layers: number) => small({ hidden: Array<number>(layers).fill(6) });
  expect(await open(deep(4))).toBe(2);
  expect(await open(deep(9))).toBe(1);
  expect(await open(small({ hidden: [8, 8, 7, 7] }))).toBe(1);
  expect(await open(small({ hidden: [6, 6, 6, 6], activation: 'relu' }))).toBe(2);
  expect(proved).toBe(2);
});

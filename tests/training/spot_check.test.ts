import { expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import { trialDocument } from '../../src/experiment/trial';
import type { TrialDocument } from '../../src/experiment/types';
import { EngineFaultError, type Engine, type Wave, type WaveInput } from '../../src/training/engine';
import { planOf } from '../../src/training/planner';
import { ReferenceEngine } from '../../src/training/reference_engine';
import { SpotCheckedEngine } from '../../src/training/spot_check';
import type { TrialStates } from '../../src/training/states';
import { WaveInputs } from '../../src/training/wave_input';

/** The reference, with losses that a test changes. */
class Disturbed extends ReferenceEngine {
  constructor(
    private readonly changes: {
      loss?: (loss: number, slot: number, step: number) => number;
      kept?: number[];
    },
  ) {
    super();
  }

  override async open(input: WaveInput): Promise<Wave> {
    const wave = await super.open(input);
    const { loss = (value) => value } = this.changes;
    const changed = (states: TrialStates): TrialStates => ({
      ...states,
      lossInitial: states.lossInitial.map((value, slot) => loss(value, slot, 0)),
      lossLast: states.lossLast.map((value, slot) => loss(value, slot, states.recorded[slot]! - 1)),
    });
    return {
      run: async (steps, together) => changed(await wave.run(steps, together)),
      keep: (slots) => wave.keep(slots),
      read: (name) => wave.read(name),
      begin: (parameters) => wave.begin(parameters),
      close: () => wave.close(),
    };
  }
}

const base = trialDocument(presetExperiment('init-gain'), 1, 0, 0.05, 1);
const wave = (rates: readonly number[], document: TrialDocument = base): WaveInput => {
  const documents = rates.map((learningRate) => ({
    ...document,
    optimizer: { ...document.optimizer, learningRate },
  }));
  return new WaveInputs().of(planOf(document), documents);
};

/** What comes of training a wave in slices of these lengths. */
async function outcome(engine: Engine, input: WaveInput, slices = [1, 2, 4, 8, 16]): Promise<unknown> {
  const opened = await new SpotCheckedEngine(engine).open(input);
  try {
    for (const steps of slices) await opened.run(steps);
    return await opened.read('history').then(
      () => undefined,
      (error: unknown) => error,
    );
  } finally {
    opened.close();
  }
}

const RATES = [0.3, 0.02, 0.1, 100];

test('what is right passes, however it is sliced', async () => {
  const right = new Disturbed({});
  for (const slices of [[1, 2, 4, 8], [40], [3, 9], [1]])
    expect(await outcome(right, wave(RATES), slices)).toBeUndefined();
});

test('what float32 adds passes, in training that carries it far too', async () => {
  const rounded = new Disturbed({ loss: (loss) => Math.fround(loss) * (1 + 3e-4) });
  expect(await outcome(rounded, wave(RATES))).toBeUndefined();
});

test.each([
  ['the first loss', (loss: number, _: number, step: number) => (step === 0 ? 1.01 * loss : loss)],
  ['the loss of a later step', (loss: number, _: number, step: number) => (step === 9 ? 1.01 * loss : loss)],
  ['zeros', () => 0],
  ['NaN', () => Number.NaN],
])('%s is found', async (_what, loss) => {
  const error = await outcome(new Disturbed({ loss }), wave(RATES));
  expect(error).toBeInstanceOf(EngineFaultError);
  expect(String(error)).toMatch(/the loss of a trial at step \d+ is .*, and .* by the reference$/);
});

test('one trial that goes another way is no fault, where others agree', async () => {
  const lowest = RATES.indexOf(Math.min(...RATES));
  const loss = (value: number, slot: number) => (slot === lowest ? 2 * value : value);
  expect(await outcome(new Disturbed({ loss }), wave(RATES))).toBeUndefined();
});

test('nothing is compared beyond the tenth step', async () => {
  const late = new Disturbed({ loss: (loss, _, step) => (step >= 10 ? 2 * loss : loss) });
  expect(await outcome(late, wave(RATES))).toBeUndefined();
});

test('trials that are trained in parts are compared at their own steps', async () => {
  const input = wave(RATES);
  const opened = await new SpotCheckedEngine(new Disturbed({})).open(input);
  for (const steps of [1, 2, 4, 8])
    for (const slot of input.trials.keys()) {
      opened.keep([slot]);
      await opened.run(steps);
    }
  await expect(opened.read('history')).resolves.toBeInstanceOf(Float64Array);
  opened.close();
});

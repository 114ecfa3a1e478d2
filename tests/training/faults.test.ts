import { describe, expect, test } from 'vitest';
import { parseExperiment } from '../../src/experiment/parse';
import { rowsOf, type TrialResult } from '../../src/scheduler/results';
import { Sweep } from '../../src/scheduler/sweep';
import { EngineLostError } from '../../src/training/engine';
import { Ladder } from '../../src/training/ladder';
import { tried } from '../every';
import { faultyGpu, type Fault, type FaultKind, type FaultyGpu } from '../faulty_gpu';
import { entry } from '../gpu_device';
import { TrialSource } from '../../src/scheduler/trial_source';

/** Small, with all three classes, several waves, and data sets and draws of its own in every cell. */
const experimentOf = (hidden: number[]) =>
  parseExperiment({
    format: 'normscape/experiment',
    version: 1,
    model: { inputs: 2, hidden, outputs: 1, activation: 'tanh' },
    data: { type: 'teacher', samples: 6 },
    loss: 'half-mse',
    optimizer: { learningRate: 1, momentum: 0.5, steps: 18 },
    axes: {
      x: { parameter: 'optimizer.learningRate', scale: 'log', from: 0.05, to: 30, count: 7 },
      y: { parameter: 'seed', scale: 'linear', from: 1, to: 3, count: 3 },
    },
    rule: { type: 'threshold', divergence: 10, target: 0.5, window: 5 },
  });

const WAYS = {
  // The shape that a GPU has takes long to compile in software: less for layers of two units.
  fused: { engine: 'fused', hardware: true, experiment: experimentOf([2, 2]) },
  'fused in software': { engine: 'fused', hardware: false, experiment: experimentOf([5]) },
  layered: { engine: 'layered', hardware: false, experiment: experimentOf([5]) },
} as const;
type Way = keyof typeof WAYS;

/** What a sweep with a fault came to. */
interface Run {
  readonly results: readonly TrialResult[];
  readonly error: unknown;
  readonly words: readonly string[];
}

/** A GPU for each way, with a device of its own: what is compiled for one is not for the other. */
const gpus = new Map<Way, FaultyGpu>();
async function gpuOf(way: Way): Promise<FaultyGpu> {
  const gpu = gpus.get(way) ?? faultyGpu(await entry(), WAYS[way].hardware);
  gpus.set(way, gpu);
  return gpu;
}

async function run(way: Way, fault?: Fault): Promise<Run> {
  const gpu = await gpuOf(way);
  gpu.arm(fault);
  const words: string[] = [];
  const say = (what: string) => words.push(what);
  const ladder = new Ladder(WAYS[way].engine, async () => gpu.gpu, true, { fault: say }, { patience: 1000 });
  const results: TrialResult[] = [];
  const error: unknown = await new Sweep(new TrialSource(WAYS[way].experiment), ladder.open, {
    results: (batch) => results.push(...rowsOf(batch)),
    fault: say,
  })
    .run()
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  results.sort((a, b) => a.trial - b.trial);
  return { results, error, words };
}

/** Trials that are not what they are without a fault, but for what float32 adds where another engine trained them. */
function wrong(results: readonly TrialResult[], expected: readonly TrialResult[]): number[] {
  return expected.flatMap(({ trial, class: name, lossFinal }, at) => {
    const found = results[at];
    const near =
      found !== undefined &&
      (name === 'diverged' || Math.abs(found.lossFinal - lossFinal) <= 1e-2 * Math.abs(lossFinal));
    return found?.trial === trial && found.class === name && near ? [] : [trial];
  });
}

/** Pipelines are made only on a new device. */
const OVER_A_PIPELINE: FaultKind = 'device lost over a pipeline';

/** The same sweep without a fault, and how many calls each kind may strike. */
interface Undisturbed extends Run {
  readonly calls: ReadonlyMap<FaultKind, number>;
}
const undisturbed = new Map<Way, Promise<Undisturbed>>();
function expectedOf(way: Way): Promise<Undisturbed> {
  let expected = undisturbed.get(way);
  if (!expected) undisturbed.set(way, (expected = runUndisturbed(way)));
  return expected;
}
async function runUndisturbed(way: Way): Promise<Undisturbed> {
  const gpu = await gpuOf(way);
  await run(way);
  const pipelines = gpu.calls(OVER_A_PIPELINE);
  const without = await run(way); // everything is compiled
  const calls = new Map(KINDS.map((kind) => [kind, gpu.calls(kind)]));
  return { ...without, calls: calls.set(OVER_A_PIPELINE, pipelines) };
}

/** A run that the fault has struck, about there; how many calls there are depends on the time that slices take. */
async function struckRun(way: Way, kind: FaultKind, place: number): Promise<Run> {
  const { calls } = await expectedOf(way);
  const gpu = await gpuOf(way);
  for (let at = Math.floor(place * calls.get(kind)!); at >= 0; at = Math.floor(0.8 * at - 1)) {
    if (kind === OVER_A_PIPELINE) gpu.renew();
    const done = await run(way, { kind, at });
    if (gpu.struck() > 0) return done;
  }
  throw new Error('the fault has never struck');
}

const KINDS: readonly FaultKind[] = [
  'submit dropped',
  'submit invalid',
  'dispatch skipped',
  'dispatch halved',
  'dispatch doubled',
  'upload lost',
  'upload halved',
  'buffer refused',
  'readback of zeros',
  'readback of half',
  'mapping rejected',
  'mapping never settles',
  'device lost',
  OVER_A_PIPELINE,
];
const PLACES = { early: 0.05, 'in the middle': 0.5, late: 0.9 } as const;

type Place = keyof typeof PLACES;

/** Every kind strikes in one of the ways, kinds and places in turns; of `npm run test:every`, in each way at each place. */
function placesOf(way: Way, kind: FaultKind): readonly Place[] {
  const places = Object.keys(PLACES) as Place[];
  const at = KINDS.indexOf(kind);
  const own = Object.keys(WAYS).indexOf(way) === at % 3 ? [places[Math.floor(at / 3) % 3]!] : [];
  return tried(
    own,
    places.filter((place) => !own.includes(place)),
  );
}

describe.each(Object.keys(WAYS) as Way[])('%s', (way) => {
  test('without a fault nothing is said', async () => {
    const { results, error, words } = await expectedOf(way);
    expect(error).toBeUndefined();
    expect(words).toEqual([]);
    expect(new Set(results.map(({ class: name }) => name))).toEqual(
      new Set(['converged', 'stalled', 'diverged']),
    );
  });

  const faults = KINDS.flatMap((kind) => placesOf(way, kind).map((place) => ({ kind, place })));
  test.each(faults)('$kind, $place: the results are right', async ({ kind, place }) => {
    const { results: expected } = await expectedOf(way);
    const { results, error } = await struckRun(way, kind, PLACES[place]);
    expect(error).toBeUndefined();
    expect(wrong(results, expected)).toEqual([]);
  });
});

describe.each(['fused', 'layered'] as const)('what is always wrong, %s', (way) => {
  test.each([
    'submit dropped',
    'dispatch halved',
    'upload lost',
    'readback of zeros',
    'buffer refused',
  ] as const)('%s: the reference trains in the end', async (kind) => {
    const { results: expected } = await expectedOf(way);
    const { results, error, words } = await run(way, { kind, at: 0, always: true });
    expect(error).toBeUndefined();
    expect(words.at(-1)).toMatch(/Trained again on the CPU, by the reference engine in float64\.$/);
    expect(wrong(results, expected)).toEqual([]);
  });

  test.each(['device lost', 'mapping never settles'] as const)(
    '%s: the sweep ends, and says why',
    async (kind) => {
      const { error } = await run(way, { kind, at: 0, always: true });
      expect(error).toBeInstanceOf(EngineLostError);
      expect(String(error)).toMatch(/GPU device lost \((destroyed|no answer)\): /);
    },
  );
});

/**
 * Buffers that a driver may overwrite with zeros while trials are trained: all but those that a step reads and writes. Of parameters
 * that become zeros (after the steps that the reference trains too) no check can tell that training has not made them so.
 */
describe.each([
  ['fused', ['state', 'history', 'settings', 'x', 'y', 'base', 'segments', 'trials', 'tally']],
  ['layered', ['state', 'history', 'settings', 'x', 'y', 'base', 'segments', 'trials', 'tally']],
] as const)('a buffer zeroed, %s', (way, labels) => {
  test.each(labels)('%s: the results are right', async (label) => {
    const { results: expected, calls } = await expectedOf(way);
    for (const place of [0.2, 0.7]) {
      const { results, error } = await run(way, {
        kind: 'buffer zeroed',
        label,
        at: Math.floor(place * calls.get('submit dropped')!),
      });
      expect(error).toBeUndefined();
      expect(wrong(results, expected)).toEqual([]);
    }
  });
});

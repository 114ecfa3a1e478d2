import { expect, test } from 'vitest';
import { parseExperiment } from '../../src/experiment/parse';
import type { Experiment } from '../../src/experiment/types';
import type { Trace } from '../../src/scheduler/trace';
import { FusedEngine } from '../../src/training/fused_engine';
import { shapeNamed } from '../../src/training/shape_names';
import { EVERY } from '../every';
import { mulberry32 } from '../mulberry32';
import { ENGINES, runSweep, sharedGpu, type MakeEngine } from '../sweeps';
import { comparableSteps, relativeErrors } from '../golden_runs';

/** Documents: of every width; and narrow ones, of which a shape of the fused engine's own holds a layer in registers. */
const DOCUMENTS = EVERY ? 200 : 5;
const NARROW_DOCUMENTS = EVERY ? 60 : 3;
const STEPS = 5;
const TOLERANCE = 2e-3;

/** Reproducible choices. */
function chooser(seed: number) {
  const next = mulberry32(seed);
  return {
    integer: (from: number, to: number) => from + Math.floor(next() * (to - from + 1)),
    one: <T>(options: readonly T[]): T => options[Math.floor(next() * options.length)]!,
    chance: (share: number) => next() < share,
  };
}

/** What pipelines are made of apart from sizes; every value in several, few enough to be compiled in a test. */
const KINDS = [
  { activation: 'relu', bias: false, momentum: 0, minibatch: false },
  { activation: 'sigmoid', bias: true, momentum: 0, minibatch: false },
  { activation: 'tanh', bias: false, momentum: 0.5, minibatch: true },
  { activation: 'identity', bias: true, momentum: 0.5, minibatch: false },
  { activation: 'sigmoid', bias: false, momentum: 0.9, minibatch: true },
] as const;

/** A small document of any kind: widths from 1 to `widest`, every activation, normalization, loss, scaling, initialization, data set. */
function documentOf(seed: number, widest = 9): Experiment {
  const { integer, one, chance } = chooser(seed);
  const { activation, bias, momentum, minibatch } = KINDS[seed % KINDS.length]!;
  const twoClasses = chance(0.3);
  const loss = twoClasses ? 'logistic' : bias ? 'mse' : 'half-mse';
  const samples = integer(2, 13);
  const normalized = chance(0.6);
  return parseExperiment({
    format: 'normscape/experiment',
    version: 1,
    model: {
      inputs: twoClasses ? 2 : integer(1, widest),
      hidden: Array.from({ length: integer(0, 3) }, () => integer(1, widest)),
      outputs: twoClasses ? 1 : integer(1, widest),
      activation,
      preactivationGain: one([1, 1, 0.5, 1.5]),
      bias,
      scaling: one(['standard', 'ntk', 'mean-field']),
      normalization: normalized
        ? {
            type: 'batch',
            placement: one(['pre', 'post']),
            affine: one(['trained', 'frozen']),
            layers: one(['hidden', 'all', 'last']),
            epsilon: one([1e-5, 1e-3, 1]),
          }
        : { type: 'none' },
      initialization: { type: one(['he', 'lecun', 'glorot', 'normal', 'constant']), gain: one([1, 0.5, 2]) },
    },
    data: {
      type: twoClasses ? one(['spiral', 'moons', 'circles']) : one(['gaussian', 'teacher', 'linear']),
      samples,
      inputScale: one([1, 1, 0.5, 3]),
      inputShift: one([0, 0, 1]),
      noise: loss === 'logistic' ? 0 : one([0, 0.1]),
    },
    loss,
    optimizer: {
      learningRate: one([0.001, 0.01, 0.05]),
      momentum,
      weightDecay: one([0, 0.01]),
      batch: minibatch ? integer(1, 13) : 'full',
      steps: STEPS,
    },
    seed,
    axes: { x: { parameter: 'seed', scale: 'linear', from: seed, to: seed, count: 1 } },
    arms: [{ name: 'all' }],
  });
}

const traceOf = async (engine: MakeEngine, experiment: Experiment): Promise<Trace> =>
  (await runSweep(experiment, engine, { tracing: true })).traces.get(0)!;

/** Of a few samples a unit may hardly vary, and then batch norm makes much of how the mean was rounded. */
function isTelling({ loss, gradientNorm }: Trace): boolean {
  return [...loss, ...gradientNorm].every((value) => Number.isFinite(value) && value < 1e6);
}

const inShape = (name: string) => async () => new FusedEngine(await sharedGpu(), shapeNamed(name));

test.each([
  ['fused in software', ENGINES['fused in software'], DOCUMENTS, 9],
  ['layered', ENGINES.layered, DOCUMENTS, 9],
  ['a layer held in registers', inShape('single-8-interleaved-rows-held'), NARROW_DOCUMENTS, 2],
  ['and the network written out', inShape('single-4-interleaved-rows-held-written'), EVERY ? 20 : 1, 2],
  ['written out for workgroups', inShape('workgroup-8-workgroup-columns-2-written'), EVERY ? 20 : 2, 9],
])(
  '%s: small random documents train as the reference does',
  async (_name, engine, documents, widest) => {
    let telling = 0;
    for (let seed = 1; seed <= documents; seed += 1) {
      const experiment = documentOf(seed, widest);
      const expected = await traceOf(ENGINES.reference, experiment);
      const actual = await traceOf(engine, experiment);
      expect(actual.loss.length, `losses of document ${seed}`).toBe(expected.loss.length);
      if (isTelling(expected)) telling += 1;
      const loss = [...expected.loss];
      const steps = Math.min(STEPS, comparableSteps({ loss }));
      const errors = relativeErrors(actual.loss, loss, steps);
      const wrong = errors.findIndex((error) => !(error < TOLERANCE));
      expect(
        wrong,
        `document ${seed}: first loss that is off (${errors.join(' ')}) ${JSON.stringify(experiment)}`,
      ).toBe(-1);
    }
    expect(telling).toBeGreaterThanOrEqual(documents / 2);
  },
  300_000,
);

import { describe, expect, test } from 'vitest';
import { ACTIVATIONS, namesOf } from '../../src/experiment/kinds';
import { parseExperiment } from '../../src/experiment/parse';
import { comparableSteps, relativeErrors } from '../golden_runs';
import { takingTurns } from '../every';
import { ENGINES, GPU_ENGINES, runSweep } from '../sweeps';

/** What float32 may add over the first ten steps; after that rounding grows, and the class alone is compared. */
const TOLERANCE = 1e-4;
const STEPS = 10;

const axis = (parameter: string, from: number, to: number, count = 2, scale = 'log') => ({
  parameter,
  scale,
  from,
  to,
  count,
});
const RATE = axis('optimizer.learningRate', 0.02, 0.2);
/** An arm named after what it sets. */
const arm = (set: Record<string, unknown>) => ({ name: Object.values(set).join(', '), set });
const arms = (parameter: string, values: readonly unknown[]) =>
  values.map((value) => arm({ [parameter]: value }));

interface Parts {
  model?: object;
  data?: object;
  loss?: string;
  optimizer?: object;
  axes?: object;
  arms?: object[];
  rule?: object;
  replicates?: number;
}

/** A small network with batch norm, on which each row of the table below changes something. */
const document = ({ model, data, optimizer, ...rest }: Parts) => ({
  format: 'normscape/experiment',
  version: 1,
  loss: 'half-mse',
  axes: { x: RATE },
  arms: [{ name: 'the only arm' }],
  ...rest,
  model: { inputs: 3, hidden: [5, 4], outputs: 1, activation: 'tanh', ...model },
  data: { type: 'teacher', samples: 24, ...data },
  optimizer: { learningRate: 0.1, steps: 12, ...optimizer },
});

const inline = {
  weights: [
    [
      [0.5, -0.25, 1],
      [-1, 0.75, 0.5],
    ],
    [[1], [-0.5], [0.25]],
  ],
  biases: [[0.1, -0.1, 0.2], [0.3]],
  gammas: [[1.5, 0.5, 1], []],
  betas: [[0, 0.25, -0.25], []],
};
const points = {
  type: 'inline',
  x: [
    [0, 1],
    [1, -1],
    [2, 0.5],
    [-1.5, 0],
    [0.5, 2],
  ],
  y: [[1], [0], [0.5], [-1], [2]],
};

const EXPERIMENTS: readonly [string, ReturnType<typeof document>][] = [
  [
    'minibatches with momentum, replicates',
    document({ optimizer: { batch: 7, momentum: 0.7 }, replicates: 2 }),
  ],
  [
    'minibatches with bias, without batch norm',
    document({ model: { bias: true, normalization: { type: 'none' } }, optimizer: { batch: 5 } }),
  ],
  ['depth', document({ axes: { x: axis('model.depth', 0, 3, 3, 'linear'), y: RATE } })],
  ['width', document({ axes: { x: axis('model.width', 1, 20, 3), y: RATE } })],
  [
    'layers of one unit above and below wide ones',
    document({
      model: { hidden: [20, 1, 17], bias: true },
      optimizer: { batch: 7, momentum: 0.5 },
      arms: [
        arm({ 'model.normalization.type': 'none' }),
        ...arms('model.normalization.layers', ['hidden', 'all']),
        arm({ 'model.normalization.placement': 'post' }),
      ],
    }),
  ],
  [
    'width, where the first depth has none',
    document({
      axes: { x: axis('model.depth', 0, 2, 3, 'linear'), y: axis('model.width', 1, 8, 2, 'linear') },
    }),
  ],
  ['batch', document({ axes: { x: axis('optimizer.batch', 3, 40, 3) } })],
  ['steps', document({ axes: { x: axis('optimizer.steps', 4, 12, 2) } })],
  ['samples', document({ axes: { x: axis('data.samples', 10, 70, 2) } })],
  ['seed', document({ axes: { x: axis('seed', 0, 2, 3, 'linear') } })],
  ['epsilon', document({ axes: { x: axis('model.normalization.epsilon', 1e-8, 10, 3), y: RATE } })],
  [
    'input scale and shift',
    document({
      axes: { x: axis('data.inputScale', 0.1, 10, 3), y: axis('data.inputShift', -2, 2, 3, 'linear') },
    }),
  ],
  ['noise on targets', document({ axes: { x: axis('data.noise', 0, 1, 2, 'linear') } })],
  [
    'momentum and weight decay',
    document({
      axes: {
        x: axis('optimizer.momentum', 0, 0.9, 2, 'linear'),
        y: axis('optimizer.weightDecay', 0, 0.1, 2, 'linear'),
      },
    }),
  ],
  [
    'preactivation gain',
    document({
      axes: { x: axis('model.preactivationGain', 0.5, 3) },
      // A linear network at a gain of 3 leaves what can be compared; it has its own below.
      arms: arms(
        'model.activation',
        namesOf(ACTIVATIONS).filter((name) => name !== 'identity'),
      ),
    }),
  ],
  [
    'preactivation gain of identity, 1 too',
    document({
      model: { activation: 'identity' },
      axes: { x: axis('model.preactivationGain', 0.5, 1.5, 3, 'linear') },
      arms: arms('model.normalization.placement', ['pre', 'post']),
    }),
  ],
  [
    'a rate for each layer, others for γ and β',
    document({
      optimizer: { learningRate: [0.05, 0.1, 0.02], learningRateNorm: [0.2, 0.01, 0.1] },
      axes: {
        x: axis('optimizer.learningRate[1]', 0.01, 0.3),
        y: axis('optimizer.learningRateNorm[0]', 0.01, 0.5),
      },
    }),
  ],
  [
    'a gain for each layer',
    document({
      model: { initialization: { gainLayers: [1, 2, 0.5] } },
      axes: { x: axis('model.initialization.gainLayers[2]', 0.3, 2) },
    }),
  ],
  ['gain', document({ axes: { x: axis('model.initialization.gain', 0.3, 3), y: RATE } })],
  [
    'initializations',
    document({ arms: arms('model.initialization.type', ['he', 'lecun', 'glorot', 'normal', 'constant']) }),
  ],
  ['scalings', document({ arms: arms('model.scaling', ['standard', 'ntk', 'mean-field']) })],
  ['losses', document({ arms: arms('loss', ['mse', 'half-mse']) })],
  ['data', document({ model: { outputs: 2 }, arms: arms('data.type', ['gaussian', 'teacher', 'linear']) })],
  [
    'data of two classes',
    document({
      model: { inputs: 2 },
      loss: 'logistic',
      data: { type: 'moons' },
      arms: arms('data.type', ['moons', 'spiral', 'circles']),
    }),
  ],
  [
    'inline data and parameters',
    document({
      model: { inputs: 2, hidden: [3], bias: true, initialization: { type: 'inline', ...inline } },
      data: { ...points, samples: undefined },
    }),
  ],
  [
    'a minibatch of as many samples as there are, drawn with replacement all the same',
    document({ arms: arms('optimizer.batch', ['full', 24]) }),
  ],
  ['no hidden layer', document({ model: { hidden: [], bias: true } })],
  [
    'no hidden layer, a normalized output',
    document({ model: { hidden: [], normalization: { layers: 'all' } } }),
  ],
  ['wider than a workgroup is long', document({ model: { hidden: [70], activation: 'relu' } })],
  [
    'normalized layers',
    document({
      arms: ['hidden', 'all', 'last'].flatMap((layers) =>
        ['pre', 'post'].map((placement) =>
          arm({ 'model.normalization.layers': layers, 'model.normalization.placement': placement }),
        ),
      ),
    }),
  ],
  ['frozen γ and β', document({ model: { normalization: { affine: 'frozen' } } })],
  [
    'the rule of Sohl-Dickstein',
    document({
      optimizer: { steps: 30 },
      rule: { type: 'sohl-dickstein' },
      axes: { x: axis('optimizer.learningRate', 0.01, 1e4, 4) },
      arms: arms('model.normalization.type', ['none', 'batch']),
    }),
  ],
  [
    'divergence',
    document({
      model: { activation: 'relu' },
      axes: { x: axis('optimizer.learningRate', 0.1, 1e3, 4) },
      arms: arms('model.normalization.type', ['none', 'batch']),
    }),
  ],
];

describe.each(EXPERIMENTS.map(([name, json], index) => [name, json, index] as const))(
  '%s',
  (_name, json, index) => {
    const experiment = parseExperiment(JSON.parse(JSON.stringify(json)));
    const run = (engine: keyof typeof ENGINES) => runSweep(experiment, ENGINES[engine], { tracing: true });
    let reference: ReturnType<typeof run> | undefined;

    const engines = takingTurns(GPU_ENGINES, index, 2);
    test.each(engines)('%s', async (engine) => {
      const expected = await (reference ??= run('reference'));
      const actual = await run(engine);
      const { trials } = expected.source.grid;
      for (let trial = 0; trial < trials; trial += 1) {
        const loss = [...expected.traces.get(trial)!.loss];
        const steps = Math.min(STEPS, comparableSteps({ loss }));
        expect(steps, 'steps to compare').toBeGreaterThan(0);
        const errors = relativeErrors(actual.traces.get(trial)!.loss, loss, steps);
        const wrong = errors.findIndex((error) => !(error < TOLERANCE));
        expect(wrong, `trial ${trial}: first step whose loss is off (${errors.join(' ')})`).toBe(-1);
        expect(actual.results.classOf(trial), `class of trial ${trial}`).toBe(
          expected.results.classOf(trial),
        );
        if (comparableSteps({ loss }) < loss.length) continue;
        const [found, wanted] = [actual, expected].map(({ results }) => ({
          state: results.stateOf(trial),
          peak: Math.round(Math.log2(results.lossMax[trial]!)),
          // Steps of 1/8, since single units may be on either side of the limit.
          saturation: Math.round(8 * results.saturation[trial]!),
        }));
        expect(found, `trial ${trial}`).toEqual(wanted);
      }
    });
  },
);

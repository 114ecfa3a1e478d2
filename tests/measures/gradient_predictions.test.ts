import { describe, expect, test } from 'vitest';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { parseExperiment } from '../../src/experiment/parse';
import { baseTrial } from '../../src/experiment/trial';
import { layerNorms } from '../../src/measures/norms';
import { catapultPhase } from '../../src/theory/catapult';
import { gradientGrowth } from '../../src/theory/mean_field';
import { largestRateOnQuadratic } from '../../src/theory/quadratic';
import { Evaluator } from '../../src/training/evaluator';
import { ReferenceEngine } from '../../src/training/reference_engine';
import { cellsFrom, findEdges, ratesAbout } from '../edges';
import { EVERY } from '../every';
import { trialWith } from '../experiment/documents';
import { mulberry32 } from '../mulberry32';
import { ENGINES, runSweep } from '../sweeps';

/** Predictions that are about gradients, or about losses along a run; those about edges alone stand in `training/predictions.test.ts`. */
const HEADER = { format: 'normscape/experiment', version: 1, loss: 'half-mse', arms: [{ name: 'only' }] };
const NO_AXIS = { x: { parameter: 'optimizer.momentum', scale: 'linear', from: 0, to: 0, count: 1 } };
/** Under which no trial stops. */
const TO_THE_END = { type: 'sohl-dickstein' };

/** Losses of the only trial of a document, step by step, on the reference engine. */
async function lossesOf(document: object): Promise<Float64Array> {
  const { traces } = await runSweep(parseExperiment(document), ENGINES.reference, { tracing: true });
  return traces.get(0)!.loss;
}

test('q: descent on a quadratic converges below 2/λ_max, and no further', async () => {
  const random = mulberry32(5);
  const x = Array.from({ length: 12 }, () => [3 * random(), random(), random() - 0.5]);
  const matrix = new Matrix(x);
  const hessian = matrix.transpose().mmul(matrix).div(x.length);
  const { realEigenvalues } = new EigenvalueDecomposition(hessian, { assumeSymmetric: true });
  const expected = largestRateOnQuadratic(Math.max(...realEigenvalues));
  const [edge] = await findEdges(
    'reference',
    {
      ...HEADER,
      model: { inputs: 3, hidden: [], outputs: 1, activation: 'identity' },
      data: { type: 'inline', x, y: x.map(([a, b, c]) => [a! - 2 * b! + c!]) },
      optimizer: { learningRate: 1, steps: 400 },
      rule: { target: 1e-2 },
      axes: { x: ratesAbout(expected, 1.05, 8) },
    },
    ['converged'],
  );
  expect(cellsFrom(edge!, expected)).toBeLessThanOrEqual(1);
  expect(edge!.solid).toBe(true);
});

describe('h: the mean square of a gradient grows, for each layer that it goes back through at initialization', () => {
  const DEPTH = 10;
  const SEEDS = EVERY ? [1, 2, 3, 4, 5, 6] : [1, 2, 3];

  /** Wide, with random errors at the output that do not depend on what the network makes of the inputs. */
  async function growth(type: 'batch' | 'none', activation: string, width = 64): Promise<number> {
    const documents = SEEDS.map((seed) =>
      trialWith(
        [['model', 'inputs'], width],
        [['model', 'hidden'], Array.from({ length: DEPTH }, () => width)],
        [['model', 'outputs'], width],
        [['model', 'activation'], activation],
        [['model', 'normalization'], { type }],
        [['model', 'initialization'], { gainLayers: [...Array.from({ length: DEPTH }, () => 1), 1e-3] }],
        [['data'], { type: 'gaussian', samples: 128 }],
        [['seed'], seed],
      ),
    );
    const evaluator = await Evaluator.open(new ReferenceEngine(), documents);
    const { gradients } = await evaluator.at(await evaluator.initial());
    const norms = layerNorms(evaluator.plan, gradients);
    // Behind the first layer all signals are of one size, so that the weights' gradient grows as what comes back does.
    const meanSquare = (layer: number) =>
      SEEDS.reduce((sum, _, trial) => sum + norms[trial * (DEPTH + 1) + layer]! ** 2, 0) / SEEDS.length;
    return (meanSquare(1) / meanSquare(DEPTH - 1)) ** (1 / (DEPTH - 2));
  }

  test.each(['relu', 'tanh', 'sigmoid'] as const)(
    'with batch norm, %s: as E[φ′²]/Var φ',
    async (activation) => {
      expect(Math.abs((await growth('batch', activation)) / gradientGrowth(activation) - 1)).toBeLessThan(
        0.05,
      );
    },
  );

  test('without it, ReLU and He’s weights: not at all', async () => {
    expect(Math.abs((await growth('none', 'relu')) - 1)).toBeLessThan(0.05);
  });
});

test.each([
  [1.5, 'lazy'],
  [2.5, 'catapult'],
  [3.5, 'catapult'],
  [4.5, 'divergent'],
] as const)('j: at ηλ₀ = %f a linear network of two layers is %s', async (product, phase) => {
  const document = (rate: number) => ({
    ...HEADER,
    model: {
      inputs: 1,
      hidden: [256],
      outputs: 1,
      activation: 'identity',
      scaling: 'ntk',
      normalization: { type: 'none' },
      initialization: { type: 'normal' },
    },
    data: { type: 'inline', x: [[1]], y: [[0]] },
    optimizer: { learningRate: rate, steps: 200 },
    rule: TO_THE_END,
    axes: NO_AXIS,
  });
  const evaluator = await Evaluator.open(new ReferenceEngine(), [trialOf(document(1))]);
  const initial = await evaluator.initial();
  const curvature = initial.reduce((sum, weight) => sum + weight ** 2, 0) / 256;
  const rate = product / curvature;
  expect(catapultPhase(rate, curvature)).toBe(phase);
  const losses = await lossesOf(document(rate));
  const most = Math.max(...losses.filter((loss) => !Number.isNaN(loss)));
  expect(most > losses[0]!).toBe(phase !== 'lazy');
  expect(losses.at(-1)! < 1e-6 * losses[0]!).toBe(phase !== 'divergent');
});

describe('l: the output, γ and β frozen', () => {
  const HIDDEN = [16, 16, 16, 16];
  const document = (type: 'batch' | 'none', rate: number) => ({
    ...HEADER,
    model: {
      inputs: 8,
      hidden: HIDDEN,
      outputs: 1,
      activation: 'relu',
      normalization: { type, affine: 'frozen' },
    },
    data: { type: 'teacher', samples: 128 },
    optimizer: { learningRate: [...HIDDEN.map(() => rate), 0], steps: 40 },
    rule: TO_THE_END,
    axes: NO_AXIS,
  });

  test('with batch norm the loss has a bound that holds at every learning rate', async () => {
    const evaluator = await Evaluator.open(new ReferenceEngine(), [trialOf(document('batch', 1))]);
    const output = (await evaluator.initial()).subarray(-HIDDEN.at(-1)!);
    // No unit's mean square is above 1, and that of the targets is 1.
    const bound = (Math.hypot(...output) * Math.sqrt(HIDDEN.at(-1)!) + 1) ** 2 / 2;
    for (const rate of [1e-4, 1e-2, 1, 5.6, 1e2, 1e4, 1e6])
      for (const loss of await lossesOf(document('batch', rate))) expect(loss).toBeLessThanOrEqual(bound);
  });

  test('without it training diverges at 5.6', async () => {
    const losses = await lossesOf(document('none', 5.6));
    expect(losses.some((loss) => !(loss < 1000 * losses[0]!))).toBe(true);
  });
});

const trialOf = (document: object) => baseTrial(parseExperiment(document));

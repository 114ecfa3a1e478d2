import { describe, expect, test } from 'vitest';
import { batchNormChainLargestRate } from '../../src/theory/batch_norm_chain';
import { chainDivergenceRate, chainLargestRate, divergenceSlope } from '../../src/theory/chain';
import type { TrialClass } from '../../src/training/outcome';
import { cellsFrom, edgeRate, findEdges, ratesAbout, type Edge } from '../edges';

/** Closed-form predictions, found again by sweeps: each edge within one cell of the learning-rate axis. */
const CELLS = 1;
/** Learning rates of a sweep, and the factor between them. */
const COUNT = 8;
const SPACING = 1.08;

const CONVERGED: readonly TrialClass[] = ['converged'];
const BOUNDED: readonly TrialClass[] = ['converged', 'stalled'];

const HEADER = { format: 'normscape/experiment', version: 1, loss: 'half-mse' };
const NONE = { type: 'none' };
const ONE_ARM = [{ name: 'the only arm' }];

interface ChainSettings {
  normalization: object;
  /** The factor of each weight, all 1 before. */
  gains: readonly number[];
  steps: number;
  /** Share of the loss of the best constant below which a run has converged. */
  target?: number;
  data?: object;
}

/** Goodfellow's chain ŷ = w₁·…·w_d·x. */
function chain({ normalization, gains, steps, target = 0.5, data = {} }: ChainSettings) {
  return {
    ...HEADER,
    name: 'chain',
    model: {
      inputs: 1,
      hidden: gains.slice(1).map(() => 1),
      outputs: 1,
      activation: 'identity',
      normalization,
      initialization: { type: 'constant', gainLayers: gains },
    },
    data: { type: 'linear', samples: 8, ...data },
    optimizer: { learningRate: 1, steps },
    rule: { target },
    arms: ONE_ARM,
  };
}
const equal = (depth: number, gain: number): number[] => Array.from({ length: depth }, () => gain);
/** A loss that a run which oscillates about the minimum for ever does not reach. */
const TIGHT = { steps: 150, target: 1e-3 };

const about = (expected: number, spacing = SPACING) => ({ x: ratesAbout(expected, spacing, COUNT) });

function expectEdge(edge: Edge, expected: number): void {
  expect(cellsFrom(edge, expected), `${expected} against ${edge.last} to ${edge.next}`).toBeLessThanOrEqual(
    CELLS,
  );
}

describe.each(['reference', 'layered', 'fused in software'] as const)('%s', (engine) => {
  test.each([
    { depth: 1, target: 1, meanSquare: 1 },
    { depth: 2, target: 1, meanSquare: 1 },
    { depth: 5, target: 1, meanSquare: 1 },
    { depth: 10, target: 1, meanSquare: 1 },
    { depth: 4, target: 2, meanSquare: 1 },
    { depth: 4, target: 0.5, meanSquare: 1 },
    { depth: 4, target: 1, meanSquare: 4 },
  ])('a: a chain of $depth, t = $target, s = $meanSquare', async (settings) => {
    const { depth, target, meanSquare } = settings;
    const expected = chainLargestRate(settings);
    const scale = Math.sqrt(meanSquare);
    const [edge] = await findEdges(
      engine,
      {
        ...chain({
          ...TIGHT,
          normalization: NONE,
          gains: equal(depth, 0.9 * target ** (1 / depth)),
          // Larger inputs for the same targets are fitted by a smaller product.
          data: { target: target * scale, inputScale: scale },
        }),
        axes: about(expected),
      },
      CONVERGED,
    );
    expectEdge(edge!, expected);
    expect(edge!.solid).toBe(true);
  });

  test.each([
    ['b', 'trained', 1, 2, 0.3],
    ['b', 'trained', 1, 5, 3],
    ['b', 'trained', 1, 10, 0.3],
    ['c', 'frozen', 2, 2, 3],
    ['c', 'frozen', 2, 5, 0.3],
    ['c', 'frozen', 2, 10, 3],
  ] as const)(
    '%s: with batch norm, γ and β %s, %d whatever the depth (%d) and the hidden weights (%d)',
    async (...values) => {
      const [, affine, expected, depth, gain] = values;
      expect(batchNormChainLargestRate(affine, 1)).toBe(expected);
      const [edge] = await findEdges(
        engine,
        {
          ...chain({
            ...TIGHT,
            steps: 100,
            normalization: { affine },
            gains: [...equal(depth - 1, gain), 0.7],
          }),
          axes: { x: ratesAbout(expected, SPACING, 4) },
        },
        CONVERGED,
      );
      expectEdge(edge!, expected);
      expect(edge!.solid).toBe(true);
    },
  );

  test.each([3, 5])('d: a chain of %i large weights', async (depth) => {
    const gains = [4, 6, 9];
    const edges: Edge[] = [];
    for (const gain of gains) {
      const expected = chainDivergenceRate({ depth, meanSquare: 1 }, gain);
      const [edge] = await findEdges(
        engine,
        { ...chain({ normalization: NONE, gains: equal(depth, gain), steps: 60 }), axes: about(expected) },
        BOUNDED,
      );
      expectEdge(edge!, expected);
      edges.push(edge!);
    }
    expect(Math.abs(slope(gains, edges) - divergenceSlope(depth))).toBeLessThan(0.15);
  });

  test('e: without batch norm the edge of the test bed falls as the gain to the power −8', async () => {
    const gains = [1, 2, 4];
    const edges: Edge[] = [];
    for (const gain of gains) {
      const expected = gain ** divergenceSlope(5);
      const [edge] = await findEdges(engine, testBed(NONE, equal(5, gain), about(expected, 1.2)), BOUNDED);
      edges.push(edge!);
    }
    expect(Math.abs(slope(gains, edges) + 8)).toBeLessThan(0.3);
  });

  test('e: with batch norm it stays where it is', async () => {
    const axes = { x: ratesAbout(1.6, 1.2, 6) };
    const [small] = await findEdges(engine, testBed({}, equal(5, 1), axes), BOUNDED);
    const [large] = await findEdges(engine, testBed({}, [4, 4, 4, 4, 1], axes), BOUNDED);
    expectEdge(large!, edgeRate(small!));
  });
});

/** The test bed T8: four hidden ReLU layers of 16 on a teacher's 128 samples. */
function testBed(normalization: object, gainLayers: readonly number[], axes: object) {
  return {
    ...HEADER,
    name: 'test bed',
    model: {
      inputs: 8,
      hidden: [16, 16, 16, 16],
      outputs: 1,
      activation: 'relu',
      normalization,
      initialization: { gainLayers },
    },
    data: { type: 'teacher', samples: 128 },
    optimizer: { learningRate: 0.1, steps: 30 },
    axes,
    arms: ONE_ARM,
  };
}

describe('output weights, which batch norm does not normalize', () => {
  test('what it leaves of the chain is the chain of γ and the output weight', async () => {
    const axes = { x: ratesAbout(0.7, 1.08, 24) };
    for (const weight of [0.3, 2, 3]) {
      const whole = chain({ ...TIGHT, normalization: {}, gains: equal(5, weight) });
      const left = chain({ ...TIGHT, normalization: NONE, gains: [1, weight] });
      const [edge] = await findEdges('reference', { ...whole, axes }, CONVERGED);
      const [expected] = await findEdges('reference', { ...left, axes }, CONVERGED);
      expectEdge(edge!, edgeRate(expected!));
      // A curvature of 1 + w² to begin with is more than learning rates near 1 survive, once w exceeds 2.
      expect(edgeRate(edge!) > 0.9).toBe(weight <= 2);
    }
  });

  test('e: the edge of the test bed falls when they grow too, by less than the first power of the gain', async () => {
    const gains = [1, 2, 4];
    const edges: Edge[] = [];
    for (const gain of gains) {
      const axes = { x: ratesAbout(1.3, 1.1, 16) };
      edges.push((await findEdges('reference', testBed({}, equal(5, gain), axes), BOUNDED))[0]!);
    }
    const measured = slope(gains, edges);
    expect(measured).toBeGreaterThan(-1);
    expect(measured).toBeLessThan(-0.3);
  });
});

/** Least-squares slope of ln(edge) against ln(scale). */
function slope(scales: readonly number[], edges: readonly Edge[]): number {
  const x = scales.map((scale) => Math.log(scale));
  const y = edges.map((edge) => Math.log(edgeRate(edge)));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const covariance = mean(x.map((value, i) => (value - mx) * (y[i]! - my)));
  return covariance / mean(x.map((value) => (value - mx) ** 2));
}

import { describe, expect, test } from 'vitest';
import { chainCurvature, chainLargestRate } from '../../src/theory/chain';
import { descend, largestCurvature } from '../../src/theory/descent';
import { batchOf, networkOf, predictedRate, startOf } from '../../src/ui/chain/chain_network';
import type { ChainView } from '../../src/ui/chain/chain_view';
import { FIRST_CHAIN, randomChainView } from '../chain_views';

const chain = (depth: number, weight: number, change: Partial<ChainView> = {}): ChainView => ({
  ...FIRST_CHAIN,
  weights: Array.from({ length: depth }, () => weight),
  ...change,
});

describe('the curvature of a chain', () => {
  test.each([
    [2, 0.9],
    [5, 1.25],
    [10, 1],
    [3, 4],
  ])('of %d weights, all %f, is the formula’s', (depth, weight) => {
    const view = chain(depth, weight);
    const network = networkOf(view, 0);
    const found = largestCurvature(network, startOf(view, network), batchOf(view));
    expect(found / chainCurvature({ depth, target: 1, meanSquare: 1 }, weight)).toBeCloseTo(1, 6);
  });

  test('of frozen γ and β no curvature is counted', () => {
    const view = chain(4, 1.3, { affine: 'frozen' });
    const network = networkOf(view, 1);
    // What is left is one weight behind x̂ of mean square 1; λ = 1.
    expect(largestCurvature(network, startOf(view, network), batchOf(view))).toBeCloseTo(1, 3);
  });
});

test.each([
  ['without batch norm', 0, 'trained', 5],
  ['with batch norm', 1, 'trained', 5],
  ['with batch norm, γ and β frozen', 1, 'frozen', 10],
] as const)(
  '%s a chain converges just below the rate that the page predicts, and not just above',
  (_, arm, affine, depth) => {
    const after = (share: number) => {
      const view = chain(depth, 0.97, { affine });
      const rate = share * predictedRate(view, arm)!;
      const network = networkOf(view, arm);
      let loss = Number.NaN;
      let step = 0;
      for (const moment of descend(network, startOf(view, network), batchOf(view), rate, 1e6)) {
        loss = moment.loss;
        step += 1;
        if (step > 1500) break;
      }
      return loss;
    };
    expect(after(0.97)).toBeLessThan(1e-8);
    expect(after(1.05)).not.toBeLessThan(1e-5);
  },
);

test('above 2/λ a step turns back on the one before, and descent ends where the loss is beyond its limit', () => {
  const turns = (share: number, limit: number) => {
    const view = chain(2, 1.01);
    const network = networkOf(view, 0);
    const rate = share * chainLargestRate({ depth: 2, target: 1, meanSquare: 1 });
    const moments = [];
    for (const moment of descend(network, startOf(view, network), batchOf(view), rate, limit)) {
      moments.push(moment);
      if (moments.length > 30) break;
    }
    return moments;
  };
  expect(
    turns(0.2, 1)
      .slice(1)
      .every(({ turn }) => turn > 0),
  ).toBe(true);
  expect(turns(0.8, 1)[2]!.turn).toBeLessThan(0);
  const diverged = turns(4, 1);
  expect(diverged.at(-1)!.loss).not.toBeLessThanOrEqual(1);
  expect(diverged.slice(0, -1).every(({ loss }) => loss <= 1)).toBe(true);
});

test('the curvature is a number wherever the sliders are', () => {
  for (let seed = 0; seed < 20; seed += 1) {
    const view = randomChainView(seed);
    for (const arm of [0, 1] as const) {
      const network = networkOf(view, arm);
      expect(largestCurvature(network, startOf(view, network), batchOf(view))).toSatisfy(Number.isFinite);
    }
  }
});

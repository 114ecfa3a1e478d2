import { describe, expect, test } from 'vitest';
import {
  chainCurvature,
  chainDivergenceRate,
  chainLargestRate,
  divergenceSlope,
  type Chain,
} from '../../src/theory/chain';

const product = (weights: readonly number[]) => weights.reduce((p, w) => p * w, 1);

/** ∂/∂wᵢ of ½s(Πw − t)² */
function gradient({ target, meanSquare }: Chain, weights: readonly number[]): number[] {
  return weights.map((_, i) => {
    const others = product(weights.toSpliced(i, 1));
    return meanSquare * (product(weights) - target) * others;
  });
}

function descend(chain: Chain, start: number, rate: number, steps: number): number {
  let weights = Array.from({ length: chain.depth }, () => start);
  for (let t = 0; t < steps; t += 1) {
    const g = gradient(chain, weights);
    weights = weights.map((w, i) => w - rate * g[i]!);
  }
  return Math.abs(product(weights) - chain.target);
}

const CHAINS: Chain[] = [
  { depth: 1, target: 3, meanSquare: 0.5 },
  { depth: 2, target: 1, meanSquare: 1 },
  { depth: 3, target: -2, meanSquare: 1 },
  { depth: 5, target: 0.5, meanSquare: 4 },
  { depth: 10, target: 1, meanSquare: 1 },
];

describe.each(CHAINS)('depth $depth, target $target, mean square $meanSquare', (chain) => {
  test('the curvature is that of the gradient along (1, …, 1)', () => {
    const h = 1e-6;
    for (const w of [0.7, 1.1]) {
      const at = (weight: number) =>
        gradient(
          chain,
          Array.from({ length: chain.depth }, () => weight),
        )[0]!;
      const slope = (at(w + h) - at(w - h)) / (2 * h);
      expect(chainCurvature(chain, w) / slope).toBeCloseTo(1, 6);
    }
  });

  test('gradient descent converges just below the largest rate and not just above', () => {
    const start = 0.95 * Math.sign(chain.target) * Math.abs(chain.target) ** (1 / chain.depth);
    const edge = chainLargestRate(chain);
    expect(descend(chain, start, 0.98 * edge, 2000)).toBeLessThan(1e-9);
    expect(descend(chain, start, 1.02 * edge, 2000)).not.toBeLessThan(0.01);
  });
});

test('the values of the question: 2/d on a unit target', () => {
  expect([2, 5, 10].map((depth) => chainLargestRate({ depth, target: 1, meanSquare: 1 }))).toEqual([
    1, 0.4, 0.2,
  ]);
});

test('from large weights the first step turns outwards at the divergence rate', () => {
  const chain = { depth: 4, target: 1, meanSquare: 2 };
  const gain = 20;
  const step = (rate: number) => gain - rate * gradient(chain, [gain, gain, gain, gain])[0]!;
  const edge = chainDivergenceRate(chain, gain);
  expect(Math.abs(step(0.99 * edge))).toBeLessThan(gain);
  expect(Math.abs(step(1.01 * edge))).toBeGreaterThan(gain);
});

test('the divergence rate falls with the gain as a power that the slope names', () => {
  for (const depth of [2, 3, 5]) {
    const ratio =
      chainDivergenceRate({ depth, meanSquare: 1 }, 8) / chainDivergenceRate({ depth, meanSquare: 1 }, 4);
    expect(Math.log2(ratio)).toBeCloseTo(divergenceSlope(depth), 12);
  }
});

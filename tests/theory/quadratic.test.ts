import { expect, test } from 'vitest';
import { largestRateOnQuadratic } from '../../src/theory/quadratic';

test.each([0.1, 1, 25])(
  'gradient descent on ½λw² shrinks w below the edge and lets it grow above, λ = %f',
  (curvature) => {
    const after = (rate: number) => {
      let w = 1;
      for (let t = 0; t < 200; t += 1) w -= rate * curvature * w;
      return Math.abs(w);
    };
    const edge = largestRateOnQuadratic(curvature);
    expect(after(0.99 * edge)).toBeLessThan(0.02);
    expect(after(1.01 * edge)).toBeGreaterThan(50);
  },
);

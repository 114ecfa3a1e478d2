import { expect, test } from 'vitest';
import { blowUp } from '../../src/view/blow_up';

const layer = (gradientNorm: number[], weightNorm: number[] = gradientNorm.map(() => 1)) => ({
  gradientNorm: Float64Array.from(gradientNorm),
  weightNorm: Float64Array.from(weightNorm),
});

test('the layer whose norm first passes ten times its start, for good', () => {
  const layers = [layer([1, 2, 5, 90]), layer([1, 2, 50, 900]), layer([1, 40, 2, 100])];
  expect(blowUp({ layers })).toEqual({ layer: 1, step: 2, norm: 'gradient' });
});

test('of layers that start at the same step, the one that grew most', () => {
  const layers = [layer([1, 20, 90]), layer([1, 30, 900]), layer([1, 1, 1], [1, 500, 500])];
  expect(blowUp({ layers })).toEqual({ layer: 2, step: 1, norm: 'weight' });
});

test('what is not a number has blown up', () => {
  expect(blowUp({ layers: [layer([1, 1, 1]), layer([1, 1, Number.NaN])] })).toEqual({
    layer: 1,
    step: 2,
    norm: 'gradient',
  });
});

test('norms that stay, or that were nothing from the start, have not blown up', () => {
  expect(blowUp({ layers: [layer([1, 2, 3]), layer([0, 0, 0])] })).toBeUndefined();
});

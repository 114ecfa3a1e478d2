import { expect, test } from 'vitest';
import { COLOURED_COLUMNS, columnOf } from '../../src/training/outcome_columns';
import { COLOURINGS, colouringWords, shareOfRamp } from '../../src/view/colouring';

test('maps are coloured by what became of the trials, or by a column that says how', () => {
  expect(COLOURINGS).toEqual(['outcome', 'saturation', 'descent']);
  expect(colouringWords('outcome', 'relu')).toBe('outcome');
  expect(colouringWords('saturation', 'relu')).toBe('inactive units');
  expect(colouringWords('saturation', 'tanh')).toBe('saturated units');
});

test.each(COLOURED_COLUMNS)('the ramp of %s goes from its least to its most, by its scale', (name) => {
  const { scale, from, to } = columnOf(name).colour!;
  const share = shareOfRamp(name);
  expect([share(from), share(to)]).toEqual([0, 1]);
  expect(share(scale === 'log' ? Math.sqrt(from * to) : (from + to) / 2)).toBeCloseTo(0.5, 12);
});

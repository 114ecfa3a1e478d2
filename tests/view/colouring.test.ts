import { expect, test } from 'vitest';
import { COLOURED_COLUMNS, columnOf } from '../../src/training/outcome_columns';
import { ResultTable, type TrialResult } from '../../src/scheduler/results';
import { COLOURINGS, colouringWords, shareOfRamp } from '../../src/view/colouring';
import { colourWords } from '../../src/view/outcome_words';
import { trialResult } from '../trial_results';

test('maps are coloured by what became of the trials, or by a column that says how', () => {
  expect(COLOURINGS).toEqual(['outcome', 'saturation', 'descent']);
  expect(colouringWords('outcome', 'relu')).toBe('outcome');
  expect(colouringWords('saturation', 'relu')).toBe('inactive units');
  expect(colouringWords('saturation', 'tanh')).toBe('saturated units');
});

test.each(COLOURED_COLUMNS)('the number of %s by which a map is coloured is told in words too', (name) => {
  const told = (row: Partial<TrialResult>) => {
    const table = new ResultTable(1);
    table.set(trialResult(row));
    return colourWords({ table, stepsOf: () => 100 }, 0, name, 'relu');
  };
  expect(told({ [name]: 0.25 })).toMatch(/^(descent 0\.25 |25 % )/);
  expect(told({ [name]: NaN, class: 'diverged', divergedAt: 7 })).toBe('diverged at step 7');
});

test.each(COLOURED_COLUMNS)('the ramp of %s goes from its least to its most, by its scale', (name) => {
  const { scale, from, to } = columnOf(name).colour!;
  const share = shareOfRamp(name);
  expect([share(from), share(to)]).toEqual([0, 1]);
  expect(share(scale === 'log' ? Math.sqrt(from * to) : (from + to) / 2)).toBeCloseTo(0.5, 12);
});

import { expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import type { TrialResult } from '../../src/scheduler/results';
import { withSide } from '../../src/service/grid_choice';
import { COLOURED_COLUMNS, columnOf } from '../../src/training/outcome_columns';
import {
  COLOURINGS,
  colouringRefusal,
  colouringWords,
  scaleOf,
  shareOf,
  valueAt,
  type Colouring,
} from '../../src/view/colouring';
import { colourWords } from '../../src/view/outcome_words';
import { trialResult } from '../trial_results';
import { emptyResults } from './map_results';

test('maps are coloured by what became of the trials, or by a number of their outcomes', () => {
  expect(COLOURINGS).toEqual([
    'outcome',
    'class',
    'score',
    'lossFinal',
    'divergedAt',
    'saturation',
    'descent',
    'gradientNormMax',
    'weightNormFinal',
    'sharpnessInitial',
    'sharpnessFinal',
    'share',
  ]);
  expect(colouringWords('outcome', 'relu')).toBe('outcome');
  expect(colouringWords('saturation', 'relu')).toBe('inactive units');
  expect(colouringWords('saturation', 'tanh')).toBe('saturated units');
  expect(new Set(COLOURINGS.map((colouring) => colouringWords(colouring, 'relu'))).size).toBe(12);
});

test('the share of seeds is told where there are several', () => {
  expect(colouringRefusal('share', { replicates: 1 })).toBe('with 2 seeds or more');
  expect(colouringRefusal('share', { replicates: 2 })).toBeUndefined();
  expect(colouringRefusal('score', { replicates: 1 })).toBeUndefined();
});

const experiment = { ...withSide(presetExperiment('init-gain'), 2), replicates: 3 };

function told(colouring: Colouring, ...rows: Partial<TrialResult>[]): string {
  const results = emptyResults(experiment);
  for (const [replicate, row] of rows.entries())
    results.table.set(trialResult({ ...row, trial: 4 * replicate }));
  return colourWords(results, 0, colouring, 'relu');
}

test.each(COLOURED_COLUMNS)('the number of %s by which a map is coloured is told in words too', (name) => {
  expect(told(name, { [name]: name === 'divergedAt' ? 3 : 0.25 })).toMatch(
    /^(descent 0\.25 |25 % |(final loss|largest gradient norm|final weight norm) 0\.25$|diverged at step 3$|sharpness λ at the (start|end) 0\.25, 2\/\|λ\| 8$)/,
  );
});

test('a trial without a number in a column is told by what became of it', () => {
  for (const name of ['saturation', 'descent', 'lossFinal'] as const)
    expect(told(name, { [name]: NaN, class: 'diverged', divergedAt: 7 })).toBe('diverged at step 7');
  expect(told('divergedAt', { class: 'converged', score: -2 })).toBe('converged, mean loss 0.02 of initial');
});

test('a class, a score and a share of seeds are told in words', () => {
  expect(told('class', { class: 'stalled', state: 'slow' })).toBe('slow');
  expect(told('score', { class: 'diverged', score: 12.5 })).toBe('diverged, score 12.5');
  expect(told('share', { class: 'converged' }, { class: 'diverged' }, { class: 'converged' })).toBe(
    '2 of 3 seeds train',
  );
  expect(told('share', { class: 'training', lossFinal: 0.5 })).toBe('training, loss 0.5 so far');
});

test.each(COLOURED_COLUMNS)('the ramp of %s has ends that its scale can show', (name) => {
  const { scale, ends } = columnOf(name).colour!;
  expect(scaleOf(name)).toBe(scale);
  expect(Math.min(...(ends ?? [1]))).toBeGreaterThanOrEqual(scale === 'log' ? Number.MIN_VALUE : -Infinity);
});

test.each(['linear', 'log'] as const)(
  'a number lies between the ends of a %s range, and comes back',
  (scale) => {
    const range = [8, 0.5] as const;
    expect(shareOf(scale, range, 8)).toBeCloseTo(0, 12);
    expect(shareOf(scale, range, 0.5)).toBe(1);
    expect(shareOf(scale, range, scale === 'log' ? 2 : 4.25)).toBeCloseTo(0.5, 12);
    expect(shareOf(scale, range, 16)).toBeLessThan(0);
    for (const share of [-0.1, 0, 0.3, 1, 1.1])
      expect(shareOf(scale, range, valueAt(scale, range, share))).toBeCloseTo(share, 12);
  },
);

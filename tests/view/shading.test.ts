import { expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import type { TrialResult } from '../../src/scheduler/results';
import { withSide } from '../../src/service/grid_choice';
import type { Colouring, Range } from '../../src/view/colouring';
import { Shading } from '../../src/view/shading';
import { trialResult } from '../trial_results';
import { emptyResults } from './map_results';

const experiment = withSide(presetExperiment('init-gain'), 16);

function shadingOf(
  rows: readonly Partial<TrialResult>[],
  colouring: Colouring,
  { range, equalize = false, seeds = 1 }: { range?: Range; equalize?: boolean; seeds?: number } = {},
): Shading {
  const results = emptyResults({ ...experiment, replicates: seeds });
  for (const [trial, row] of rows.entries()) results.table.set(trialResult({ trial, ...row }));
  return new Shading(results, { colouring, range, equalize }, [1, 0.01]);
}

const losses = (count: number, loss: (i: number) => number) =>
  Array.from({ length: count }, (_, i) => ({ lossFinal: loss(i) }));

test('a range that was chosen takes the place of the automatic one, and what lies beyond lies beyond', () => {
  const rows = losses(100, (i) => 10 ** (-4 + i / 25));
  const automatic = shadingOf(rows, 'lossFinal');
  expect(Math.log10(automatic.range![0])).toBeCloseTo(-3.8, 1);
  expect(Math.log10(automatic.range![1])).toBeCloseTo(-0.2, 1);
  const chosen = shadingOf(rows, 'lossFinal', { range: [0.01, 0.1] });
  expect(chosen.range).toEqual([0.01, 0.1]);
  expect(chosen.of(50)).toEqual({ look: 'amount', share: expect.closeTo(0, 9) });
  expect(chosen.of(75)).toEqual({ look: 'amount', share: expect.closeTo(1, 9) });
  expect(chosen.of(99)!.share).toBeGreaterThan(1);
});

test('what diverged does not stretch an automatic range, unless there is nothing else', () => {
  const trained = losses(50, (i) => 0.1 + 0.01 * i);
  const burst = losses(50, () => 1e30).map((row) => ({ ...row, class: 'diverged' as const }));
  expect(shadingOf([...trained, ...burst], 'lossFinal').range![1]).toBeLessThan(1);
  const [from, to] = shadingOf(burst, 'lossFinal').range!;
  expect([from < 1e30, to > 1e30]).toEqual([true, true]);
});

test('nothing to colour leaves a range; infinite and absent numbers do not count', () => {
  expect(shadingOf([], 'lossFinal').range).toEqual([0.01, 1]);
  const rows = [{ lossFinal: NaN }, { lossFinal: Infinity }, { lossFinal: 0 }, { lossFinal: 2 }];
  const shading = shadingOf(rows, 'lossFinal');
  expect([...shading.numbers]).toEqual([2]);
  expect(shading.range).toEqual([1, 4]);
  expect(shading.of(0)).toEqual({ look: 'converged', share: 0.5 });
  expect(shading.of(1)!.share).toBe(Infinity);
  expect(shading.of(4)).toBeUndefined();
});

test('colours by rank are on equally many trials, in both arms together', () => {
  const rows = losses(400, (i) => Math.exp(-((i / 60) ** 3)));
  const shading = shadingOf(rows, 'lossFinal', { equalize: true });
  const shares = rows.map((_, trial) => shading.of(trial)!.share);
  for (let i = 0; i < 400; i += 1) expect(Math.abs(shares[i]! - (1 - (i + 0.5) / 400))).toBeLessThan(0.02);
  // Trial 256 is the first of the second arm.
  expect(shares[266]).toBeLessThan(shares[246]!);
});

test('ranks run the way the ramp does; equal numbers have one colour', () => {
  const { steps } = experiment.optimizer;
  const rows = [0.9, 0.5, 0.5, 0.5, 0.1].map((mean) => ({ score: -mean * steps }));
  const shading = shadingOf(rows, 'outcome', { equalize: true });
  const shares = rows.map((_, trial) => shading.of(trial)!.share);
  expect(shares[0]).toBeLessThan(shares[1]!);
  expect(shares[1]).toBeLessThan(shares[4]!);
  expect(new Set(shares.slice(1, 4)).size).toBe(1);
  expect(shares[1]).toBeCloseTo(0.5, 2);
});

test('the score colours by Σv where it is below 0, and by Σ1/v elsewhere', () => {
  const { steps } = experiment.optimizer;
  const shading = shadingOf(
    [
      { score: -steps },
      { score: -0.01 * steps },
      { class: 'diverged', score: 0 },
      { class: 'stalled', score: steps },
      { state: 'dead', score: 5 },
    ],
    'score',
  );
  expect([0, 1, 2, 3].map((trial) => shading.of(trial))).toEqual([
    { look: 'converged', share: expect.closeTo(0, 12) },
    { look: 'converged', share: expect.closeTo(1, 12) },
    { look: 'diverged', share: 0 },
    { look: 'diverged', share: 1 },
  ]);
  expect(shading.of(4)!.look).toBe('dead');
});

test('the share of the seeds that train is that of those which have finished', () => {
  const rows = Array.from({ length: 4 * 256 }, () => ({ class: 'training' as const }));
  const outcomes = ['converged', 'diverged', 'training', 'converged'] as const;
  const all: Partial<TrialResult>[] = [...rows];
  for (const [replicate, of] of outcomes.entries())
    all[256 * replicate + 7] = of === 'training' ? rows[0]! : { class: of };
  const shading = shadingOf(all, 'share', { seeds: 4 });
  expect(shading.of(7)).toEqual({ look: 'amount', share: 2 / 3 });
  expect(shading.of(8)).toBeUndefined();
  expect(shading.range).toEqual([0, 1]);
});

test('classes alone are flat and have no range', () => {
  const shading = shadingOf([{ class: 'diverged' }, { class: 'stalled', lossFinal: 2 }], 'class');
  expect([shading.range, shading.scale]).toEqual([undefined, undefined]);
  expect([0, 1].map((trial) => shading.of(trial)!.look)).toEqual(['diverged', 'risen']);
});

test('sharpness lies on its ramp by its magnitude, whatever its sign', () => {
  const rows = [1, -10, 100, NaN].map((sharpnessFinal) => ({ sharpnessFinal }));
  const shading = shadingOf(rows, 'sharpnessFinal', { range: [1, 100] });
  expect([0, 1, 2].map((trial) => shading.of(trial)!.share)).toEqual([0, expect.closeTo(0.5, 9), 1]);
  expect([...shading.numbers]).toEqual([1, 10, 100]);
  expect(shading.of(3)!.look).toBe('converged');
});

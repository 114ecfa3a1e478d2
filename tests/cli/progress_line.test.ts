import { expect, test } from 'vitest';
import { ProgressLine, progressText, withKept } from '../../src/cli/progress_line';

const progress = { trials: 2048, finished: 1024, fraction: 0.508, elapsed: 10, left: 90, trialSteps: 25e6 };

test('share, trials, speed and time left, in the words of the page', () => {
  expect(progressText(progress)).toBe(
    '50 % · 1\u202f024 of 2\u202f048 trials · 2.5\u202fM trial-steps/s · 2 min left',
  );
  expect(progressText({ ...progress, elapsed: 0, trialSteps: 0, left: Infinity })).toMatch(
    / · 0 trial-steps\/s · … left$/,
  );
});

test('trials of an earlier call count as finished', () => {
  expect(withKept(progress, 2048)).toMatchObject({ trials: 4096, finished: 3072, fraction: 0.754 });
});

test('a line is drawn on terminals only, and cleared', () => {
  const written: string[] = [];
  const line = (isTTY: boolean) => new ProgressLine({ isTTY, write: (text: string) => written.push(text) });
  line(false).show('training', progress);
  expect(written).toEqual([]);
  const shown = line(true);
  shown.show('training', progress);
  shown.show('training', progress); // too soon
  shown.clear();
  shown.clear();
  expect(written).toHaveLength(2);
  expect(written[0]).toMatch(/^\rtraining 50 % /);
});

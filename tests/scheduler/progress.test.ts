import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ProgressMeter } from '../../src/scheduler/progress';

let seconds: number;
beforeEach(() => {
  seconds = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => 1000 * seconds);
});
afterEach(() => vi.restoreAllMocks());

test('counts finished trials whole, and those under way by their steps', () => {
  const meter = new ProgressMeter({ trials: 10, steps: 1000 });
  meter.start();
  expect(meter.read([])).toEqual({
    trials: 10,
    finished: 0,
    fraction: 0,
    elapsed: 0,
    left: Infinity,
    trialSteps: 0,
  });
  meter.trained(300);
  seconds += 3;
  meter.finish(2, 100, 100);
  const underWay = [
    { trials: 1, step: 60, steps: 100 },
    { trials: 2, step: 20, steps: 100 },
  ];
  expect(meter.read(underWay)).toMatchObject({ finished: 2, fraction: 0.3, elapsed: 3, left: 7 });
});

test('expects trials that wait to need as few of their steps as those before', () => {
  const meter = new ProgressMeter({ trials: 10, steps: 1000 });
  meter.start();
  meter.trained(100);
  seconds += 1;
  meter.finish(5, 100, 20); // diverged after a fifth
  expect(meter.read([])).toMatchObject({ fraction: 0.5, left: 1 });
});

test('does not count the time of a pause', () => {
  const meter = new ProgressMeter({ trials: 1, steps: 10 });
  meter.start();
  seconds += 1;
  meter.pause();
  meter.pause();
  seconds += 100;
  meter.start();
  seconds += 2;
  expect(meter.read([]).elapsed).toBe(3);
});

test('takes no work that is done again for speed', () => {
  const meter = new ProgressMeter({ trials: 1, steps: 100 });
  meter.start();
  seconds += 1;
  meter.trained(90);
  meter.setBack(); // all of it was lost
  seconds += 1;
  meter.trained(10);
  expect(meter.read([{ trials: 1, step: 10, steps: 100 }])).toMatchObject({ left: 9, trialSteps: 100 });
});

test('measuring beside training has its own time, of which what is left has its share', () => {
  const meter = new ProgressMeter({ trials: 10, steps: 1000 });
  meter.start();
  meter.trained(500);
  seconds += 5;
  const [first, second] = [meter.measure(), meter.measure()];
  seconds += 4;
  first(2);
  meter.finish(2, 100, 100);
  seconds += 4; // the other one goes on: no second counts twice
  second(2);
  meter.finish(2, 100, 100);
  // 500 steps of 1000 in 5 seconds, 4 trials of 10 in 8.
  const progress = meter.read([{ trials: 1, step: 100, steps: 100 }]);
  expect(progress).toMatchObject({ finished: 4, elapsed: 13, left: 5 + 12 });
  expect(progress.fraction).toBeCloseTo((5 + 8) / (10 + 20), 12);
  // All trained, not all measured.
  expect(meter.read([{ trials: 6, step: 100, steps: 100 }]).left).toBeCloseTo(12, 12);
});

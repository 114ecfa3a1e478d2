import { describe, expect, test } from 'vitest';
import { Pace, QueueClock, WavePace } from '../../src/scheduler/pace';

/**
 * Slices of a device: steps, parts and milliseconds of each.
 * @param milliseconds what a slice of all trials takes
 * @param latency what a slice takes at least, and besides
 */
function slices(
  count: number,
  milliseconds: (steps: number, slice: number) => number,
  pace: Pace = new Pace(),
  latency = 0,
) {
  return Array.from({ length: count }, (_, slice) => {
    const { steps, parts } = pace;
    const lasted = latency + milliseconds(steps, slice) / parts;
    pace.measured(steps, lasted, parts);
    return { steps, parts, lasted };
  });
}

describe('the pace', () => {
  // Milliseconds a step, from far faster than any device to where four steps fill a slice.
  const SPEEDS = Array.from({ length: 40 }, (_, i) => 1e-4 * 10 ** (i / 8)).filter((speed) => speed <= 10);

  test.each(SPEEDS)('settles at 30 to 50 ms where a step takes %f ms', (speed) => {
    const all = slices(60, (steps) => speed * steps);
    expect(all[0]!.steps).toBe(1);
    for (const [index, { steps }] of all.slice(1).entries())
      expect(steps).toBeLessThanOrEqual(2 * all[index]!.steps);
    const settled = all.slice(30);
    expect(new Set(settled.map(({ steps }) => steps)).size).toBe(1);
    expect(settled[0]!.lasted).toBeGreaterThanOrEqual(30);
    expect(settled[0]!.lasted).toBeLessThanOrEqual(50);
    expect(Math.max(...all.map(({ lasted }) => lasted))).toBeLessThanOrEqual(50);
  });

  test.each([11, 14, 19, 21, 39])('makes as many steps of %i ms as stay below 40 ms', (speed) => {
    const settled = slices(60, (steps) => speed * steps).slice(30);
    for (const { steps } of settled) expect(steps).toBe(Math.floor(40 / speed));
  });

  test.each([51, 70, 99])('stays at one step of all trials where that takes %i ms', (speed) => {
    for (const slice of slices(20, (steps) => speed * steps))
      expect(slice).toMatchObject({ steps: 1, parts: 1 });
  });

  describe('where one step of all trials takes too long', () => {
    test.each([101, 190, 399, 3000, 1e6])('divides them until a slice of %i ms is short', (speed) => {
      const all = slices(60, (steps) => speed * steps);
      const tooLong = all.filter(({ lasted }) => lasted > 100);
      expect(tooLong.length, 'halved at each').toBeLessThanOrEqual(Math.ceil(Math.log2(speed / 100)) + 1);
      const settled = all.slice(30);
      expect(new Set(settled.map(({ parts }) => parts)).size).toBe(1);
      expect(settled[0]!.steps).toBe(1);
      expect(settled[0]!.lasted).toBeLessThanOrEqual(100);
      expect(settled[0]!.lasted).toBeGreaterThan(25);
    });

    test.each([101, 150, 700])('does not divide them where less of them takes %i ms too', (latency) => {
      const all = slices(60, () => 0, new Pace(), latency);
      for (const { steps } of all) expect(steps).toBe(1);
      for (const { parts } of all.slice(5)) expect(parts).toBe(1);
    });

    test.each([3, 60, 150])('joins the parts that it began with, where less takes %i ms too', (latency) => {
      const all = slices(60, () => 0, new Pace(16), latency);
      expect(all[0]!.parts).toBe(16);
      for (const { parts } of all.slice(10)) expect(parts).toBe(1);
    });

    test('finds the middle where a part takes a while whatever its size, and then longer', () => {
      const all = slices(60, (steps) => 1000 * steps, new Pace(64), 30);
      const settled = all.slice(30);
      expect(new Set(settled.map(({ parts }) => parts)).size).toBe(1);
      expect(settled[0]!.parts).toBeGreaterThan(8);
      expect(settled[0]!.parts).toBeLessThan(64);
    });
  });

  test('joins the parts again, step after step, when the device becomes faster', () => {
    const all = slices(60, (steps, slice) => (slice < 20 ? 1000 : 2) * steps);
    expect(all[19]).toMatchObject({ steps: 1, parts: 16 });
    expect(all.slice(21, 25).map(({ parts }) => parts)).toEqual([8, 4, 2, 1]);
    expect(all.at(-1)).toMatchObject({ steps: 20, parts: 1 });
  });

  test('halves when a slice lasted too long', () => {
    const pace = new Pace();
    for (let i = 0; i < 4; i += 1) pace.measured(pace.steps, 1);
    expect(pace.steps).toBe(16);
    pace.measured(16, 51);
    expect(pace.steps).toBe(8);
    pace.measured(8, 1000);
    expect(pace.steps).toBe(4);
    for (const steps of [2, 1, 1]) {
      pace.measured(pace.steps, 60);
      expect([pace.steps, pace.parts]).toEqual([steps, 1]);
    }
  });

  test('halves what was run, where a shorter slice lasted too long already', () => {
    const pace = new Pace();
    for (let i = 0; i < 4; i += 1) pace.measured(pace.steps, 1);
    pace.measured(4, 90);
    expect(pace.steps).toBe(2);
  });

  test('follows a device that becomes ten times slower, and faster again', () => {
    const all = slices(120, (steps, slice) => steps * (slice >= 40 && slice < 80 ? 5 : 0.5));
    expect(all[39]!.lasted).toBeCloseTo(40);
    expect(all[79]!.lasted).toBeCloseTo(40);
    expect(all[119]!.lasted).toBeCloseTo(40);
    expect(all.filter(({ lasted }) => lasted > 50).length, 'slices until it has halved enough').toBeLessThan(
      5,
    );
  });

  test('holds its range on the whole where the time of a step varies by a fifth', () => {
    let state = 1;
    const noise = () => {
      state = (state * 48271) % 2147483647;
      return 0.8 + (0.4 * state) / 2147483647;
    };
    const settled = slices(500, (steps) => 0.7 * steps * noise()).slice(50);
    const mean = settled.reduce((sum, { lasted }) => sum + lasted, 0) / settled.length;
    expect(mean).toBeGreaterThan(30);
    expect(mean).toBeLessThan(50);
    expect(Math.max(...settled.map(({ lasted }) => lasted))).toBeLessThan(100);
  });

  test('takes a slice of no measurable length for a short one', () => {
    const pace = new Pace();
    pace.measured(1, 0);
    pace.measured(2, -0.05);
    expect(pace.steps).toBe(4);
  });
});

/** Waves of one plan on a device, each measured at one whole step: trials and milliseconds of it. */
function waves(count: number, milliseconds: (trials: number, wave: number) => number, fitting = Infinity) {
  const pace = new WavePace(1000);
  return Array.from({ length: count }, (_, wave) => {
    const trials = pace.next(fitting);
    const lasted = milliseconds(trials, wave);
    pace.measured(trials, 1, lasted);
    return { trials, lasted };
  });
}

describe('the waves of a plan', () => {
  test.each([0.0001, 0.001, 0.01, 0.1])('grow to steps of 12 ms where a trial’s takes %f ms', (speed) => {
    const all = waves(20, (trials) => speed * trials);
    expect(all[0]!.trials).toBe(32);
    for (const [index, { trials }] of all.slice(1).entries())
      expect(trials).toBeLessThanOrEqual(4 * all[index]!.trials);
    expect(all.at(-1)!.lasted).toBeGreaterThan(11.9);
    expect(Math.max(...all.map(({ lasted }) => lasted))).toBeLessThanOrEqual(12 + 1e-9);
  });

  test('stay within what fits, and have 32 trials where they do', () => {
    expect(Math.max(...waves(20, () => 0.1, 500).map(({ trials }) => trials))).toBe(500);
    expect(waves(3, () => 1, 7).map(({ trials }) => trials)).toEqual([7, 7, 7]);
    expect(waves(3, () => 1000).map(({ trials }) => trials)).toEqual([32, 32, 32]);
  });

  test('do not believe one slice that was measured too short', () => {
    // As when two slices are told to have ended at once: the first gets all the time, the second none.
    const all = waves(40, (trials, wave) => (wave % 2 === 0 ? 0.02 * trials : 0));
    expect(Math.max(...all.map(({ trials }) => 0.02 * trials))).toBeLessThan(50);
  });

  test('shrink when the device becomes slower', () => {
    const all = waves(40, (trials, wave) => (wave < 20 ? 0.001 : 0.1) * trials);
    expect(all[19]!.trials).toBe(12_000);
    expect(all.at(-1)!.trials).toBe(120);
    expect(all.filter(({ lasted }) => lasted > 50).length).toBeLessThan(5);
  });

  test('begin by arithmetic where nothing was measured: no part of a step is more than 2²⁶ multiply-adds', () => {
    const parts = (operations: number) => new WavePace(operations).begin(32).parts;
    expect([1000, 2 ** 21, 2 ** 22, 2 ** 25, 2 ** 26].map(parts)).toEqual([1, 1, 2, 16, 32]);
  });

  test('begin in parts of as many trials as the wave before came to', () => {
    const pace = new WavePace(2 ** 26);
    pace.measured(8, 1, 60, 4);
    expect([32, 64, 100, 8].map((trials) => pace.begin(trials).parts)).toEqual([4, 8, 16, 1]);
    pace.measured(32, 1, 60);
    expect(pace.begin(1000).parts).toBe(1);
  });
});

describe('the clock of a queue', () => {
  const now = { value: 0 };

  test('gives work that waited for other work only its own time', async () => {
    now.value = 0;
    const clock = new QueueClock(() => now.value);
    const ends: (() => void)[] = [];
    const queued = (name: string) =>
      clock.time(() => new Promise<string>((resolve) => ends.push(() => resolve(name))));

    const first = queued('first'); // at 0
    now.value = 10;
    const second = queued('second'); // at 10, begins at 30
    now.value = 30;
    ends[0]!();
    expect(await first).toEqual({ result: 'first', milliseconds: 30 });
    now.value = 35;
    const third = queued('third'); // at 35, begins at 50
    now.value = 50;
    ends[1]!();
    expect(await second).toEqual({ result: 'second', milliseconds: 20 });
    now.value = 51;
    ends[2]!();
    expect(await third).toEqual({ result: 'third', milliseconds: 1 });
    now.value = 100;
    const fourth = queued('fourth'); // the queue has been idle
    now.value = 107;
    ends[3]!();
    expect(await fourth).toEqual({ result: 'fourth', milliseconds: 7 });
  });

  test('passes errors on', async () => {
    const clock = new QueueClock(() => 0);
    await expect(clock.time(() => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  });
});

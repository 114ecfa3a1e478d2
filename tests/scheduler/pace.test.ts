import { describe, expect, test } from 'vitest';
import { Pace, QueueClock } from '../../src/scheduler/pace';

/** Slices of a device: steps and milliseconds of each. */
function slices(count: number, milliseconds: (steps: number, slice: number) => number) {
  const pace = new Pace();
  return Array.from({ length: count }, (_, slice) => {
    const { steps } = pace;
    const lasted = milliseconds(steps, slice);
    pace.measured(steps, lasted);
    return { steps, lasted };
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

  test.each([51, 100, 3000])('stays at one step where that takes %i ms', (speed) => {
    for (const { steps } of slices(20, (steps) => speed * steps)) expect(steps).toBe(1);
  });

  test('halves when a slice lasted too long', () => {
    const pace = new Pace();
    for (let i = 0; i < 4; i += 1) pace.measured(pace.steps, 1);
    expect(pace.steps).toBe(16);
    pace.measured(16, 51);
    expect(pace.steps).toBe(8);
    pace.measured(8, 1000);
    expect(pace.steps).toBe(4);
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

import { describe, expect, test } from 'vitest';
import { axisValues } from '../../src/experiment/axes';
import { parseExperiment } from '../../src/experiment/parse';
import { presetExperiment } from '../../src/experiment/presets';
import type { Axis } from '../../src/experiment/types';
import { deepestLevel, isBeyondFloat32, withCount, zoomed, zoomedAxis } from '../../src/experiment/zoom';
import { mulberry32 } from '../mulberry32';

const RATE: Axis = { parameter: 'optimizer.learningRate', scale: 'log', from: 1e-4, to: 10, count: 64 };
const MOMENTUM: Axis = { parameter: 'optimizer.momentum', scale: 'linear', from: 0, to: 0.95, count: 33 };

describe.each([RATE, MOMENTUM, { ...RATE, from: 10, to: 1e-4, count: 5 }])('$parameter', (axis) => {
  test('a level has every point of the one before, to the last bit, and as many between them', () => {
    const random = mulberry32(7);
    for (let level = 1; level <= 20; level += 1) {
      const centre = random();
      const coarse = axisValues(zoomedAxis(axis, { level: level - 1, centre }));
      const fine = axisValues(zoomedAxis(axis, { level, centre }));
      const shared = [...fine].filter((value) => coarse.includes(value));
      expect(shared.length, `level ${level}`).toBeGreaterThanOrEqual(Math.floor(axis.count / 2));
      const rises = Array.from(fine.subarray(1), (value, i) => value > fine[i]!);
      expect(new Set(rises)).toEqual(new Set([axis.to > axis.from]));
    }
  });

  test('the whole is level 0, and its ends are those of deeper views at the edges', () => {
    expect(zoomedAxis(axis, { level: 0, centre: 0.9 })).toBe(axis);
    for (const level of [1, 5, 11]) {
      expect(axisValues(zoomedAxis(axis, { level, centre: 0 }))[0]).toBe(axis.from);
      expect(axisValues(zoomedAxis(axis, { level, centre: 1 })).at(-1)).toBe(axis.to);
    }
  });

  test('no deeper than float64 tells points apart', () => {
    const level = deepestLevel(axis);
    expect(level).toBeGreaterThan(30);
    const deepest = axisValues(zoomedAxis(axis, { level: 99, centre: 0.77 }));
    expect(new Set(deepest).size).toBe(axis.count);
  });

  test('another count shows the same part', () => {
    const deep = zoomedAxis(axis, { level: 6, centre: 0.3 });
    const finer = withCount(deep, 2 * axis.count);
    const [a, b] = [axisValues(deep), axisValues(finer)];
    const width = Math.abs(a.at(-1)! - a[0]!);
    const cell = width / (axis.count - 1);
    expect(Math.abs(a[0]! - b[0]!)).toBeLessThan(cell);
    expect(Math.abs(a.at(-1)! - b.at(-1)!)).toBeLessThan(cell);
    expect(b).toHaveLength(2 * axis.count);
  });
});

test('a view within a view is the deeper view', () => {
  const inner = zoomedAxis(zoomedAxis(RATE, { level: 2, centre: 0.5 }), { level: 3, centre: 0.5 });
  expect(inner.zoom?.level).toBe(5);
  const direct = axisValues(zoomedAxis(RATE, { level: 5, centre: 0.5 }));
  const own = axisValues(inner);
  expect([...own].filter((value) => direct.includes(value)).length).toBeGreaterThan(32);
});

test('an axis of integers is not looked at nearer than by ones', () => {
  expect(deepestLevel({ parameter: 'model.depth', scale: 'linear', from: 1, to: 16, count: 16 })).toBe(0);
  expect(deepestLevel({ parameter: 'model.width', scale: 'linear', from: 1, to: 65, count: 9 })).toBe(3);
  expect(deepestLevel({ parameter: 'optimizer.batch', scale: 'log', from: 1, to: 64, count: 4 })).toBe(0);
  expect(deepestLevel({ ...RATE, count: 1 })).toBe(0);
});

test('float32 ends where neighbours are fewer than four of its steps apart', () => {
  const levels = Array.from({ length: 30 }, (_, level) => zoomedAxis(RATE, { level, centre: 0.6 }));
  const first = levels.findIndex(isBeyondFloat32);
  expect(first).toBeGreaterThan(12);
  const rounded = (axis: Axis) => new Set(Array.from(axisValues(axis), Math.fround)).size;
  expect(rounded(levels[first - 1]!)).toBe(64);
  expect(rounded(levels[first + 3]!)).toBeLessThan(64);
});

test('a document may say what is seen of it, and one that cannot be so is refused by its field', () => {
  const preset = presetExperiment('init-gain');
  const view = zoomed(preset, { x: { level: 3, centre: 0.4 }, y: { level: 1, centre: 0.5 } });
  expect(parseExperiment(JSON.parse(JSON.stringify(view)))).toEqual(view);
  const wrong = (zoom: unknown) => ({
    ...preset,
    axes: { ...preset.axes, x: { ...preset.axes.x, count: 64, zoom } },
  });
  expect(() => parseExperiment(wrong({ level: 1, first: 64 }))).toThrow(
    'axes.x.zoom.first: found 64, allowed: an integer from 0 to 63, with 64 points at level 1',
  );
  expect(() => parseExperiment(wrong({ level: 41, first: 0 }))).toThrow(/axes\.x\.zoom\.level: found 41/);
  expect(() => parseExperiment(wrong({ level: 1 }))).toThrow(/axes\.x\.zoom\.first/);
});

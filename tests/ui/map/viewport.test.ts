import { expect, test } from 'vitest';
import { axisValues } from '../../../src/experiment/axes';
import { presetExperiment } from '../../../src/experiment/presets';
import { WHOLE_MAP, zoomed, zoomedAxis } from '../../../src/experiment/zoom';
import { boxed, canDeepen, isWhole, moved, zoomedAt, zoomWords } from '../../../src/ui/map/viewport';
import { mulberry32 } from '../../mulberry32';

const { axes } = presetExperiment('init-gain');

test('in and out again at the same place is the same view, to the last bit', () => {
  const random = mulberry32(3);
  for (let i = 0; i < 200; i += 1) {
    const at = { x: random(), y: random() };
    const inner = zoomedAt(zoomedAt(WHOLE_MAP, axes, at, 1), axes, at, 1);
    const outer = zoomedAt(inner, axes, at, -1);
    const again = zoomedAt(outer, axes, at, 1);
    expect(axisValues(zoomedAxis(axes.x, again.x))).toEqual(axisValues(zoomedAxis(axes.x, inner.x)));
    expect(isWhole(zoomedAt(inner, axes, at, -9))).toBe(true);
  }
});

test('what is under the pointer stays there', () => {
  const at = { x: 0.2, y: 0.7 };
  const view = zoomedAt(WHOLE_MAP, axes, at, 3);
  const shown = (axis: typeof axes.x, share: number, part = WHOLE_MAP.x) => {
    const values = axisValues(zoomedAxis(axis, part));
    return Math.log(values[Math.round(share * (values.length - 1))]!);
  };
  const cell = Math.abs(shown(axes.x, 1) - shown(axes.x, 0)) / (axes.x.count - 1);
  expect(Math.abs(shown(axes.x, 0.2, view.x) - shown(axes.x, 0.2))).toBeLessThan(cell);
  expect(Math.abs(shown(axes.y!, 0.7, view.y) - shown(axes.y!, 0.7))).toBeLessThan(cell);
});

test('no view goes beyond the whole, wherever it is moved', () => {
  const random = mulberry32(5);
  let view = WHOLE_MAP;
  for (let i = 0; i < 500; i += 1) {
    const at = { x: random(), y: random() };
    view =
      random() < 0.5
        ? zoomedAt(view, axes, at, random() < 0.6 ? 1 : -1)
        : moved(view, axes, { x: 4 * random() - 2, y: 4 * random() - 2 });
    for (const name of ['x', 'y'] as const) {
      const axis = axes[name]!;
      const values = axisValues(zoomedAxis(axis, view[name]));
      expect(values[0]).toBeGreaterThanOrEqual(axis.from);
      expect(values.at(-1)).toBeLessThanOrEqual(axis.to);
    }
  }
});

test('a box is shown whole, as large as it can be', () => {
  const view = boxed(WHOLE_MAP, axes, { x: 0.1, y: 0.6 }, { x: 0.3, y: 0.5 });
  expect([view.x.level, view.y.level]).toEqual([2, 3]);
  expect(Math.abs(view.x.centre - 0.2)).toBeLessThanOrEqual(0.03);
  expect(zoomWords(view, axes)).toBe('4× across, 8× upwards');
});

test('an axis of integers stays as it is, and the other goes on', () => {
  const depth = presetExperiment('depth');
  const view = zoomedAt(WHOLE_MAP, depth.axes, { x: 0.5, y: 0.5 }, 2);
  const levels = [view.x.level, view.y.level].toSorted();
  expect(levels).toEqual([0, 2]);
  expect(zoomed(depth, view).axes).not.toEqual(depth.axes);
});

test('it ends where float64 does', () => {
  const deepest = zoomedAt(WHOLE_MAP, axes, { x: 0.3, y: 0.3 }, 99);
  expect(canDeepen(deepest, axes)).toBe(false);
  expect(canDeepen(WHOLE_MAP, axes)).toBe(true);
});

import type { Axis, Experiment } from '../../experiment/types';
import { clampedView, WHOLE_MAP, type AxisView, type Zoom } from '../../experiment/zoom';
import type { Place } from '../../view/place';
import type { Gesture } from './gestures';

type Axes = Experiment['axes'];

/** Both axes of a view, each by what is done to it. */
function eachAxis(zoom: Zoom, axes: Axes, change: (view: AxisView, name: 'x' | 'y') => AxisView): Zoom {
  const of = (name: 'x' | 'y', axis: Axis | undefined) =>
    axis ? clampedView(axis, change(zoom[name], name)) : WHOLE_MAP[name];
  return { x: of('x', axes.x), y: of('y', axes.y) };
}

/**
 * The view some levels deeper, or less deep where `levels` is negative, in which a place stays where it is.
 * @param axes the whole ones, with the counts of the maps
 */
export function zoomedAt(zoom: Zoom, axes: Axes, place: Place, levels: number): Zoom {
  return eachAxis(zoom, axes, ({ level, centre }, name) => {
    const axis = axes[name]!;
    const deeper = clampedView(axis, { level: level + levels, centre }).level;
    const fixed = centre + (place[name] - 0.5) * 2 ** -level;
    return { level: deeper, centre: fixed + (0.5 - place[name]) * 2 ** -deeper };
  });
}

/** The view moved by shares of what is seen. */
export function moved(zoom: Zoom, axes: Axes, by: Place): Zoom {
  return eachAxis(zoom, axes, ({ level, centre }, name) => ({
    level,
    centre: centre + by[name] * 2 ** -level,
  }));
}

/** The deepest view that has two places, and in its middle what lies between them. */
export function boxed(zoom: Zoom, axes: Axes, one: Place, other: Place): Zoom {
  return eachAxis(zoom, axes, ({ level, centre }, name) => {
    const size = Math.max(Math.abs(one[name] - other[name]), 2 ** -20);
    const middle = (one[name] + other[name]) / 2;
    return {
      level: level + Math.floor(-Math.log2(size)),
      centre: centre + (middle - 0.5) * 2 ** -level,
    };
  });
}

/** The view after a gesture. */
export function lookedAt(zoom: Zoom, axes: Axes, gesture: Gesture): Zoom {
  switch (gesture.kind) {
    case 'zoom':
      return zoomedAt(zoom, axes, gesture.at, gesture.levels);
    case 'pan':
      return moved(zoom, axes, gesture.by);
    case 'box':
      return boxed(zoom, axes, gesture.from, gesture.to);
    case 'whole':
      return WHOLE_MAP;
  }
}

export function isWhole({ x, y }: Zoom): boolean {
  return x.level === 0 && y.level === 0;
}

/** Whether deeper views have cells of their own, along one axis at least. */
export function canDeepen(zoom: Zoom, axes: Axes): boolean {
  return (['x', 'y'] as const).some((name) => {
    const axis = axes[name];
    return (
      axis !== undefined &&
      clampedView(axis, { ...zoom[name], level: zoom[name].level + 1 }).level > zoom[name].level
    );
  });
}

/** How much larger a map is shown than its whole, in words; by axis where they differ. */
export function zoomWords({ x, y }: Zoom, axes: Axes): string {
  const times = (level: number) => `${level < 20 ? 2 ** level : (2 ** level).toExponential(1)}×`;
  if (!axes.y || x.level === y.level) return times(x.level);
  return `${times(x.level)} across, ${times(y.level)} upwards`;
}

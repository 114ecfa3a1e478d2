import { axisValues, isInteger } from './axes';
import { LIMITS } from './document_schema';
import type { Axis, AxisZoom, Experiment } from './types';

/** What is seen of an axis: 2^−level of it, around a centre that is a share of it, 0 to 1. */
export interface AxisView {
  readonly level: number;
  readonly centre: number;
}

/** What is seen of a map. Where there is no y axis, nothing follows from its part. */
export interface Zoom {
  readonly x: AxisView;
  readonly y: AxisView;
}

export const WHOLE_AXIS: AxisView = { level: 0, centre: 0.5 };
export const WHOLE_MAP: Zoom = { x: WHOLE_AXIS, y: WHOLE_AXIS };

const NO_ZOOM: AxisZoom = { level: 0, first: 0 };

/** Neighbouring points of a float64 axis are at least so many roundings apart: nearer ones would be unevenly spaced. */
const APART = 64;

/** The deepest level at which an axis still has points of its own: rounded ones down to steps of 1, others as far as float64 reaches. */
export function deepestLevel(axis: Axis): number {
  const { scale, from, to, count, zoom = NO_ZOOM } = axis;
  if (count < 2 || from === to) return 0;
  const steps = (count - 1) * 2 ** zoom.level;
  const rounding = APART * 2 ** -52;
  const ratio =
    scale === 'log'
      ? Math.abs(Math.log(to / from)) / rounding
      : Math.abs(to - from) / (isInteger(axis) ? 1 : rounding * Math.max(Math.abs(from), Math.abs(to)));
  if (isInteger(axis) && scale === 'log') return 0;
  return Math.max(0, Math.min(LIMITS.zoom - zoom.level, Math.floor(Math.log2(ratio / steps))));
}

/** What can be seen of an axis that is nearest to a view of it. */
export function clampedView(axis: Axis, { level, centre }: AxisView): AxisView {
  const most = deepestLevel(axis);
  const shown = Math.min(most, Math.max(0, Math.round(level)));
  const half = 2 ** -shown / 2;
  return { level: shown, centre: Math.min(1 - half, Math.max(half, centre)) };
}

/**
 * The part of an axis that a view shows, with as many points. It begins at an even point where it can, so that the points that the level
 * before has too are the first of their blocks.
 */
export function zoomedAxis(axis: Axis, view: AxisView): Axis {
  const { level, centre } = clampedView(axis, view);
  if (level === 0) return axis;
  const { count, zoom = NO_ZOOM } = axis;
  const last = (count - 1) * 2 ** level;
  const most = last - (count - 1);
  const even = 2 * Math.round((centre * last - (count - 1) / 2) / 2);
  const first = Math.min(most, Math.max(0, even));
  return { ...axis, zoom: { level: zoom.level + level, first: zoom.first * 2 ** level + first } };
}

export function zoomed(experiment: Experiment, { x, y }: Zoom): Experiment {
  const { axes } = experiment;
  return {
    ...experiment,
    axes: { x: zoomedAxis(axes.x, x), ...(axes.y && { y: zoomedAxis(axes.y, y) }) },
  };
}

/** The axis with another number of points, which shows the same part of it as nearly as they can. */
export function withCount(axis: Axis, count: number): Axis {
  const { zoom, ...whole } = axis;
  if (!zoom || axis.count === count || count < 2 || axis.count < 2) return { ...axis, count };
  const middle = (zoom.first + (axis.count - 1) / 2) / ((axis.count - 1) * 2 ** zoom.level);
  const last = (count - 1) * 2 ** zoom.level;
  const first = Math.round(middle * last - (count - 1) / 2);
  const most = last - (count - 1);
  return { ...whole, count, zoom: { level: zoom.level, first: Math.min(most, Math.max(0, first)) } };
}

/** Neighbouring points that are nearer are one to float32, or unevenly spaced. */
const FLOAT32_STEPS = 4;

/** Whether neighbouring points of an axis are too near for an engine that computes in float32. */
export function isBeyondFloat32(axis: Axis): boolean {
  if (isInteger(axis)) return false;
  const values = axisValues(axis);
  return values.some((value, i) => {
    const before = values[i - 1];
    if (before === undefined || value === before) return false; // an axis whose ends are one
    const step = 2 ** (Math.floor(Math.log2(Math.max(Math.abs(value), Math.abs(before)))) - 23);
    return Math.abs(value - before) < FLOAT32_STEPS * step;
  });
}

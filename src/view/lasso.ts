import { axisValues, shownAxis } from '../experiment/axes';
import type { Axis, Experiment } from '../experiment/types';
import { axisPosition } from './axis_ticks';
import type { Cell } from './headline';

/** A corner of a selection's outline by the values of the axes, so that it stays in place on another grid. */
export interface Corner {
  readonly x: number;
  readonly y?: number;
}

/** A place on a map: shares of its width, and of its height from below. */
export type Place = readonly [x: number, y: number];

type Axes = Experiment['axes'];

/** The most corners of an outline: a link holds them all. */
export const MOST_CORNERS = 24;
/** The most trials an arm of which a selection's curves are drawn. */
export const MOST_DRAWN = 48;
/** Steps that are recorded for a selection at the most, of all its trials together. */
const MOST_STEPS = 2_000_000;

const measure = ({ scale }: Axis, value: number) => (scale === 'log' ? Math.log(value) : value);

/** The first and the last value of an axis as it is shown, in its scale. */
function ends(axis: Axis): readonly [number, number] {
  const { from, to } = shownAxis(axis);
  return [measure(axis, from), measure(axis, to)];
}

/** The value that lies at a share of an axis, as `axisPosition` has it; the only one where there is one. */
function valueAt(axis: Axis, share: number): number {
  if (!isWide(axis)) return axisValues(axis)[0]!;
  const [first, last] = ends(axis);
  const measured = first + ((share * axis.count - 0.5) / (axis.count - 1)) * (last - first);
  return axis.scale === 'log' ? Math.exp(measured) : measured;
}

/** A value of an axis with the digits that tell it from its neighbours, and no fewer than a person reads. */
export function rounded(axis: Axis, value: number): number {
  const [first, last] = ends(axis);
  const step = Math.abs(last - first) / (axis.count - 1 || 1);
  const relative = axis.scale === 'log' ? step : step / Math.abs(value);
  const digits = relative > 0 && relative < Infinity ? Math.ceil(-Math.log10(relative)) + 3 : 0;
  return Number(value.toPrecision(Math.min(17, Math.max(5, digits))));
}

/** Whether places along an axis can be told apart. */
function isWide(axis: Axis): boolean {
  const [first, last] = ends(axis);
  return axis.count > 1 && first !== last;
}

/** The corners of an outline that was drawn on a map, no more than a link holds. */
export function cornersOf({ x, y }: Axes, places: readonly Place[]): readonly Corner[] {
  return simplified(places, MOST_CORNERS).map(([across, up]) => ({
    x: rounded(x, valueAt(x, across)),
    ...(y && { y: rounded(y, valueAt(y, up)) }),
  }));
}

/** Where the outline of some corners lies on a map; along an axis with one point, or where there is none, it is as high as the map. */
export function outlineOf({ x, y }: Axes, corners: readonly Corner[]): readonly Place[] {
  const places = corners.map((corner): Place => [
    isWide(x) ? axisPosition(x, corner.x) : Number.NaN,
    y && isWide(y) && corner.y !== undefined ? axisPosition(y, corner.y) : Number.NaN,
  ]);
  const isFlat = (which: 0 | 1) => places.some((place) => Number.isNaN(place[which]));
  if (!isFlat(0) && !isFlat(1)) return places;
  const [left, right] = isFlat(0) ? [0, 1] : spanOf(places.map(([across]) => across));
  const [low, high] = isFlat(1) ? [0, 1] : spanOf(places.map(([, up]) => up));
  return [
    [left, low],
    [right, low],
    [right, high],
    [left, high],
  ];
}

function spanOf(values: readonly number[]): readonly [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

/** The corners of the box that holds two cells, at its outer edges. */
export function boxOf({ x, y }: Axes, a: Cell, b: Cell): readonly Place[] {
  const [nx, ny] = [x.count, y?.count ?? 1];
  const [left, right] = [Math.min(a.ix, b.ix) / nx, (Math.max(a.ix, b.ix) + 1) / nx];
  const [low, high] = [Math.min(a.iy, b.iy) / ny, (Math.max(a.iy, b.iy) + 1) / ny];
  return [
    [left, low],
    [right, low],
    [right, high],
    [left, high],
  ];
}

/** The cells whose middles lie within an outline, row by row. */
export function cellsWithin(axes: Axes, corners: readonly Corner[]): readonly Cell[] {
  const outline = outlineOf(axes, corners);
  const [nx, ny] = [axes.x.count, axes.y?.count ?? 1];
  const index = (share: number, count: number) => Math.min(count, Math.max(0, Math.floor(share * count)));
  const [left, right] = spanOf(outline.map(([across]) => across));
  const [low, high] = spanOf(outline.map(([, up]) => up));
  const cells: Cell[] = [];
  for (let iy = index(low, ny); iy < Math.min(ny, index(high, ny) + 1); iy += 1)
    for (let ix = index(left, nx); ix < Math.min(nx, index(right, nx) + 1); ix += 1)
      if (isInside([(ix + 0.5) / nx, (iy + 0.5) / ny], outline)) cells.push({ ix, iy });
  return cells;
}

/** By the parity of the edges to the right of a place. */
function isInside([x, y]: Place, outline: readonly Place[]): boolean {
  let inside = false;
  for (const [i, [ax, ay]] of outline.entries()) {
    const [bx, by] = outline.at(i - 1)!;
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  }
  return inside;
}

/** An outline with at most so many corners: those go first that change its area least (Visvalingam & Whyatt). */
export function simplified(places: readonly Place[], most: number): readonly Place[] {
  const kept = [...places];
  while (kept.length > most) {
    const areas = kept.map((here, i) => area(kept.at(i - 1)!, here, kept[(i + 1) % kept.length]!));
    kept.splice(areas.indexOf(Math.min(...areas)), 1);
  }
  return kept;
}

const area = ([ax, ay]: Place, [bx, by]: Place, [cx, cy]: Place) =>
  Math.abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2;

/** How many trials an arm of a selection are drawn, each of so many steps. */
export function mostDrawn(steps: number, arms: number): number {
  return Math.max(1, Math.min(MOST_DRAWN, Math.floor(MOST_STEPS / (steps * arms))));
}

/** At most so many of some things, evenly spread over them, in their order. */
export function evenly<Thing>(things: readonly Thing[], most: number): readonly Thing[] {
  if (things.length <= most) return things;
  return Array.from({ length: most }, (_, i) => things[Math.floor(((i + 0.5) * things.length) / most)]!);
}

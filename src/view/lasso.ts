import { axisValues, shownAxis } from '../experiment/axes';
import type { Axis, Experiment } from '../experiment/types';
import { axisPosition } from './axis_ticks';
import type { Cell } from './headline';
import { cellAt, middleOf, type Place } from './place';

/** A corner of a selection's outline by the values of the axes, so that it stays in place on another grid. */
export interface Corner {
  readonly x: number;
  readonly y?: number;
}

type Axes = Experiment['axes'];

/** The most corners of an outline: a link holds them all. */
export const MOST_CORNERS = 24;

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
  return simplified(places, MOST_CORNERS).map((place) => ({
    x: rounded(x, valueAt(x, place.x)),
    ...(y && { y: rounded(y, valueAt(y, place.y)) }),
  }));
}

/** Where the outline of some corners lies on a map; along an axis with one point, or where there is none, it is as high as the map. */
export function outlineOf({ x, y }: Axes, corners: readonly Corner[]): readonly Place[] {
  const places = corners.map((corner): Place => ({
    x: isWide(x) ? axisPosition(x, corner.x) : Number.NaN,
    y: y && isWide(y) && corner.y !== undefined ? axisPosition(y, corner.y) : Number.NaN,
  }));
  const isFlat = (along: 'x' | 'y') => places.some((place) => Number.isNaN(place[along]));
  if (!isFlat('x') && !isFlat('y')) return places;
  const span = (along: 'x' | 'y'): Span => (isFlat(along) ? [0, 1] : spanOf(places, along));
  return box(span('x'), span('y'));
}

type Span = readonly [low: number, high: number];

function spanOf(places: readonly Place[], along: 'x' | 'y'): Span {
  const values = places.map((place) => place[along]);
  return [Math.min(...values), Math.max(...values)];
}

function box([left, right]: Span, [low, high]: Span): readonly Place[] {
  return [
    { x: left, y: low },
    { x: right, y: low },
    { x: right, y: high },
    { x: left, y: high },
  ];
}

/** The corners of the box that holds two cells, at its outer edges. */
export function boxOf({ x, y }: Axes, a: Cell, b: Cell): readonly Place[] {
  const [nx, ny] = [x.count, y?.count ?? 1];
  return box(
    [Math.min(a.ix, b.ix) / nx, (Math.max(a.ix, b.ix) + 1) / nx],
    [Math.min(a.iy, b.iy) / ny, (Math.max(a.iy, b.iy) + 1) / ny],
  );
}

/** The cells whose middles lie within an outline, row by row. */
export function cellsWithin(axes: Axes, corners: readonly Corner[]): readonly Cell[] {
  const outline = outlineOf(axes, corners);
  const [[left, right], [low, high]] = [spanOf(outline, 'x'), spanOf(outline, 'y')];
  const [first, last] = [cellAt({ x: left, y: low }, axes), cellAt({ x: right, y: high }, axes)];
  const cells: Cell[] = [];
  for (let { iy } = first; iy <= last.iy; iy += 1)
    for (let { ix } = first; ix <= last.ix; ix += 1)
      if (isInside(middleOf({ ix, iy }, axes), outline)) cells.push({ ix, iy });
  return cells;
}

/** By the parity of the edges to the right of a place. */
function isInside({ x, y }: Place, outline: readonly Place[]): boolean {
  let inside = false;
  for (const [i, a] of outline.entries()) {
    const b = outline.at(i - 1)!;
    if (a.y > y !== b.y > y && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)) inside = !inside;
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

const area = (a: Place, b: Place, c: Place) =>
  Math.abs((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)) / 2;

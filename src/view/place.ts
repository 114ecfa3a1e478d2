import type { Experiment } from '../experiment/types';
import type { Cell } from './headline';

/** A place on a map: shares of its width, and of its height from below. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

type Axes = Experiment['axes'];

/** The cell of a map that holds a place; of places beyond the map the nearest one. */
export function cellAt({ x, y }: Place, axes: Axes): Cell {
  const index = (share: number, count: number) => Math.min(count - 1, Math.max(0, Math.floor(share * count)));
  return { ix: index(x, axes.x.count), iy: index(y, axes.y?.count ?? 1) };
}

export function middleOf({ ix, iy }: Cell, { x, y }: Axes): Place {
  return { x: (ix + 0.5) / x.count, y: (iy + 0.5) / (y?.count ?? 1) };
}

/** Where a cell of a map lies, as CSS has it: its middle, and its size. */
export function cellStyle(cell: Cell, axes: Axes): string {
  const { x, y } = middleOf(cell, axes);
  const [width, height] = [100 / axes.x.count, 100 / (axes.y?.count ?? 1)];
  return `left: ${100 * x}%; bottom: ${100 * y}%; width: ${width}%; height: ${height}%`;
}

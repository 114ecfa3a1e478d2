import { axisValues, trialIndex } from '../../experiment/axes';
import type { Axis } from '../../experiment/types';
import type { EdgeLine } from '../../scheduler/edge_finder';
import { baseCell, baseValue, isShown, lineThrough, nearestIndex, type Cell } from '../../view/headline';
import { representative } from '../../view/representative';
import type { Pin } from './pin';
import type { Run } from './run';

/** The cell that all maps and the trial panel show; `move` follows every move. */
export class Crosshair extends EventTarget {
  private hovered: Cell | undefined;

  /**
   * @param at where it is pinned, which is part of the page's state
   * @param put pins it there
   */
  constructor(
    private readonly sweep: { readonly run: Run | undefined },
    private readonly at: () => Pin | undefined,
    private readonly put: (at: Pin | undefined) => void,
  ) {
    super();
  }

  /** Under the pointer, else pinned, else the document's own. */
  get cell(): Cell {
    return (
      this.hovered ?? this.pinned ?? (this.sweep.run ? baseCell(this.sweep.run.experiment) : { ix: 0, iy: 0 })
    );
  }

  get pinned(): Cell | undefined {
    const at = this.at();
    if (!at || !this.sweep.run) return undefined;
    const { x, y } = this.sweep.run.experiment.axes;
    if (!isShown(x, at.x) || (y && at.y !== undefined && !isShown(y, at.y))) return undefined;
    return { ix: nearestIndex(x, at.x), iy: y && at.y !== undefined ? nearestIndex(y, at.y) : 0 };
  }

  get isHovering(): boolean {
    return this.hovered !== undefined;
  }

  /**
   * The line on which the largest learning rate is looked for: through the very values that were pinned, or the document's own, rather
   * than those of the nearest cell.
   */
  get line(): EdgeLine | undefined {
    if (!this.sweep.run) return undefined;
    const { experiment } = this.sweep.run;
    const { x, y } = experiment.axes;
    const own = { x: baseValue(experiment, x.parameter), y: y && baseValue(experiment, y.parameter) };
    return lineThrough(experiment, this.cell, this.hovered ? {} : (this.at() ?? own));
  }

  /** The trials that stand for the cell, one an arm. */
  get trials(): number[] {
    if (!this.sweep.run) return [];
    const { experiment, results } = this.sweep.run;
    const { table, grid } = results;
    const { ix, iy } = this.cell;
    return experiment.arms.map(
      (_, arm) => representative(table, grid, arm, ix, iy) ?? trialIndex(grid, { arm, replicate: 0, iy, ix }),
    );
  }

  hover(cell: Cell | undefined): void {
    if (cell?.ix === this.hovered?.ix && cell?.iy === this.hovered?.iy) return;
    this.hovered = cell;
    this.dispatchEvent(new Event('move'));
  }

  /** Pins a cell; nothing unpins. */
  pin(cell: Cell | undefined): void {
    if (!this.sweep.run) return;
    const { x, y } = this.sweep.run.experiment.axes;
    const value = (axis: Axis, index: number) => axisValues(axis)[index]!;
    this.hovered = undefined;
    this.put(cell && { x: value(x, cell.ix), ...(y && { y: value(y, cell.iy) }) });
    this.dispatchEvent(new Event('move'));
  }

  /** Forgets the pointer, since the cells of a new run are others. */
  leave(): void {
    this.hovered = undefined;
  }
}

import { trialIndex } from '../../experiment/axes';
import type { EdgeLine } from '../../scheduler/edge_finder';
import { baseCell, baseValue, lineThrough, type Cell } from '../../view/headline';
import { representative } from '../../view/representative';
import { cellOfPin, MOST_PINS, pinAt, type Pin } from './pin';
import type { Run } from './run';

/** A pin with its number, from 1, and its cell; nothing where it lies beside the maps. */
export interface PinnedCell {
  readonly number: number;
  readonly pin: Pin;
  readonly cell: Cell | undefined;
}

/** The cell that all maps and the trial panel show, and the cells that are pinned beside it; `move` follows every move. */
export class Crosshair extends EventTarget {
  private hovered: Cell | undefined;
  /** The latest pin stays where it is: keys move on from it. */
  private isSet = false;

  /**
   * @param at the pins, which are part of the page's state
   * @param put pins these
   */
  constructor(
    private readonly sweep: { readonly run: Run | undefined },
    private readonly at: () => readonly Pin[],
    private readonly put: (at: readonly Pin[]) => void,
  ) {
    super();
  }

  /** Under the pointer, else pinned last, else the document's own. */
  get cell(): Cell {
    return (
      this.hovered ?? this.pinned ?? (this.sweep.run ? baseCell(this.sweep.run.experiment) : { ix: 0, iy: 0 })
    );
  }

  get pins(): readonly PinnedCell[] {
    const { run } = this.sweep;
    if (!run) return [];
    return this.at().map((pin, i) => ({
      number: i + 1,
      pin,
      cell: cellOfPin(run.experiment.axes, pin),
    }));
  }

  /** Where it stands while no pointer moves it; nothing where no pin is, or the latest lies beside the maps. */
  get pinned(): Cell | undefined {
    return this.pins.at(-1)?.cell;
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
    return lineThrough(experiment, this.cell, this.hovered ? {} : this.pinned ? this.at().at(-1)! : own);
  }

  /** The trials that stand for the cell, one an arm. */
  get trials(): number[] {
    return this.trialsAt(this.cell);
  }

  /** The trials that stand for a cell, one an arm. */
  trialsAt({ ix, iy }: Cell): number[] {
    if (!this.sweep.run) return [];
    const { experiment, results } = this.sweep.run;
    const { table, grid } = results;
    return experiment.arms.map(
      (_, arm) => representative(table, grid, arm, ix, iy) ?? trialIndex(grid, { arm, replicate: 0, iy, ix }),
    );
  }

  hover(cell: Cell | undefined): void {
    if (cell?.ix === this.hovered?.ix && cell?.iy === this.hovered?.iy) return;
    this.hovered = cell;
    this.dispatchEvent(new Event('move'));
  }

  /** Pins a cell besides those that are pinned, and the last of as many as may be moves there; unpins one that is. */
  toggle(cell: Cell): void {
    const pins = this.at();
    const same = this.pins.find((pin) => isSame(pin.cell, cell));
    if (same) this.remove(same.number);
    else this.place(cell, pins.slice(0, MOST_PINS - 1));
  }

  /** Moves the latest pin, or one that sets out from it once it is set; the first where there is none. */
  move(cell: Cell): void {
    const pins = this.at();
    this.place(cell, this.isSet ? pins.slice(0, MOST_PINS - 1) : pins.slice(0, -1));
  }

  /** Leaves the latest pin where it is, and pins the crosshair first where it is not pinned; the pin goes where it was set already. */
  set(): void {
    const { cell, pinned } = this;
    if (!isSame(pinned, cell)) this.toggle(cell);
    else if (this.isSet) this.remove();
    this.isSet = true;
  }

  /** @param number of a pin; the latest where it is left out */
  remove(number = this.at().length): void {
    this.hovered = undefined;
    this.isSet = true;
    this.put(this.at().toSpliced(number - 1, 1));
    this.dispatchEvent(new Event('move'));
  }

  /** Forgets the pointer, since the cells of a new run are others. */
  leave(): void {
    this.hovered = undefined;
  }

  /** Pins a cell after some pins. */
  private place(cell: Cell, pins: readonly Pin[]): void {
    if (!this.sweep.run) return;
    const { axes } = this.sweep.run.experiment;
    const others = pins.filter((pin) => !isSame(cellOfPin(axes, pin), cell));
    this.hovered = undefined;
    this.isSet = false;
    this.put([...others, pinAt(axes, cell)]);
    this.dispatchEvent(new Event('move'));
  }
}

function isSame(a: Cell | undefined, b: Cell): boolean {
  return a?.ix === b.ix && a.iy === b.iy;
}

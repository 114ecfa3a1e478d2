import type { Experiment } from '../../experiment/types';
import type { TrialState } from '../../training/outcome';
import { countCells, isShown, type Looked, type SelectionCounts } from '../../view/cell_filter';
import type { Cell } from '../../view/headline';
import { evenly, mostDrawn } from '../../view/drawn_trials';
import { cellsWithin, cornersOf, type Corner } from '../../view/lasso';
import type { Place } from '../../view/place';
import { representative } from '../../view/representative';
import type { MapView } from './map_view';
import { shownResults, type Run } from './run';

/** How cells are selected: by a box, or by an outline that is drawn freely. */
export const BRUSHES = ['box', 'lasso'] as const;
export type Brush = (typeof BRUSHES)[number];

type Shown = Pick<MapView, 'brush' | 'hidden'>;

/** Trials of which curves are drawn, by arm. */
export type DrawnTrials = readonly (readonly number[])[];

/** The cells that are selected, and the states that are shown; `change` follows every change of the brush. */
export class Selection extends EventTarget {
  /** The pointer selects on the maps, and by what. */
  isOn = false;
  brush: Brush = BRUSHES[0];
  /** The cells within the outline, for the axes and the outline by which they were found. */
  private within:
    | {
        readonly axes: Experiment['axes'];
        readonly corners: readonly Corner[];
        readonly cells: readonly Cell[];
        readonly looked: ReadonlySet<number>;
      }
    | undefined;

  private counted: Made<readonly SelectionCounts[]> | undefined;
  private sampled: Made<DrawnTrials> | undefined;

  /**
   * @param shown the outline and the states that are hidden, which are part of the page's state
   * @param put changes these
   */
  constructor(
    private readonly sweep: { readonly run: Run | undefined },
    private readonly shown: () => Shown,
    private readonly put: (change: Partial<Shown>) => void,
  ) {
    super();
  }

  /** The selected cells, row by row; nothing where none are. */
  get cells(): readonly Cell[] | undefined {
    return this.found?.cells;
  }

  /** What of the maps is looked at; nothing where all is. */
  get looked(): Looked | undefined {
    const { hidden } = this.shown();
    const selected = this.found?.looked;
    return selected || hidden.length > 0 ? { selected, hidden } : undefined;
  }

  /** Of each arm the cells by state, those that are selected or all. */
  get counts(): readonly SelectionCounts[] {
    const { run } = this.sweep;
    if (!run) return [];
    const { table, grid, counts } = shownResults(run);
    const { cells } = this;
    if (!cells)
      return counts.arms.map(({ risen, ...others }) => ({ ...others, stuck: others.stuck + risen }));
    this.counted = anew(this.counted, [shownResults(run), cells], () =>
      run.experiment.arms.map((_, arm) => countCells(table, grid, arm, cells)),
    );
    return this.counted.made;
  }

  /** Whether a trial's state is among those that are shown. */
  shows(trial: number): boolean {
    const { run } = this.sweep;
    return !run || isShown(this.shown().hidden, shownResults(run).table.stateOf(trial));
  }

  /** Some of the selected trials that are shown, evenly spread over the selection; none without one. */
  get drawn(): DrawnTrials {
    const { run } = this.sweep;
    const { cells } = this;
    if (!run || !cells) return [];
    const results = shownResults(run);
    this.sampled = anew(this.sampled, [results, cells, this.shown().hidden], () => {
      const { table, grid, stepsOf } = results;
      return run.experiment.arms.map((_, arm) => {
        const trials = cells.flatMap(({ ix, iy }) => representative(table, grid, arm, ix, iy) ?? []);
        const shown = trials.filter((trial) => table.isFinished(trial) && this.shows(trial));
        const steps = shown.reduce((most, trial) => Math.max(most, stepsOf(trial)), 1);
        return evenly(shown, mostDrawn(steps, grid.arms));
      });
    });
    return this.sampled.made;
  }

  /** @param outline drawn on a map */
  select(outline: readonly Place[]): void {
    const { run } = this.sweep;
    if (run) this.put({ brush: cornersOf(run.experiment.axes, outline) });
  }

  clear(): void {
    this.put({ brush: [] });
  }

  show(state: TrialState, isShown: boolean): void {
    const { hidden } = this.shown();
    this.put({ hidden: isShown ? hidden.filter((other) => other !== state) : [...hidden, state] });
  }

  /** Whether the pointer is to select from now on. */
  turn(isOn: boolean): void {
    this.isOn = isOn;
    this.dispatchEvent(new Event('change'));
  }

  choose(brush: Brush): void {
    this.brush = brush;
    this.dispatchEvent(new Event('change'));
  }

  private get found() {
    const { run } = this.sweep;
    const { brush: corners } = this.shown();
    if (!run || corners.length === 0) return undefined;
    const { axes } = run.experiment;
    if (this.within?.axes !== axes || this.within.corners !== corners) {
      const cells = cellsWithin(axes, corners);
      const looked = new Set(cells.map(({ ix, iy }) => iy * axes.x.count + ix));
      this.within = { axes, corners, cells, looked };
    }
    return this.within;
  }
}

/** What was made of some things. */
interface Made<Thing> {
  readonly of: readonly unknown[];
  readonly made: Thing;
}

/** What is known, unless it was made of other things: to look at a million cells with every frame would hold the page. */
function anew<Thing>(known: Made<Thing> | undefined, of: readonly unknown[], make: () => Thing): Made<Thing> {
  return known?.of.every((thing, i) => thing === of[i]) ? known : { of, made: make() };
}

import {
  axisValues,
  cellOf,
  gridOf,
  setParameter,
  SHAPE_PARAMETERS,
  trialIndex,
  type Grid,
} from '../experiment/axes';
import { trialDocument } from '../experiment/trial';
import type { Experiment, TrialDocument } from '../experiment/types';
import { changesPlans } from '../training/plan';
import { coarseToFine } from './order';
import type { Total, Trials } from './trials';

/** Columns whose documents are kept: where there is no y axis, every trial is one. */
const MOST_COLUMNS = 2 ** 16;
/** The one parameter that decides how many steps a trial has. */
const STEPS = 'optimizer.steps';

/** The trials of an experiment, coarse cells first; the parts that neighbours share are made once. */
export class TrialSource implements Trials {
  readonly grid: Grid;
  readonly x: Float64Array;
  readonly y: Float64Array | undefined;
  private readonly columns = new Map<number, TrialDocument>();
  /** Along which axes plans change. */
  readonly varies: { readonly x: boolean; readonly y: boolean };
  /** By arm, where no axis sets the steps. */
  private readonly armSteps: readonly number[];

  constructor(readonly experiment: Experiment) {
    this.grid = gridOf(experiment);
    this.x = axisValues(experiment.axes.x);
    this.y = experiment.axes.y && axisValues(experiment.axes.y);
    const { x, y } = experiment.axes;
    this.varies = { x: changesPlans(x.parameter), y: y !== undefined && changesPlans(y.parameter) };
    this.armSteps = experiment.arms.map(
      (_, arm) => trialDocument(experiment, arm, 0, this.x[0]!, this.y?.[0]).optimizer.steps,
    );
  }

  document(trial: number): TrialDocument {
    const { arm, replicate, ix, iy } = cellOf(this.grid, trial);
    const { y } = this.experiment.axes;
    // A shape is set before anything that belongs to a layer of it, so then a column has nothing to share.
    if (y && SHAPE_PARAMETERS.includes(y.parameter))
      return trialDocument(this.experiment, arm, replicate, this.x[ix]!, this.y![iy]!);
    const { nx, replicates } = this.grid;
    const column = (arm * replicates + replicate) * nx + ix;
    let document = this.columns.get(column);
    if (!document) {
      document = trialDocument(this.experiment, arm, replicate, this.x[ix]!);
      if (this.columns.size === MOST_COLUMNS) this.columns.clear();
      this.columns.set(column, document);
    }
    return y ? setParameter(document, y.parameter, this.y![iy]!) : document;
  }

  /** The trial of the first replicate whose column and row are the first ones too, along every axis that changes no plan. */
  samePlan(trial: number): number {
    const { arm, ix, iy } = cellOf(this.grid, trial);
    const { x, y } = this.varies;
    return trialIndex(this.grid, { arm, replicate: 0, ix: x ? ix : 0, iy: y ? iy : 0 });
  }

  steps(trial: number): number {
    const { arm, ix, iy } = cellOf(this.grid, trial);
    const { x, y } = this.experiment.axes;
    if (x.parameter === STEPS) return this.x[ix]!;
    if (y?.parameter === STEPS) return this.y![iy]!;
    return this.armSteps[arm]!;
  }

  get total(): Total {
    const { arms, replicates, cells, trials } = this.grid;
    const { x, y } = this.experiment.axes;
    const along = x.parameter === STEPS ? this.x : y?.parameter === STEPS ? this.y : undefined;
    const ofReplicate = along ? arms * (cells / along.length) * sum(along) : cells * sum(this.armSteps);
    return { trials, steps: replicates * ofReplicate };
  }

  *levels(): Iterable<Iterable<number>> {
    const { nx, ny } = this.grid;
    for (const { cells } of coarseToFine(nx, ny)) yield this.trialsOf(cells());
  }

  /** The arms take turns, so that their maps fill together. */
  private *trialsOf(cells: Iterable<number>): Iterable<number> {
    const { arms, replicates, cells: map } = this.grid;
    for (const cell of cells)
      for (let arm = 0; arm < arms; arm += 1)
        for (let replicate = 0; replicate < replicates; replicate += 1)
          yield (arm * replicates + replicate) * map + cell;
  }
}

/** Training steps of a trial by its index: an axis or an arm may set them. */
export function stepsOf(experiment: Experiment): (trial: number) => number {
  const source = new TrialSource(experiment);
  return (trial) => source.steps(trial);
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

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

/** Columns whose documents are kept: where there is no y axis, every trial is one. */
const MOST_COLUMNS = 2 ** 16;

/** The trial documents of a sweep by index; the parts that neighbours share are made once. */
export class TrialSource {
  readonly grid: Grid;
  readonly x: Float64Array;
  readonly y: Float64Array | undefined;
  private readonly columns = new Map<number, TrialDocument>();
  /** Along which axes plans change. */
  private readonly varies: { readonly x: boolean; readonly y: boolean };

  constructor(private readonly experiment: Experiment) {
    this.grid = gridOf(experiment);
    this.x = axisValues(experiment.axes.x);
    this.y = experiment.axes.y && axisValues(experiment.axes.y);
    const { x, y } = experiment.axes;
    this.varies = { x: changesPlans(x.parameter), y: y !== undefined && changesPlans(y.parameter) };
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

  /**
   * A trial whose document has the same plan, and the same one for many: the first replicate of the first column and row, as far as
   * an axis does not change plans. So a million trials need no million documents to be sorted by plan.
   */
  samePlan(trial: number): number {
    const { arm, ix, iy } = cellOf(this.grid, trial);
    const { x, y } = this.varies;
    return trialIndex(this.grid, { arm, replicate: 0, ix: x ? ix : 0, iy: y ? iy : 0 });
  }
}

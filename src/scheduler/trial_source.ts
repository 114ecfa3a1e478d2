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

/** The trial documents of a sweep by index; the parts that neighbours share are made once. */
export class TrialSource {
  readonly grid: Grid;
  readonly x: Float64Array;
  readonly y: Float64Array | undefined;
  private readonly columns = new Map<number, TrialDocument>();
  private readonly variation = new Map<number, { x: boolean; y: boolean }>();

  constructor(private readonly experiment: Experiment) {
    this.grid = gridOf(experiment);
    this.x = axisValues(experiment.axes.x);
    this.y = experiment.axes.y && axisValues(experiment.axes.y);
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
      this.columns.set(column, document);
    }
    return y ? setParameter(document, y.parameter, this.y![iy]!) : document;
  }

  /**
   * A trial whose document has the same plan, and the same one for many: the first replicate of the first column and row, as far as
   * an axis does not change plans. So a million trials need no million documents to be sorted by plan.
   */
  samePlan(trial: number, planKey: (document: TrialDocument) => string): number {
    const { arm, ix, iy } = cellOf(this.grid, trial);
    let varies = this.variation.get(arm);
    if (!varies) this.variation.set(arm, (varies = this.variationOf(arm, planKey)));
    return trialIndex(this.grid, { arm, replicate: 0, ix: varies.x ? ix : 0, iy: varies.y ? iy : 0 });
  }

  /** Along which axes an arm's plan changes. */
  private variationOf(arm: number, planKey: (document: TrialDocument) => string): { x: boolean; y: boolean } {
    const keyAt = (ix: number, iy: number) =>
      planKey(this.document(trialIndex(this.grid, { arm, replicate: 0, ix, iy })));
    const first = keyAt(0, 0);
    const { nx, ny } = this.grid;
    return {
      x: Array.from({ length: nx }, (_, ix) => keyAt(ix, 0)).some((key) => key !== first),
      y: Array.from({ length: ny }, (_, iy) => keyAt(0, iy)).some((key) => key !== first),
    };
  }
}

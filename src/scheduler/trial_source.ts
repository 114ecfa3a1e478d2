import { axisValues, cellOf, gridOf, setParameter, type Grid } from '../experiment/axes';
import { trialDocument } from '../experiment/trial';
import type { Experiment, TrialDocument } from '../experiment/types';

/** The trial documents of a sweep by index; the parts that neighbours share are made once. */
export class TrialSource {
  readonly grid: Grid;
  readonly x: Float64Array;
  readonly y: Float64Array | undefined;
  private readonly columns = new Map<number, TrialDocument>();

  constructor(private readonly experiment: Experiment) {
    this.grid = gridOf(experiment);
    this.x = axisValues(experiment.axes.x);
    this.y = experiment.axes.y && axisValues(experiment.axes.y);
  }

  document(trial: number): TrialDocument {
    const { arm, replicate, ix, iy } = cellOf(this.grid, trial);
    const { nx, replicates } = this.grid;
    const column = (arm * replicates + replicate) * nx + ix;
    let document = this.columns.get(column);
    if (!document) {
      document = trialDocument(this.experiment, arm, replicate, this.x[ix]!);
      this.columns.set(column, document);
    }
    const { y } = this.experiment.axes;
    return y ? setParameter(document, y.parameter, this.y![iy]!) : document;
  }
}

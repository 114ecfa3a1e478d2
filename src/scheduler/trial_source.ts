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
import { changesPlans, planKey } from '../training/plan';
import { coarseToFine } from './order';

/** Columns whose documents are kept: where there is no y axis, every trial is one. */
const MOST_COLUMNS = 2 ** 16;

/** What a sweep trains: documents by index. */
export interface Trials {
  document(trial: number): TrialDocument;
  /** A trial whose document has the same plan, and the same one for many: so a million trials need no million documents to be sorted. */
  samePlan(trial: number): number;
  /** All trials, each once, in the order in which they are to be trained; those of a level may train together. */
  levels(): Iterable<Uint32Array>;
}

/** The trials of an experiment, coarse cells first; the parts that neighbours share are made once. */
export class TrialSource implements Trials {
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

  /** The first replicate of the first column and row, as far as an axis does not change plans. */
  samePlan(trial: number): number {
    const { arm, ix, iy } = cellOf(this.grid, trial);
    const { x, y } = this.varies;
    return trialIndex(this.grid, { arm, replicate: 0, ix: x ? ix : 0, iy: y ? iy : 0 });
  }

  *levels(): Iterable<Uint32Array> {
    const { arms, replicates, nx, ny } = this.grid;
    for (const { cells } of coarseToFine(nx, ny)) {
      const level = new Uint32Array(cells.length * arms * replicates);
      let count = 0;
      // The arms take turns, so that their maps fill together.
      for (const cell of cells)
        for (let arm = 0; arm < arms; arm += 1)
          for (let replicate = 0; replicate < replicates; replicate += 1)
            level[count++] = (arm * replicates + replicate) * nx * ny + cell;
      yield level;
    }
  }
}

/** Training steps of a trial by its index: an axis or an arm may set them. */
export function stepsOf(experiment: Experiment): (trial: number) => number {
  const { axes, arms, optimizer } = experiment;
  const path = 'optimizer.steps';
  const isSet =
    [axes.x, axes.y].some((axis) => axis?.parameter === path) || arms.some(({ set }) => path in set);
  if (!isSet) return () => optimizer.steps;
  const source = new TrialSource(experiment);
  return (trial) => source.document(trial).optimizer.steps;
}

/** Some documents, to be trained in their order. */
export class ListedTrials implements Trials {
  private readonly same: Uint32Array;

  constructor(private readonly documents: readonly TrialDocument[]) {
    const first = new Map<string, number>();
    this.same = Uint32Array.from(documents, (document, trial) => {
      const key = planKey(document);
      const same = first.get(key) ?? trial;
      first.set(key, same);
      return same;
    });
  }

  document(trial: number): TrialDocument {
    return this.documents[trial]!;
  }

  samePlan(trial: number): number {
    return this.same[trial]!;
  }

  levels(): Uint32Array[] {
    return [Uint32Array.from(this.documents.keys())];
  }
}

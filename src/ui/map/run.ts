import { gridOf } from '../../experiment/axes';
import type { Experiment } from '../../experiment/types';
import { WHOLE_MAP, type Zoom } from '../../experiment/zoom';
import { warningsOf } from '../../experiment/warnings';
import { checkTrials } from '../../scheduler/feasible';
import { coarsestStride } from '../../scheduler/order';
import { CLASS_NUMBER, emptyBatch, ResultTable, type ResultBatch } from '../../scheduler/results';
import { stepsOf } from '../../scheduler/trial_source';
import { cellsOf } from '../../service/kept_runs';
import type { Precision } from '../../service/sweep_client';
import { MANY, type Manner } from '../../training/manner';
import { LONGER } from '../../training/outcome';
import { CellCounts } from '../../view/cell_counts';
import { ColourScale } from '../../view/colour_scale';
import type { Results } from '../../view/map_picture';

/** Bytes of a tab's memory that a sweep's trials may take. */
const MOST_OF_TAB = 2 ** 31;

/**
 * The outcomes of one sweep. New outcomes are entered into the same table, but `results` is a new object each time, by which elements
 * see that it has changed.
 */
export interface Run {
  /** With the counts that the maps have. */
  readonly experiment: Experiment;
  readonly results: Results;
  readonly scale: ColourScale;
  /** The slow trials' longer training; nothing before anyone asked for it. */
  readonly longer: Longer | undefined;
  /** Cells that maps before this one had already. */
  readonly reused: number;
  /** In what it is trained: where float32 cannot tell the cells apart, in float64 on the CPU. */
  readonly precision: Precision;
  /** In what shape it is trained. */
  readonly manner: Manner;
  /** The part of the whole maps that it shows. */
  readonly zoom: Zoom;
  /** What the experiment cannot show, in words. */
  readonly warnings: readonly string[];
}

/** The same results, but for the slow trials, which are trained ten times as long. */
export interface Longer {
  readonly results: Results;
  /** How many are trained longer, and how many of them are done. */
  readonly trials: number;
  readonly done: number;
  readonly isShown: boolean;
}

/**
 * A run of which no more is known than the outcomes that others have left it.
 * @throws InfeasibleError for more trials than a tab can hold
 */
export function newRun(
  experiment: Experiment,
  {
    known = emptyBatch(0),
    precision = 'float32',
    manner = MANY,
    zoom = WHOLE_MAP,
  }: { known?: ResultBatch; precision?: Precision; manner?: Manner; zoom?: Zoom } = {},
): Run {
  const grid = gridOf(experiment);
  checkTrials(grid, MOST_OF_TAB);
  const table = new ResultTable(grid.trials);
  const run: Run = {
    experiment,
    results: {
      table,
      grid,
      stepsOf: stepsOf(experiment),
      counts: new CellCounts(table, grid),
      coarsest: coarsestStride(grid.nx, grid.ny),
    },
    scale: new ColourScale(),
    longer: undefined,
    reused: cellsOf(known, experiment),
    precision,
    manner,
    zoom,
    warnings: warningsOf(experiment),
  };
  return withOutcomes(run, known);
}

export function withOutcomes(run: Run, batch: ResultBatch): Run {
  const { results, scale } = run;
  results.counts.enter(batch);
  scale.enter(results, batch.trial);
  return { ...run, results: { ...results } };
}

/** The run with its slow trials set back to training, and which trials these are. */
export function lengthened(run: Run): { run: Run; slow: number[] } {
  const { results } = run;
  const slow = Array.from({ length: results.grid.trials }, (_, trial) => trial).filter(
    (trial) => results.table.stateOf(trial) === 'slow',
  );
  const table = results.table.copy();
  for (const trial of slow) table.class[trial] = CLASS_NUMBER.training;
  const shown = { ...results, table, counts: CellCounts.of(table, results.grid) };
  return { run: { ...run, longer: { results: shown, trials: slow.length, done: 0, isShown: true } }, slow };
}

/** The run with outcomes of trials that were trained for longer. */
export function withLongerOutcomes(run: Run, batch: ResultBatch): Run {
  const { longer } = run;
  if (!longer) return run;
  const { results } = longer;
  results.counts.enter(batch);
  // A score is a sum over steps: as a mean over these it has the colours of the others.
  for (const trial of batch.trial) results.table.score[trial]! /= LONGER;
  const done = longer.done + batch.trial.length;
  return { ...run, longer: { ...longer, done, results: { ...results } } };
}

/** What the maps show. */
export function shownResults({ longer, results }: Run): Results {
  return longer?.isShown ? longer.results : results;
}

import { cellOf, type Grid } from '../experiment/axes';
import { partOf, type Part } from '../scheduler/part';
import type { Trace } from '../scheduler/trace';
import type { TraceChoice } from './args';

export type RecordedTrace = Pick<Trace, 'loss' | 'gradientNorm' | 'weightNorm'>;

export const TRACE_HEADER = 'arm,replicate,ix,iy,step,loss,gradient_norm,weight_norm\n';

/** The trials that are traced, in their order; of a part, if one is named, its own. */
export function* chosenTrials(
  { trials, cells, nx }: Grid,
  choice: TraceChoice,
  part?: Part,
): Iterable<number> {
  const [first, step] = choice === 'all' ? [0, 1] : [choice.iy * nx + choice.ix, cells];
  for (let trial = first; trial < trials; trial += step)
    if (!part || partOf(trial, part.of) === part.index) yield trial;
}

/** A choice as `--trace` takes it. */
export function traceName(choice: TraceChoice): string {
  return choice === 'all' ? choice : `${choice.ix},${choice.iy}`;
}

/** The lines of one trial in `traces.csv`. */
export function traceLines(grid: Grid, trial: number, trace: RecordedTrace): string {
  const start = traceStart(grid, trial);
  let text = '';
  for (const [step, loss] of trace.loss.entries())
    text += `${start}${[step, loss, trace.gradientNorm[step], trace.weightNorm[step]].join(',')}\n`;
  return text;
}

/** How each of them begins, and no other trial's. */
export function traceStart(grid: Grid, trial: number): string {
  const { arm, replicate, ix, iy } = cellOf(grid, trial);
  return `${arm},${replicate},${ix},${iy},`;
}

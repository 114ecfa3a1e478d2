import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { cellOf } from '../experiment/axes';
import type { ResultTable } from '../scheduler/results';
import type { Trace } from '../scheduler/trace';
import type { TrialSource } from '../scheduler/trial_source';

export type RecordedTrace = Pick<Trace, 'loss' | 'gradientNorm' | 'weightNorm'>;

/** In the order in which they appear: the document last, as it says what the others are. */
const FILES = ['trials.csv', 'traces.csv', 'map.png', 'experiment.json'] as const;
type FileName = (typeof FILES)[number];

/** The files of a result, which replace those of an earlier one only when all of them are whole. */
export class ResultFiles {
  private readonly partial: string;
  private readonly written = new Set<FileName>();

  constructor(private readonly folder: string) {
    this.partial = join(folder, '.partial');
    rmSync(this.partial, { recursive: true, force: true }); // an earlier call may have been killed
    mkdirSync(this.partial);
  }

  async write(
    name: FileName,
    parts: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  ): Promise<void> {
    const file = openSync(join(this.partial, name), 'w');
    try {
      for await (const part of parts) {
        const bytes = typeof part === 'string' ? Buffer.from(part) : part;
        for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
      }
    } finally {
      closeSync(file);
    }
    this.written.add(name);
  }

  publish(): void {
    for (const name of FILES) {
      const target = join(this.folder, name);
      if (this.written.has(name)) renameSync(join(this.partial, name), target);
      else rmSync(target, { force: true }); // an earlier result's, which would pass for this one's
    }
    this.discard();
  }

  discard(): void {
    rmSync(this.partial, { recursive: true, force: true });
  }
}

/** `trials.csv` in pieces of one row of a map. */
export function* trialLines({ grid, x, y }: TrialSource, results: ResultTable): Iterable<string> {
  yield 'arm,replicate,ix,iy,x,y,class,score,loss_initial,loss_final,loss_min,diverged_at\n';
  for (let first = 0; first < grid.trials; first += grid.nx) {
    let text = '';
    for (let trial = first; trial < first + grid.nx; trial += 1) {
      const { arm, replicate, ix, iy } = cellOf(grid, trial);
      const fields = [arm, replicate, ix, iy, x[ix]!, y ? y[iy]! : '', results.classOf(trial)!];
      for (const column of [results.score, results.lossInitial, results.lossFinal, results.lossMin])
        fields.push(column[trial]!);
      fields.push(results.divergedAt[trial]!);
      text += `${fields.join(',')}\n`;
    }
    yield text;
  }
}

export const TRACE_HEADER = 'arm,replicate,ix,iy,step,loss,gradient_norm,weight_norm\n';

/** The lines of one trial in `traces.csv`. */
export function traceLines({ grid }: TrialSource, trial: number, trace: RecordedTrace): string {
  const { arm, replicate, ix, iy } = cellOf(grid, trial);
  let text = '';
  for (const [step, loss] of trace.loss.entries())
    text += `${[arm, replicate, ix, iy, step, loss, trace.gradientNorm[step], trace.weightNorm[step]].join(',')}\n`;
  return text;
}

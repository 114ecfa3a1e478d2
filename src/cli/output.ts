import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { cellOf } from '../experiment/axes';
import type { Trace } from '../scheduler/trace';
import type { TrialSource } from '../scheduler/trial_source';
import { PARTIAL, RESULTS, type ResultName } from './folder';
import { writeWhole, writing } from './writing';

export type RecordedTrace = Pick<Trace, 'loss' | 'gradientNorm' | 'weightNorm'>;

/** Milliseconds after which writing lets signals through. */
const BREATH = 12;

/** The files of a result, which replace those of an earlier one only when all of them are whole. */
export class ResultFiles {
  private readonly partial: string;
  private readonly written = new Set<ResultName>();

  /** @throws UnwritableError, as all methods do */
  constructor(private readonly folder: string) {
    this.partial = join(folder, PARTIAL);
    writing(this.partial, () => {
      rmSync(this.partial, { recursive: true, force: true }); // an earlier call may have been killed
      mkdirSync(this.partial);
    });
  }

  async write(
    name: ResultName,
    parts: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  ): Promise<void> {
    const target = join(this.folder, name);
    const file = writing(target, () => openSync(join(this.partial, name), 'w'));
    let breath = performance.now();
    try {
      for await (const part of parts) {
        const bytes = typeof part === 'string' ? Buffer.from(part) : part;
        writing(target, () => writeWhole(file, bytes));
        if (performance.now() - breath < BREATH) continue;
        await turn();
        breath = performance.now();
      }
      writing(target, () => fsyncSync(file)); // some disks say only now that they are full
    } finally {
      writing(target, () => closeSync(file));
    }
    this.written.add(name);
  }

  publish(): void {
    for (const name of RESULTS) {
      const target = join(this.folder, name);
      writing(target, () => {
        if (this.written.has(name)) renameSync(join(this.partial, name), target);
        else rmSync(target, { force: true }); // an earlier result's, which would pass for this one's
      });
    }
  }

  /** Removes what was not published. */
  discard(): void {
    try {
      rmSync(this.partial, { recursive: true, force: true });
    } catch {
      // The next call tries again; what failed before is worth more words.
    }
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

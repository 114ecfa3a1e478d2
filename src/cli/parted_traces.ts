import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Grid } from '../experiment/axes';
import { DamageError } from '../scheduler/column_codec';
import { partOf } from '../scheduler/part';
import type { TraceChoice } from './args';
import type { PartResultName } from './folder';
import { readAt } from './reading';
import { chosenTrials, TRACE_HEADER, traceStart } from './traces';

/** Bytes that are held of all parts together, and of each at least. */
const HELD = 2 ** 26;
const LEAST_HELD = 2 ** 10;

/**
 * `traces.csv` of a sweep that was trained in parts, piece by piece: each part has the lines of its trials in their order.
 * @param folders of the parts
 * @param held bytes of each that are read at once
 * @throws DamageError where a trial has no lines
 */
export function* partedTraces(
  grid: Grid,
  choice: TraceChoice,
  folders: readonly string[],
  held = Math.max(LEAST_HELD, Math.floor(HELD / folders.length)),
): Iterable<string | Uint8Array> {
  yield TRACE_HEADER;
  const readers = folders.map(
    (folder) => new LineReader(join(folder, 'traces.csv' satisfies PartResultName), held),
  );
  for (const trial of chosenTrials(grid, choice))
    yield* readers[partOf(trial, folders.length)]!.beginningWith(traceStart(grid, trial));
}

/** The lines of a file after its header, from its beginning to its end; it is open only while it is read, since there may be many. */
class LineReader {
  private held: Buffer = Buffer.alloc(0);
  private position = TRACE_HEADER.length;

  constructor(
    private readonly file: string,
    private readonly most: number,
  ) {}

  /** The next lines that begin so, as many as there are at once. */
  *beginningWith(start: string): Iterable<Uint8Array> {
    const wanted = Buffer.from(start);
    const isWanted = (at: number) => this.held.subarray(at, at + wanted.length).equals(wanted);
    let found = false;
    do {
      let end = 0;
      for (let line; (line = this.held.indexOf('\n', end) + 1) > 0 && isWanted(end);) end = line;
      found ||= end > 0;
      yield this.held.subarray(0, end);
      this.held = this.held.subarray(end);
      // Only where no whole line is left may the next one begin so too.
    } while (!this.held.includes('\n') && this.readOn());
    if (!found) throw new DamageError(`${this.file}: no line begins with ${start}`);
  }

  private readOn(): boolean {
    const more = Buffer.alloc(this.most);
    const descriptor = openSync(this.file, 'r');
    try {
      const length = readAt(descriptor, more, this.position);
      this.position += length;
      this.held = Buffer.concat([this.held, more.subarray(0, length)]);
      return length > 0;
    } finally {
      closeSync(descriptor);
    }
  }
}

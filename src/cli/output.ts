import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { PARTIAL } from './folder';
import { writeWhole, writing } from './writing';

/** Milliseconds after which writing lets signals through. */
const BREATH = 12;

/** By which a file is known again. */
export interface Digest {
  readonly bytes: number;
  readonly crc32: number;
}

/** The files of a result, which replace those of an earlier one only when all of them are whole. */
export class ResultFiles<Name extends string> {
  private readonly partial: string;
  private readonly written = new Map<Name, Digest>();

  /**
   * @param names that there may be, in the order in which they appear
   * @throws UnwritableError, as all methods do
   */
  constructor(
    private readonly folder: string,
    private readonly names: readonly Name[],
  ) {
    this.partial = join(folder, PARTIAL);
    writing(this.partial, () => {
      rmSync(this.partial, { recursive: true, force: true }); // an earlier call may have been killed
      mkdirSync(this.partial);
    });
  }

  async write(
    name: Name,
    parts: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  ): Promise<void> {
    let digest: Digest = { bytes: 0, crc32: 0 };
    const target = join(this.folder, name);
    const file = writing(target, () => openSync(join(this.partial, name), 'w'));
    let breath = performance.now();
    try {
      for await (const part of parts) {
        const bytes = typeof part === 'string' ? Buffer.from(part) : part;
        writing(target, () => writeWhole(file, bytes));
        digest = { bytes: digest.bytes + bytes.length, crc32: crc32(bytes, digest.crc32) };
        if (performance.now() - breath < BREATH) continue;
        await turn();
        breath = performance.now();
      }
      writing(target, () => fsyncSync(file)); // some disks say only now that they are full
    } finally {
      writing(target, () => closeSync(file));
    }
    this.written.set(name, digest);
  }

  /** Of what has been written so far. */
  get digests(): Readonly<Record<string, Digest>> {
    return Object.fromEntries(this.written);
  }

  publish(): void {
    for (const name of this.names) {
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

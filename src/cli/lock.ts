import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { CallError, clipped, systemCode } from './command';
import { LOCK } from './folder';
import { writing } from './writing';

const holderText = v.object({
  host: v.string(),
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Of the process and of the system, by which a process is told from a later one with the same number; where they are told. */
  started: v.nullable(v.string()),
  boot: v.nullable(v.string()),
});
type Holder = v.InferOutput<typeof holderText>;

/** Milliseconds after which a lock that cannot be read is one that was never written to its end. */
const DAMAGED = 5000;
/** Milliseconds between two looks at others who want the lock too, and for which to look. */
const LOOK = 5;
const PATIENCE = 5000;

/**
 * The right to write into a folder, which one process has at a time, until it gives it back or ends, however it ends.
 *
 * Whoever wants it first says so in a file of its own, and then looks for the others: of two at least the later one sees the
 * other, so that both never have it. As no name is used twice, a file whose process has ended can be removed at any time.
 */
export class FolderLock {
  private constructor(
    private readonly file: string,
    private readonly text: string,
  ) {
    process.once('exit', this.release);
  }

  /** @throws CallError when another process has it, UnwritableError */
  static async take(folder: string): Promise<FolderLock> {
    const file = join(folder, LOCK);
    const name = `${LOCK}.${randomUUID()}`;
    const own = join(folder, name);
    const text = JSON.stringify({ name, ...thisProcess() });
    try {
      writing(file, () => writeFileSync(own, text, { flag: 'wx' }));
      for (const end = performance.now() + PATIENCE; ;) {
        // In this order: who is in neither place has given up, or not yet looked.
        const rivals = rivalsIn(folder, name);
        const holder = livingHolder(file);
        if (holder) throw refusal(folder, file, holder);
        const [rival] = rivals;
        if (!rival) break;
        // The first by name waits for the others to give up, so that somebody gets it.
        if (rival.name < name || performance.now() > end)
          throw refusal(folder, join(folder, rival.name), rival.holder);
        await sleep(LOOK);
      }
      writing(file, () => renameSync(own, file)); // over one that was left
      return new FolderLock(file, text);
    } catch (error) {
      rmSync(own, { force: true });
      throw error;
    }
  }

  readonly release = (): void => {
    process.off('exit', this.release);
    try {
      if (readFileSync(this.file, 'utf8') === this.text) rmSync(this.file);
    } catch {
      // Somebody has removed it, or the disk fails: this process ends soon, and then it holds no more.
    }
  };
}

function refusal(folder: string, file: string, holder: Holder | typeof UNKNOWN): CallError {
  const allowed = 'a folder into which no other sweep writes';
  const where = clipped(folder);
  if (holder === UNKNOWN)
    return new CallError('--out', `${where}, where another sweep is about to write`, allowed);
  const { host, pid } = holder;
  if (host === hostname())
    return new CallError('--out', `${where}, where another sweep (pid ${pid}) is writing`, allowed);
  return new CallError(
    '--out',
    `${clipped(file)} of another sweep (pid ${pid} on ${clipped(host, 30)})`,
    `${allowed} (delete that file if the other one has ended)`,
  );
}

/** Who can have written this is not known yet. */
const UNKNOWN = 'unknown';

/** Others who want the lock, by name; the files of those who have ended are removed. */
function rivalsIn(folder: string, own: string): { name: string; holder: Holder | typeof UNKNOWN }[] {
  const names = writing(folder, () => readdirSync(folder)).filter((name) => RIVAL.test(name) && name !== own);
  return names.sort().flatMap((name) => {
    const file = join(folder, name);
    const holder = livingHolder(file);
    if (holder) return [{ name, holder }];
    rmSync(file, { force: true });
    return [];
  });
}

const RIVAL = /^\.lock\.[0-9a-f]{8}-[0-9a-f-]{27}$/;

/** Who wrote a lock, if it may live. */
function livingHolder(file: string): Holder | typeof UNKNOWN | undefined {
  let text: string;
  let age: number;
  try {
    text = readFileSync(file, 'utf8');
    age = Date.now() - statSync(file).mtimeMs;
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? undefined : UNKNOWN;
  }
  const holder = parseHolder(text);
  if (!holder) return age < DAMAGED ? UNKNOWN : undefined;
  return isAlive(holder) ? holder : undefined;
}

function parseHolder(text: string): Holder | undefined {
  try {
    return v.parse(holderText, JSON.parse(text));
  } catch {
    return undefined;
  }
}

function thisProcess(): Holder {
  return {
    host: hostname(),
    pid: process.pid,
    started: processStat(process.pid)?.started ?? null,
    boot: bootId(),
  };
}

/** Whether a process may still run; of one on another host nothing is known. */
function isAlive({ host, pid, started, boot }: Holder): boolean {
  if (host !== hostname()) return true;
  if (boot !== bootId()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemCode(error) === 'ESRCH') return false;
  }
  const now = processStat(pid);
  return !now || (now.started === started && !ENDED.includes(now.state));
}

/** States of processes that have ended, and that nobody has asked for how. */
const ENDED: readonly string[] = ['Z', 'X'];

/** What Linux says of a process. */
function processStat(pid: number): { state: string; started: string } | undefined {
  const text = contents(`/proc/${pid}/stat`);
  // Before these fields stands the program's name, in which there may be anything, in parentheses.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [fields?.[0], fields?.[19]];
  return state !== undefined && started !== undefined ? { state, started } : undefined;
}

function bootId(): string | null {
  return contents('/proc/sys/kernel/random/boot_id')?.trim() ?? null;
}

function contents(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

import { randomUUID } from 'node:crypto';
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { CallError, clipped, Interrupted, oneLine, systemCode, type CommandIo } from './command';
import { LOCK } from './folder';
import { writeWhole, writing } from './writing';

const holderText = v.object({
  host: v.string(),
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Of the process and of the system whose numbers are these, by which a process is told from a later one; where they are told. */
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
 * Milliseconds between two signs of life of who has the lock, and without one after which it counts as ended where this system
 * cannot ask for it. By the clock of the disk, which all who see the folder have in common.
 */
const BEAT = 5000;
const LEASE = 60_000;
/** Milliseconds between two tries of who waits for the lock. */
const RETRY = 1000;

/** Another process has the lock. */
class TakenError extends CallError {}

/**
 * The right to write into a folder, which one process has at a time, until it gives it back or ends, however it ends.
 *
 * Whoever wants it first says so in a file of its own, and then looks for the others: of two at least the later one sees the
 * other, so that both never have it. As no name is used twice, a file whose process has ended can be removed at any time.
 */
export class FolderLock {
  private readonly beat: NodeJS.Timeout;

  private constructor(
    private readonly file: string,
    private readonly text: string,
  ) {
    process.once('exit', this.release);
    this.beat = setInterval(() => this.giveSign(), BEAT).unref();
  }

  /**
   * Waits as long as another process has it.
   * @throws Interrupted, UnwritableError
   */
  static async wait(folder: string, { stderr, interrupt }: CommandIo): Promise<FolderLock> {
    for (let told = false; ; told = true) {
      try {
        return await FolderLock.take(folder);
      } catch (error) {
        if (!(error instanceof TakenError)) throw error;
        if (!told) stderr.write(oneLine(`waits: ${error.found}`));
      }
      if (interrupt.aborted) throw new Interrupted();
      await sleep(RETRY);
    }
  }

  /** @throws CallError when another process has it, UnwritableError */
  static async take(folder: string): Promise<FolderLock> {
    const file = join(folder, LOCK);
    const name = `${LOCK}.${randomUUID()}`;
    const own = join(folder, name);
    const text = JSON.stringify({ name, ...thisProcess() });
    try {
      writing(file, () => writeFileSync(own, text, { flag: 'wx' }));
      const now = statSync(own).mtimeMs;
      for (const end = performance.now() + PATIENCE; ;) {
        // In this order: who is in neither place has given up, or not yet looked.
        const rivals = rivalsIn(folder, name, now);
        const holder = livingHolder(file, now);
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
    clearInterval(this.beat);
    try {
      if (this.isHeld()) rmSync(this.file);
    } catch {
      // The disk fails: this process ends soon, and then it holds no more.
    }
  };

  /**
   * To be called before anything is written: a process that was held up longer than others wait has lost it.
   * @throws CallError
   */
  check(): void {
    if (this.isHeld()) return;
    const found = `${clipped(this.file)} taken over by another process, as this one gave no sign of life`;
    throw new CallError('--out', found, 'a folder into which no other sweep writes');
  }

  private isHeld(): boolean {
    return contents(this.file) === this.text;
  }

  /** Written rather than set, so that the time is the disk's; the bytes stay the same. */
  private giveSign(): void {
    try {
      if (!this.isHeld()) return;
      const descriptor = openSync(this.file, 'r+');
      try {
        writeWhole(descriptor, Buffer.from(this.text), 0);
      } finally {
        closeSync(descriptor);
      }
    } catch {
      // The disk fails for a while; the next sign may come through.
    }
  }
}

function refusal(folder: string, file: string, holder: Holder | typeof UNKNOWN): TakenError {
  const allowed = 'a folder into which no other sweep writes';
  const where = clipped(folder);
  if (holder === UNKNOWN)
    return new TakenError('--out', `${where}, where another sweep is about to write`, allowed);
  const { host, pid } = holder;
  if (host === hostname())
    return new TakenError('--out', `${where}, where another sweep (pid ${pid}) is writing`, allowed);
  return new TakenError(
    '--out',
    `${clipped(file)} of another sweep (pid ${pid} on ${clipped(host, 30)})`,
    `${allowed} (delete that file if the other one has ended)`,
  );
}

/** Who can have written this is not known yet. */
const UNKNOWN = 'unknown';

/** Others who want the lock, by name; the files of those who have ended are removed. */
function rivalsIn(
  folder: string,
  own: string,
  now: number,
): { name: string; holder: Holder | typeof UNKNOWN }[] {
  const names = writing(folder, () => readdirSync(folder)).filter((name) => RIVAL.test(name) && name !== own);
  return names.sort().flatMap((name) => {
    const file = join(folder, name);
    const holder = livingHolder(file, now);
    if (holder) return [{ name, holder }];
    rmSync(file, { force: true });
    return [];
  });
}

const RIVAL = /^\.lock\.[0-9a-f]{8}-[0-9a-f-]{27}$/;

/**
 * Who wrote a lock, if it may live.
 * @param now by the clock of the disk
 */
function livingHolder(file: string, now: number): Holder | typeof UNKNOWN | undefined {
  let text: string;
  let age: number;
  try {
    text = readFileSync(file, 'utf8');
    age = now - statSync(file).mtimeMs;
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? undefined : UNKNOWN;
  }
  const holder = parseHolder(text);
  if (!holder) return age < DAMAGED ? UNKNOWN : undefined;
  return isAlive(holder, age) ? holder : undefined;
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

/** Whether a process may still run; of one in another system, of this name or not, only its signs of life are known. */
function isAlive({ host, pid, started, boot }: Holder, age: number): boolean {
  if (host !== hostname() || boot !== bootId()) return age < LEASE;
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

/** The start of the system, and the container whose processes are numbered by themselves. */
function bootId(): string | null {
  const boot = contents('/proc/sys/kernel/random/boot_id')?.trim();
  try {
    return boot === undefined ? null : `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return boot ?? null;
  }
}

function contents(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { CallError } from '../../src/cli/command';
import { FolderLock } from '../../src/cli/lock';
import { EVERY } from '../every';
import {
  experimentFile,
  keptTrials,
  smallDocument,
  startCompiledSweep,
  sweepHere,
  temporaryFolder,
  until,
} from './commands';

const REFERENCE = ['--engine', 'reference'];

/** Whom the lock of a folder names, as long as this process has it. */
async function thisHolder(folder: string): Promise<Record<string, unknown>> {
  const lock = await FolderLock.take(folder);
  const holder: Record<string, unknown> = JSON.parse(readFileSync(join(folder, '.lock'), 'utf8'));
  lock.release();
  return holder;
}

test('one at a time, until it is given back', async () => {
  const folder = temporaryFolder();
  const lock = await FolderLock.take(folder);
  await expect(FolderLock.take(folder)).rejects.toThrow(CallError);
  await expect(FolderLock.take(folder)).rejects.toThrow(
    `where another sweep (pid ${process.pid}) is writing`,
  );
  lock.release();
  expect(readdirSync(folder)).toEqual([]);
  const next = await FolderLock.take(folder);
  lock.release(); // which it has not any more
  expect(readdirSync(folder)).toEqual(['.lock']);
  next.release();
});

test('of many at once exactly one has it', async () => {
  const folder = temporaryFolder();
  const ends = await Promise.allSettled(Array.from({ length: 60 }, () => FolderLock.take(folder)));
  const locks = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
  expect(locks).toHaveLength(1);
  expect(readdirSync(folder)).toEqual(['.lock']);
  locks[0]!.release();
});

describe('a lock that nobody holds is no hindrance:', () => {
  /** Longer ago than a sign of life may be. */
  const OLD = new Date(Date.now() - 120_000);

  test.skipIf(process.platform !== 'linux').each([['this process had not begun', { started: '1' }]])(
    'as %s',
    async (_when, changes) => {
      const folder = temporaryFolder();
      const holder = await thisHolder(folder);
      writeFileSync(join(folder, '.lock'), JSON.stringify({ ...holder, ...changes }));
      (await FolderLock.take(folder)).release();
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  test.each([
    ['host', { host: `not-${hostname()}` }],
    ['start of this host, or container', { boot: 'another' }],
  ])('of another %s, which has given no sign of life for long', async (_which, changes) => {
    const folder = temporaryFolder();
    const file = join(folder, '.lock');
    writeFileSync(file, JSON.stringify({ ...(await thisHolder(folder)), ...changes }));
    await expect(FolderLock.take(folder)).rejects.toThrow(CallError);
    utimesSync(file, OLD, OLD);
    (await FolderLock.take(folder)).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('no such process', async () => {
    const folder = temporaryFolder();
    const holder = await thisHolder(folder);
    writeFileSync(join(folder, '.lock'), JSON.stringify({ ...holder, pid: 2 ** 31 - 1 }));
    (await FolderLock.take(folder)).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([[''], ['{"host":'], ['{"host":"a","pid":0,"started":null,"boot":null}'], ['notes']])(
    'damaged, and old: %j',
    async (text) => {
      const folder = temporaryFolder();
      const file = join(folder, '.lock');
      writeFileSync(file, text);
      await expect(FolderLock.take(folder)).rejects.toThrow('where another sweep is about to write');
      utimesSync(file, OLD, OLD);
      (await FolderLock.take(folder)).release();
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  test('one who wanted it and has ended', async () => {
    const folder = temporaryFolder();
    const holder = await thisHolder(folder);
    const file = join(folder, '.lock.00000000-0000-4000-8000-000000000000');
    writeFileSync(file, JSON.stringify({ ...holder, pid: 2 ** 31 - 1 }));
    (await FolderLock.take(folder)).release();
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('one who wanted it before has it first', async () => {
  const folder = temporaryFolder();
  const holder = await thisHolder(folder);
  const earlier = '.lock.00000000-0000-4000-8000-000000000000';
  writeFileSync(join(folder, earlier), JSON.stringify(holder));
  await expect(FolderLock.take(folder)).rejects.toThrow(`(pid ${process.pid}) is writing`);
  expect(readdirSync(folder)).toEqual([earlier]);
});

test('of another host nothing is known, so that the file is named', async () => {
  const folder = temporaryFolder();
  const file = join(folder, '.lock');
  const text = JSON.stringify({ ...(await thisHolder(folder)), host: `not-${hostname()}`, pid: 7 });
  writeFileSync(file, text);
  await expect(FolderLock.take(folder)).rejects.toThrow(
    `found ${file} of another sweep (pid 7 on not-${hostname()}), allowed: a folder into which no other sweep writes (delete`,
  );
  expect(readFileSync(file, 'utf8')).toBe(text);
});

describe('who waits for it', () => {
  const surroundings = (interrupt = new AbortController().signal) => {
    const said: string[] = [];
    const stderr = { write: (text: string) => said.push(text) };
    return { said, io: { stderr, interrupt, gpu: async () => undefined } };
  };

  test('says so once, and has it when it is given back', async () => {
    const folder = temporaryFolder();
    const first = await FolderLock.take(folder);
    const { said, io } = surroundings();
    const waiting = FolderLock.wait(folder, io);
    await until(() => said.length > 0);
    expect(said).toEqual([`waits: ${folder}, where another sweep (pid ${process.pid}) is writing\n`]);
    first.check();
    first.release();
    const second = await waiting;
    second.check();
    expect(() => first.check()).toThrow(CallError);
    second.release();
    expect(said).toHaveLength(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('may be interrupted', async () => {
    const folder = temporaryFolder();
    const lock = await FolderLock.take(folder);
    await expect(FolderLock.wait(folder, surroundings(AbortSignal.abort()).io)).rejects.toThrow(
      'interrupted',
    );
    lock.release();
  });
});

test('who has it gives signs of life, and does not give them for another', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const folder = temporaryFolder();
  const file = join(folder, '.lock');
  const lock = await FolderLock.take(folder);
  const text = readFileSync(file, 'utf8');
  const long = new Date(Date.now() - 3_600_000);
  utimesSync(file, long, long);
  vi.advanceTimersByTime(10_000);
  expect(statSync(file).mtimeMs).toBeGreaterThan(Date.now() - 1_800_000);
  expect(readFileSync(file, 'utf8')).toBe(text);
  writeFileSync(file, 'another’s');
  utimesSync(file, long, long);
  vi.advanceTimersByTime(10_000);
  expect(statSync(file).mtimeMs).toBeLessThan(Date.now() - 1_800_000);
  lock.release();
  expect(readFileSync(file, 'utf8')).toBe('another’s');
});

describe('sweeps on one folder', () => {
  const one = experimentDocument('one', 60);
  const other = experimentDocument('other', 61);
  const BATCHES = EVERY ? 5 : 2;

  test(`${12 * BATCHES} starts of two documents: one result at a time, whole, and the others are told who writes`, async () => {
    const files = [one, other].map((document) => experimentFile(document));
    const expected = await Promise.all(
      files.map(async ({ file, out }) => {
        expect((await sweepHere([file, '--out', out, ...REFERENCE])).status).toBe(0);
        return resultIn(out);
      }),
    );
    const { out } = files[0]!;
    const statuses: (number | null)[] = [];
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const starts = Array.from({ length: 12 }, (_, at) => [files[at % 2]!.file, '--out', out, ...REFERENCE]);
      const sweeps = await Promise.all(starts.map((args) => startCompiledSweep(args)));
      const ends = await Promise.all(sweeps.map(({ ended }) => ended));
      const refused = ends.filter(({ status }) => status === 2);
      for (const { stderr } of refused)
        expect(stderr).toMatch(
          /^--out: found [^\n]*, where another sweep( \(pid \d+\) is writing| is about to write), allowed: [^\n]*\n$/,
        );
      expect(expected).toContainEqual(resultIn(out));
      expect(readdirSync(out).sort()).toEqual(['experiment.json', 'map.png', 'trials.csv']);
      statuses.push(...ends.map(({ status }) => status));
      expect(ends.map(({ status }) => status)).toContain(0);
    }
    expect(new Set(statuses)).toEqual(new Set([0, 2]));
    expect(statuses).toHaveLength(12 * BATCHES);
  });

  test('one that was killed is gone on with; another document is still refused', async () => {
    const { file, out } = experimentFile(experimentDocument('long', 2000));
    const another = experimentFile(other);
    const call = [file, '--out', out, ...REFERENCE];
    const sweep = await startCompiledSweep(call);
    await until(() => keptTrials(out) > 0 || sweep.hasEnded());
    const meanwhile = await startCompiledSweep([another.file, '--out', out, ...REFERENCE]);
    const refusal = await meanwhile.ended;
    expect(refusal.status).toBe(2);
    expect(refusal.stderr).toContain(`another sweep (pid ${sweep.pid}) is writing`);
    sweep.signal('SIGKILL');
    await sweep.ended;
    expect(readdirSync(out)).toEqual(['.lock', 'checkpoint.jsonl']);
    const { status, stderr } = await sweepHere([another.file, '--out', out, ...REFERENCE]);
    expect(status).toBe(2);
    expect(stderr).toContain('kept by a sweep with another experiment');
    expect(readdirSync(out)).toEqual(['checkpoint.jsonl']);
    expect(await sweepHere(call)).toEqual({ status: 0, stderr: '' });
    expect(readdirSync(out).sort()).toEqual(['experiment.json', 'map.png', 'trials.csv']);
  });
});

test('two tasks for a part: the second waits, and finds it whole; of one that was killed it takes what is kept', async () => {
  const { file, out } = experimentFile(experimentDocument('part', 2000));
  const call = [file, '--out', out, ...REFERENCE, '--part', '1/2'];
  const folder = join(out, 'part-1-of-2');
  const killed = await startCompiledSweep(call);
  await until(() => keptTrials(folder) > 0 || killed.hasEnded());
  killed.signal('SIGKILL');
  await killed.ended;
  expect(readdirSync(folder)).toEqual(['.lock', 'checkpoint.jsonl', 'experiment.json']);
  const kept = keptTrials(folder);
  const [first, second] = await Promise.all([startCompiledSweep(call), startCompiledSweep(call)]);
  const ends = await Promise.all([first.ended, second.ended]);
  expect(ends.map(({ status }) => status)).toEqual([0, 0]);
  expect(ends.map(({ stderr }) => stderr).sort()).toEqual([
    '',
    expect.stringMatching(/^(waits: .*another sweep.*\n)?part 1\/2 is whole: nothing is left to train\n$/),
  ]);
  expect(kept).toBeGreaterThan(0);
  expect(readdirSync(folder)).toEqual(['experiment.json', 'outcomes.bin', 'part.json']);
});

function experimentDocument(name: string, steps: number) {
  return { ...smallDocument(5, 5, steps), name };
}

/** Every byte of a result. */
function resultIn(out: string) {
  return ['trials.csv', 'map.png', 'experiment.json'].map((name) =>
    readFileSync(join(out, name)).toString('latin1'),
  );
}

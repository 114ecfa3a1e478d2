import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { experimentFile, smallDocument, startCompiledSweep, sweepHere } from './commands';

const REFERENCE = ['--engine', 'reference'];
const FILES = ['trials.csv', 'traces.csv', 'map.png', 'experiment.json', 'checkpoint.jsonl', '.lock'];

/** Puts something at a path. */
const KINDS: Readonly<Record<string, (path: string) => unknown>> = {
  'a symbolic link': (path) => {
    writeFileSync(`${path}.target`, 'mine');
    symlinkSync(`${path}.target`, path);
  },
  'a named pipe (FIFO)': (path) => spawnSync('mkfifo', [path]),
  'a directory': (path) => mkdirSync(path),
  'a socket': (path) =>
    new Promise<void>((resolve) => {
      const server = createServer().listen(path, resolve);
      onTestFinished(() => void server.close());
    }),
  'a regular file': (path) => writeFileSync(path, 'mine'),
};

describe.skipIf(process.platform === 'win32')('in the place of what a sweep writes', () => {
  test.each([
    ...FILES.flatMap((name) =>
      ['a symbolic link', 'a named pipe (FIFO)', 'a directory', 'a socket'].map(
        (kind) => [kind, name, 'a regular file'] as const,
      ),
    ),
    ...['a symbolic link', 'a named pipe (FIFO)', 'a socket', 'a regular file'].map(
      (kind) => [kind, '.partial', 'a directory'] as const,
    ),
  ])('%s named %s is refused before anything begins', async (kind, name, allowed) => {
    const { file, out } = experimentFile(smallDocument(1, 1, 1));
    mkdirSync(out);
    const path = join(out, name);
    await KINDS[kind]!(path);
    const before = readdirSync(out);
    let asked = 0;
    const gpu = async () => {
      asked += 1;
      return undefined;
    };
    const { status, stderr } = await sweepHere([file, '--out', out], { gpu });
    expect(status).toBe(2);
    expect(stderr).toBe(`--out: found ${path}, ${kind}, allowed: ${allowed} there, or nothing\n`);
    expect(asked).toBe(0);
    expect(readdirSync(out)).toEqual(before);
  });

  test('a link to a folder may be the folder', async () => {
    const { file, folder, out } = experimentFile(smallDocument(1, 1, 1));
    mkdirSync(join(folder, 'real'));
    symlinkSync('real', out);
    expect(await sweepHere([file, '--out', out, ...REFERENCE])).toEqual({ status: 0, stderr: '' });
    expect(readdirSync(join(folder, 'real')).sort()).toEqual(['experiment.json', 'map.png', 'trials.csv']);
  });

  test('a pipe is no folder', async () => {
    const { file, out } = experimentFile(smallDocument(1, 1, 1));
    spawnSync('mkfifo', [out]);
    const { status, stderr } = await sweepHere([file, '--out', out, ...REFERENCE]);
    expect(status).toBe(2);
    expect(stderr).toContain(`${out}, a named pipe (FIFO), allowed: a directory there, or nothing`);
  });
});

test.skipIf(process.platform !== 'linux')('a folder that cannot be made is refused', async () => {
  const { file } = experimentFile(smallDocument(1, 1, 1));
  for (const out of ['/proc/nothing/here', '/proc/nothing']) {
    const { status, stderr } = await sweepHere([file, '--out', out, ...REFERENCE]);
    expect(status).toBe(2);
    expect(stderr).toBe(`--out: found ${out} (ENOENT), allowed: a folder that can be read and written\n`);
  }
});

describe('an experiment', () => {
  test.skipIf(process.platform === 'win32')('may come through a pipe', async () => {
    const { file, folder, out } = experimentFile(smallDocument(2, 1, 5));
    const pipe = join(folder, 'pipe');
    spawnSync('mkfifo', [pipe]);
    const sweep = await startCompiledSweep([pipe, '--out', out, ...REFERENCE]);
    writeFileSync(pipe, readFileSync(file));
    expect(await sweep.ended).toEqual({ status: 0, stdout: '', stderr: '' });
    await sweepHere([file, '--out', `${out}-here`, ...REFERENCE]);
    for (const name of ['trials.csv', 'experiment.json'])
      expect(readFileSync(join(out, name), 'utf8')).toBe(readFileSync(join(`${out}-here`, name), 'utf8'));
  });

  test.skipIf(process.platform === 'win32')('that never comes does not keep the command', async () => {
    const { folder, out } = experimentFile({});
    const pipe = join(folder, 'pipe');
    spawnSync('mkfifo', [pipe]);
    const sweep = await startCompiledSweep([pipe, '--out', out, ...REFERENCE]);
    await new Promise((resolve) => setTimeout(resolve, 1000)); // it has been waiting for a while
    sweep.signal('SIGTERM');
    expect(await sweep.ended).toEqual({ status: 130, stdout: '', stderr: 'interrupted\n' });
  });

  test('is no directory', async () => {
    const { file, out } = experimentFile({});
    const { status, stderr } = await sweepHere([dirname(file), '--out', out]);
    expect(status).toBe(2);
    expect(stderr).toContain(`EXPERIMENT.json: found "${dirname(file)}" (a directory), allowed: a file\n`);
  });

  test.skipIf(process.platform === 'win32')('has an end', async () => {
    const { out } = experimentFile({});
    const { status, stderr } = await sweepHere(['/dev/zero', '--out', out]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/"\/dev\/zero" \(too large\), allowed: a file of at most \d+ bytes\n$/);
  });

  test.each([
    ['a byte-order mark, which is read over', Buffer.from('\uFEFF'), 0, /^$/],
    ['a byte that is no text', Buffer.of(0xff), 2, /^[^\n]+ allowed: UTF-8\n$/],
  ])('with %s', async (_what, first, status, words) => {
    const { file, out } = experimentFile('');
    writeFileSync(file, Buffer.concat([first, Buffer.from(JSON.stringify(smallDocument(1, 1, 1)))]));
    const end = await sweepHere([file, '--out', out, ...REFERENCE]);
    expect(end.status).toBe(status);
    expect(end.stderr).toMatch(words);
  });
});

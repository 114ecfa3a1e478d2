import { spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { collectChatter } from '../../src/cli/chatter.mjs';
import { standardError, STDERR_VARIABLE } from '../../src/cli/stream.mjs';
import { experimentFile, smallDocument, startSweep, temporaryFolder } from './commands';

const CHATTER = 'Warning: a driver lacks something\n  - While looking at it\n\n';
const MARKED = 'gpu library: Warning: a driver lacks something\ngpu library:   - While looking at it\n';

/** A small sweep in whose process, though not in the launcher's, a script runs first that writes to descriptor 2. */
async function sweepAfter(script: string, ...options: readonly string[]) {
  const { file, folder, out } = experimentFile(smallDocument(2, 2, 5));
  const first = join(folder, 'first.cjs');
  const chatter = `require('node:fs').writeSync(2, ${JSON.stringify(CHATTER)});`;
  writeFileSync(first, `if (process.env.${STDERR_VARIABLE}) { ${chatter} ${script} }`);
  const call = [file, '--out', out, '--engine', 'reference', ...options];
  const { status, stdout, stderr } = await startSweep(call, { NODE_OPTIONS: `--require=${first}` }).ended;
  expect(stdout).toBe('');
  return { status, stderr };
}

/** An error in the command itself. */
const BROKEN = `
  process.availableMemory = () => { throw new Error('broken'); };
`;

describe('what the GPU library writes to standard error', () => {
  test('is not shown', async () => {
    expect(await sweepAfter('')).toEqual({ status: 0, stderr: '' });
  });

  test('is shown where it is asked for, every line marked', async () => {
    expect(await sweepAfter('', '--verbose')).toEqual({ status: 0, stderr: MARKED });
  });

  test("is shown beside the command's own error", async () => {
    const { status, stderr } = await sweepAfter(BROKEN);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Error: broken\n +at /);
    expect(stderr.endsWith(CHATTER)).toBe(true);
  });

  test("is marked, and the command's own error is not", async () => {
    const { status, stderr } = await sweepAfter(BROKEN, '--verbose');
    expect(status).toBe(1);
    expect(stderr.startsWith(`${MARKED}Error: broken\n`)).toBe(true);
  });

  test('is shown when Node ends the command', async () => {
    const { status, stderr } = await sweepAfter("throw new Error('broken');");
    expect(status).toBe(1);
    expect(stderr.startsWith(CHATTER)).toBe(true);
    expect(stderr).toContain('Error: broken');
  });

  test('is shown when the command ends without a word', async () => {
    expect(await sweepAfter('process.exit(13);')).toEqual({ status: 13, stderr: CHATTER });
  });

  test('is shown after a crash', async () => {
    const { status, stderr } = await sweepAfter("process.kill(process.pid, 'SIGKILL');");
    expect(status).toBe(128 + 9);
    expect(stderr).toBe(`the command was ended by SIGKILL\n${CHATTER}`);
  });
});

test('of much chatter the end is kept', async () => {
  const stream = new PassThrough();
  const unseen = collectChatter(stream, undefined);
  for (let line = 0; line < 20_000; line += 1) stream.write(`line ${line}\n`);
  stream.end();
  await new Promise((resolve) => stream.once('close', resolve));
  expect(unseen()).toHaveLength(2 ** 16);
  expect(unseen().endsWith('line 19998\nline 19999\n')).toBe(true);
});

describe.skipIf(process.platform === 'win32')("the command's own words", () => {
  test('arrive whole where they are read slowly', async () => {
    const folder = temporaryFolder();
    const pipe = join(folder, 'pipe');
    const file = join(folder, 'read');
    spawnSync('mkfifo', [pipe]);
    const words = 'words '.repeat(2 ** 16);
    const descriptor = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    const read = openSync(file, 'w');
    const reader = spawn('head', ['-c', String(words.length), pipe], { stdio: ['ignore', read, 'inherit'] });
    standardError(descriptor).write(words);
    await new Promise((resolve) => reader.once('exit', resolve));
    closeSync(descriptor);
    closeSync(read);
    expect(readFileSync(file, 'utf8')).toBe(words);
  });

  test('are dropped where nobody reads', () => {
    const descriptor = openSync('/dev/null', 'r');
    standardError(descriptor).write('words');
    closeSync(descriptor);
  });
});

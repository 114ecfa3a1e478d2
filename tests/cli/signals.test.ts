import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { STDERR_VARIABLE } from '../../src/cli/stream.mjs';
import { uniform } from '../../src/experiment/random';
import { EVERY } from '../every';
import { experimentFile, smallDocument, startCompiledSweep, startSweep, sweepHere, until } from './commands';

const REFERENCE = ['--engine', 'reference'];
const DOCUMENT = smallDocument(14, 14, 500);

/** Milliseconds after which a command has ended: two seconds, and what a machine takes that does much else besides. */
const LIMIT = 4000;
/** Milliseconds within which signals come: from before the program's first line to about the end of a sweep. */
const WITHIN = 1200;
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGKILL'] as const;
const OF_EACH_WAY = EVERY ? 20 : 10;

const trialsOf = (out: string) => readFileSync(join(out, 'trials.csv'), 'utf8');
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

type Start = (args: readonly string[]) => Promise<ReturnType<typeof startSweep>>;

/** Sweeps of which each gets a signal, on one folder until they have come to a result, and then on the next. */
async function disturbed(start: Start, seed: number) {
  const ends: { words: string; took: number }[] = [];
  const results: string[] = [];
  for (let signals = 0; signals < OF_EACH_WAY;) {
    const { file, out } = experimentFile(DOCUMENT);
    for (let done = false; !done;) {
      const sweep = await start([file, '--out', out, ...REFERENCE]);
      const wait = sleep(WITHIN * uniform(seed, 'jitter', 0, ends.length));
      await (signals < OF_EACH_WAY ? Promise.race([wait, sweep.ended]) : sweep.ended);
      const began = performance.now();
      if (!sweep.hasEnded()) sweep.signal(SIGNALS[signals++ % SIGNALS.length]!);
      const { status, stderr } = await sweep.ended;
      ends.push({ words: `${status}: ${stderr}`, took: performance.now() - began });
      done = status === 0;
    }
    results.push(trialsOf(out));
  }
  return { ends, results };
}

test(`${2 * OF_EACH_WAY} signals: sweeps end at any time, and go on to the same bytes`, async () => {
  const { file, out } = experimentFile(DOCUMENT);
  await sweepHere([file, '--out', out, ...REFERENCE]);
  const undisturbed = trialsOf(out);
  const ways = [async (args) => startSweep(args), startCompiledSweep] satisfies Start[];
  for (const { ends, results } of await Promise.all(ways.map(disturbed))) {
    // Nothing is said where the program has not begun, is done, or is killed; the command whose launcher is killed says it.
    for (const { words } of ends)
      expect(words).toMatch(/^(0: |130: interrupted[^\n]*\n|null: (interrupted[^\n]*\n)?)$/);
    expect(ends.filter(({ words }) => words.startsWith('130: ')).length).toBeGreaterThan(2);
    expect(Math.max(...ends.map(({ took }) => took))).toBeLessThan(LIMIT);
    expect(new Set(results)).toEqual(new Set([undisturbed]));
  }
});

/** In the command's process, not in the launcher's, the checkpoint is read for ever. */
const BLOCKED = `
  if (process.env.${STDERR_VARIABLE}) {
    const fs = require('node:fs');
    const { readFileSync } = fs;
    fs.readFileSync = (file, ...rest) => {
      if (!String(file).endsWith('checkpoint.jsonl')) return readFileSync(file, ...rest);
      fs.writeFileSync(process.env.TEST_BLOCKED, '');
      for (;;);
    };
    require('node:module').syncBuiltinESMExports();
  }
`;

test.each(['SIGTERM', 'SIGINT'] as const)(
  'a command that hears nothing is ended after %s',
  async (signal) => {
    const { file, folder, out } = experimentFile(smallDocument(2, 1, 5));
    const [first, blocked] = [join(folder, 'first.cjs'), join(folder, 'blocked')];
    writeFileSync(first, BLOCKED);
    const call = [file, '--out', out, ...REFERENCE];
    const sweep = startSweep(call, { NODE_OPTIONS: `--require=${first}`, TEST_BLOCKED: blocked });
    await until(() => readdirSync(folder).includes('blocked') || sweep.hasEnded());
    const began = performance.now();
    sweep.signal(signal);
    const { status, stderr } = await sweep.ended;
    expect([status, stderr]).toEqual([
      130,
      'interrupted; what a sweep has finished is kept, and the same call goes on from there\n',
    ]);
    expect(performance.now() - began).toBeLessThan(LIMIT);
    expect(readdirSync(out)).toEqual(['.lock']);
    expect(await sweepHere(call)).toEqual({ status: 0, stderr: '' });
    expect(readdirSync(out).sort()).toEqual(['experiment.json', 'map.png', 'trials.csv']);
  },
);

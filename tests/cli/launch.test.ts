import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WRONG_DOCUMENTS } from '../experiment/wrong_documents';
import { experimentFile, keptTrials, smallDocument, startSweep, sweepHere, until } from './commands';
import { tried } from '../every';

const REFERENCE = ['--engine', 'reference'];
const trialsOf = (out: string) => readFileSync(join(out, 'trials.csv'), 'utf8');

test('a result, and not a word', async () => {
  const { file, out } = experimentFile(smallDocument(2, 2, 5));
  const sweep = startSweep([file, '--out', out, ...REFERENCE]);
  expect(await sweep.ended).toEqual({ status: 0, stdout: '', stderr: '' });
  const here = `${out}-here`;
  await sweepHere([file, '--out', here, ...REFERENCE]);
  expect(trialsOf(out)).toBe(trialsOf(here));
});

test.each(
  WRONG_DOCUMENTS.filter((_, index) => index % 25 === 0).map((wrong) => [wrong.title, wrong] as const),
)('wrong document: %s', async (_title, { text, path }) => {
  const { file, folder, out } = experimentFile(text);
  const { status, stdout, stderr } = await startSweep([file, '--out', out]).ended;
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^[^\n]+\n$/);
  expect(stderr).toContain(path);
  expect(readdirSync(folder)).toEqual(['experiment.json']);
});

test('no adapter', async () => {
  const { file, out } = experimentFile(smallDocument(2, 2, 5));
  const sweep = startSweep([file, '--out', out], { VK_DRIVER_FILES: '/nonexistent' });
  const { status, stdout, stderr } = await sweep.ended;
  expect([status, stdout]).toEqual([3, '']);
  expect(stderr).toContain('--engine reference works without');
  expect(existsSync(out)).toBe(false);
});

/**
 * Disturbs a sweep once its first outcomes are kept, resumes it, and compares with one that nobody disturbed.
 * @returns how the disturbed one ended, and what it left
 */
async function resumed(
  document: unknown,
  engine: string,
  disturb: (sweep: ReturnType<typeof startSweep>) => unknown,
) {
  const { file, out } = experimentFile(document);
  const call = [file, '--out', out, '--engine', engine];
  const sweep = startSweep(call);
  await until(() => keptTrials(out) > 0 || sweep.hasEnded());
  await disturb(sweep);
  const end = { ...(await sweep.ended), kept: keptTrials(out), files: readdirSync(out) };
  expect(await startSweep(call).ended).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(readdirSync(out).sort()).toEqual(['experiment.json', 'map.png', 'trials.csv']);
  expect(trialsOf(out)).toBe(await undisturbed(document, engine));
  return end;
}

/** The trials of sweeps that nobody disturbed. */
const whole = new Map<unknown, Promise<string>>();
function undisturbed(document: unknown, engine: string): Promise<string> {
  const trials = whole.get(document) ?? undisturbedTrials(document, engine);
  whole.set(document, trials);
  return trials;
}
async function undisturbedTrials(document: unknown, engine: string): Promise<string> {
  const { file, out } = experimentFile(document);
  const sweep = startSweep([file, '--out', out, '--engine', engine]);
  expect(await sweep.ended).toEqual({ status: 0, stdout: '', stderr: '' });
  return trialsOf(out);
}

describe('an interrupted sweep goes on to the same bytes', () => {
  const long = smallDocument(14, 14, 150);
  const wide = { ...smallDocument(16, 16, 60), rule: { type: 'sohl-dickstein' } };
  const small = {
    ...smallDocument(9, 9, 12),
    arms: [{ name: 'plain', set: { 'model.normalization.type': 'none' } }],
  };

  type Case = [
    how: string,
    document: unknown,
    engine: string,
    signals: number,
    toAll: boolean,
    name: NodeJS.Signals,
  ];
  const always: Case[] = [
    ['after SIGTERM', long, 'reference', 1, false, 'SIGTERM'],
    ['after Ctrl-C twice', long, 'reference', 2, true, 'SIGINT'],
    ['on the GPU', small, 'layered', 1, false, 'SIGINT'],
  ];
  const others: Case[] = [
    ['after SIGINT to the launcher', long, 'reference', 1, false, 'SIGINT'],
    ['after Ctrl-C in a terminal, which reaches every process', long, 'reference', 1, true, 'SIGINT'],
    [
      'on the GPU, by the default engine, where losses turn to NaN and train on',
      wide,
      'fused',
      1,
      false,
      'SIGINT',
    ],
  ];
  test.each(tried(always, others))('%s', async (_how, document, engine, signals, toAll, name) => {
    const { status, stdout, stderr, kept, files } = await resumed(document, engine, (sweep) => {
      for (let signal = 0; signal < signals; signal += 1) sweep[toAll ? 'signalGroup' : 'signal'](name);
    });
    expect([status, stdout, files]).toEqual([130, '', ['checkpoint.jsonl']]);
    expect(kept).toBeGreaterThan(0);
    expect(stderr).toMatch(new RegExp(`^interrupted: ${kept} of \\d+ trials kept in [^\\n]*\\n$`));
  });

  test('after being killed at a random moment', async () => {
    const { kept } = await resumed(long, 'reference', async (sweep) => {
      await new Promise((resolve) => setTimeout(resolve, 100 * Math.random()));
      sweep.signalGroup('SIGKILL');
    });
    expect(kept).toBeGreaterThan(0);
  });

  test('after the launcher was killed, which the sweep notices', async () => {
    const { kept, files } = await resumed(long, 'reference', (sweep) => sweep.signal('SIGKILL'));
    expect(kept).toBeGreaterThan(0);
    expect(files).toEqual(['checkpoint.jsonl']);
  });
});

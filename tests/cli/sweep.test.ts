import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { version } from '../../package.json';
import { axisValues } from '../../src/experiment/axes';
import { parseExperiment } from '../../src/experiment/parse';
import { ReferenceEngine } from '../../src/training/reference_engine';
import { WRONG_DOCUMENTS } from '../experiment/wrong_documents';
import { comparableSteps, GOLDEN_RUNS, relativeErrors } from '../golden_runs';
import { runSweep } from '../sweeps';
import { experimentFile, keptTrials, smallDocument, sweepHere } from './commands';
import { decodePng } from '../decode_png';

const TRIALS_HEADER =
  'arm,replicate,ix,iy,x,y,class,score,loss_initial,loss_final,loss_min,diverged_at,state';
const TRACES_HEADER = 'arm,replicate,ix,iy,step,loss,gradient_norm,weight_norm';
const REFERENCE = ['--engine', 'reference'];

const read = (out: string, name: string) => readFileSync(join(out, name), 'utf8');
const rowsOf = (csv: string) =>
  csv
    .split('\n')
    .slice(1, -1)
    .map((line) => line.split(','));

describe('a wrong call', () => {
  test.each(WRONG_DOCUMENTS.map((wrong) => [wrong.title, wrong] as const))(
    'document: %s',
    async (_title, { text, path, allowed }) => {
      const { file, folder, out } = experimentFile(text);
      const { status, stderr } = await sweepHere([file, '--out', out, ...REFERENCE]);
      expect(status).toBe(2);
      expect(stderr).toMatch(/^[^\n]+\n$/);
      expect(stderr.startsWith(`${path || 'document'}: found `)).toBe(true);
      expect(stderr).toContain(allowed);
      expect(readdirSync(folder)).toEqual(['experiment.json']);
    },
  );

  test('a document that is not there', async () => {
    const { folder, out } = experimentFile({});
    const { status, stderr } = await sweepHere([join(folder, 'no\nsuch.json'), '--out', out]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^EXPERIMENT.json: found ".*no such.json" \(ENOENT\), allowed: .*\n$/);
    expect(existsSync(out)).toBe(false);
  });

  test('a result that is none', async () => {
    const result = { version: 1, engine: 'reference', adapter: 'CPU' };
    const { file, out } = experimentFile({ ...smallDocument(1, 1, 1), result });
    const { status, stderr } = await sweepHere([file, '--out', out, ...REFERENCE]);
    expect([status, stderr]).toEqual([2, 'result.version: found 1, allowed: a text\n']);
    expect(existsSync(out)).toBe(false);
  });

  test('a shape of an engine that has none', async () => {
    const { file, out } = experimentFile(smallDocument(3, 2, 2));
    const shape = 'single-4-interleaved-rows';
    const { status, stderr } = await sweepHere([file, '--out', out, ...REFERENCE, '--shape', shape]);
    expect(status).toBe(2);
    expect(stderr).toBe(
      `--shape: found "${shape}", allowed: what the reference engine has for these networks here\n`,
    );
    expect(existsSync(out)).toBe(false);
  });

  test('a cell outside the map', async () => {
    const { file, out } = experimentFile(smallDocument(3, 2, 2));
    const { status, stderr } = await sweepHere([file, '--out', out, ...REFERENCE, '--trace', '0,2']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^--trace: found "0,2", allowed: IX from 0 to 2, IY from 0 to 1, or all\n$/);
    expect(existsSync(out)).toBe(false);
  });

  test('a folder that is a file', async () => {
    const { file, out } = experimentFile(smallDocument(1, 1, 1));
    writeFileSync(out, 'notes');
    const { status, stderr } = await sweepHere([file, '--out', out, ...REFERENCE]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^--out: found .*\n$/);
    expect(readFileSync(out, 'utf8')).toBe('notes');
  });

  test('no adapter', async () => {
    const { file, out } = experimentFile(smallDocument(1, 1, 1));
    const { status, stderr } = await sweepHere([file, '--out', out]);
    expect(status).toBe(3);
    expect(stderr).toMatch(/^[^\n]*--engine reference[^\n]*\n$/);
    expect(existsSync(out)).toBe(false);
  });
});

describe('results', () => {
  test('one line a trial, in order, every number exactly', async () => {
    const document = { ...smallDocument(4, 3, 30), replicates: 2 };
    const { file, out } = experimentFile(document);
    expect(await sweepHere([file, '--out', out, ...REFERENCE])).toEqual({ status: 0, stderr: '' });
    expect(readdirSync(out).sort()).toEqual(['experiment.json', 'map.png', 'trials.csv']);

    const experiment = parseExperiment(document);
    const { results } = await runSweep(experiment, async () => new ReferenceEngine());
    const x = axisValues(experiment.axes.x);
    const y = axisValues(experiment.axes.y!);
    const expected = [TRIALS_HEADER];
    for (let arm = 0, trial = 0; arm < 2; arm += 1)
      for (let replicate = 0; replicate < 2; replicate += 1)
        for (let iy = 0; iy < 3; iy += 1)
          for (let ix = 0; ix < 4; ix += 1, trial += 1) {
            const { score, lossInitial, lossFinal, lossMin, divergedAt } = results;
            const losses = [score, lossInitial, lossFinal, lossMin].map((column) => String(column[trial]));
            const where = [arm, replicate, ix, iy, x[ix], y[iy], results.classOf(trial)];
            expected.push([...where, ...losses, divergedAt[trial], results.stateOf(trial)].join(','));
          }
    expect(read(out, 'trials.csv')).toBe(`${expected.join('\n')}\n`);
    const classes = new Set(rowsOf(read(out, 'trials.csv')).map((row) => row[6]));
    expect(classes).toEqual(new Set(['converged', 'stalled', 'diverged']));

    const map = decodePng(readFileSync(join(out, 'map.png')));
    expect([map.width, map.height]).toEqual([2 * 256 + 16, 3 * 86]);
  });

  test('without a second axis y is empty; infinite losses are written as words', async () => {
    const { axes, ...rest } = smallDocument(3, 1, 40);
    const document = {
      ...rest,
      model: { ...rest.model, activation: 'identity' },
      axes: { x: { ...axes.x, from: 1e10, to: 1e30 } },
      rule: { type: 'sohl-dickstein' },
      arms: [{ name: 'plain', set: { 'model.normalization.type': 'none' } }],
    };
    const { file, out } = experimentFile(document);
    expect((await sweepHere([file, '--out', out, ...REFERENCE])).status).toBe(0);
    const rows = rowsOf(read(out, 'trials.csv'));
    expect(rows.map((row) => row.slice(0, 4).join())).toEqual(['0,0,0,0', '0,0,1,0', '0,0,2,0']);
    expect(rows.map((row) => row[5])).toEqual(['', '', '']);
    expect(rows.map((row) => row[6])).toEqual(['diverged', 'diverged', 'diverged']);
    for (const row of rows) expect(row[9]).toMatch(/^(NaN|Infinity)$/);
  });

  test('the written experiment has every default, says what it ran on, and runs again to the same result', async () => {
    const document = smallDocument(3, 2, 10);
    const { file, out } = experimentFile(document);
    expect((await sweepHere([file, '--out', out, ...REFERENCE])).status).toBe(0);
    const written: unknown = JSON.parse(read(out, 'experiment.json'));
    expect(written).toEqual({
      ...parseExperiment(document),
      result: { version, engine: 'reference', adapter: new ReferenceEngine().adapter },
    });
    const again = join(out, 'again');
    expect(await sweepHere([join(out, 'experiment.json'), '--out', again, ...REFERENCE])).toEqual({
      status: 0,
      stderr: '',
    });
    for (const name of ['trials.csv', 'experiment.json']) expect(read(again, name)).toBe(read(out, name));
  });

  test('the map holds the experiment, and runs again to the same result', async () => {
    const { file, out } = experimentFile({ ...smallDocument(3, 2, 10), name: 'gain × “rate”' });
    expect((await sweepHere([file, '--out', out, ...REFERENCE])).status).toBe(0);
    const [keyword, text] = decodePng(readFileSync(join(out, 'map.png'))).text!;
    expect(keyword).toBe('normscape');
    expect(JSON.parse(text!)).toEqual(JSON.parse(read(out, 'experiment.json')));
    const again = join(out, 'again');
    expect((await sweepHere([join(out, 'map.png'), '--out', again, ...REFERENCE])).status).toBe(0);
    for (const name of ['trials.csv', 'experiment.json', 'map.png'])
      expect(readFileSync(join(again, name))).toEqual(readFileSync(join(out, name)));
  });

  test('a new result replaces the old one, and leaves what is not its own', async () => {
    const { file, out } = experimentFile(smallDocument(2, 1, 5));
    await sweepHere([file, '--out', out, ...REFERENCE, '--trace', 'all']);
    mkdirSync(join(out, '.partial'));
    writeFileSync(join(out, '.partial', 'trials.csv'), 'torn');
    writeFileSync(join(out, 'notes.txt'), 'mine');
    const old = read(out, 'trials.csv');
    writeFileSync(file, JSON.stringify(smallDocument(2, 1, 6)));
    expect((await sweepHere([file, '--out', out, ...REFERENCE])).status).toBe(0);
    expect(read(out, 'trials.csv')).not.toBe(old);
    expect(readdirSync(out).sort()).toEqual(['experiment.json', 'map.png', 'notes.txt', 'trials.csv']);
  });
});

test('progress is one line, on a terminal only', async () => {
  const { file, out } = experimentFile(smallDocument(4, 4, 20));
  let shown = '';
  const onTerminal = await sweepHere([file, '--out', out, ...REFERENCE, '--trace', 'all'], {
    terminal: (text) => (shown += text),
  });
  expect(onTerminal.status).toBe(0);
  expect(shown).not.toContain('\n');
  const lines = shown.split('\r').slice(1);
  expect(lines.at(-1)).toBe('\u001b[K');
  const line =
    /^(training|tracing) \d+ % · \d+ of 32 trials · [\d.]+(\u202f[kMG])? trial-steps\/s · .+ left$/;
  for (const text of lines.slice(0, -1)) expect(text.replace('\u001b[K', '')).toMatch(line);
  expect(shown).toContain('training');
  expect(shown).toContain('tracing');
});

describe('traces', () => {
  test('of one cell: all arms and replicates, as PyTorch trained them', async () => {
    const golden = GOLDEN_RUNS.find(({ name }) => name === 'relu-4x16')!;
    const { file, out } = experimentFile(golden.experiment);
    expect((await sweepHere([file, '--out', out, ...REFERENCE, '--trace', '1,0'])).status).toBe(0);
    const [header] = read(out, 'traces.csv').split('\n');
    expect(header).toBe(TRACES_HEADER);
    const rows = rowsOf(read(out, 'traces.csv')).map((row) => row.map(Number));
    expect(new Set(rows.map(([, , ix, iy]) => `${ix},${iy}`))).toEqual(new Set(['1,0']));
    let compared = 0;
    for (const trace of golden.traces.filter(({ ix, iy }) => ix === 1 && iy === 0)) {
      const own = rows.filter(([arm]) => arm === trace.arm);
      expect(own.map((row) => row[4])).toEqual([...own.keys()]);
      const steps = comparableSteps(trace);
      expect(own.length).toBeGreaterThanOrEqual(steps);
      for (const [column, expected] of [
        [5, trace.loss],
        [6, trace.gradient_norm],
        [7, trace.weight_norm],
      ] as const) {
        const actual = own.map((row) => row[column]!);
        expect(Math.max(...relativeErrors(actual, expected, steps))).toBeLessThan(1e-9);
      }
      compared += 1;
    }
    expect(compared).toBe(2);
  });

  test('of all trials, in the order of the trials, whose outcomes they leave as they are', async () => {
    const { file, out } = experimentFile({ ...smallDocument(3, 2, 20), replicates: 2 });
    await sweepHere([file, '--out', out, ...REFERENCE]);
    const trials = read(out, 'trials.csv');
    expect((await sweepHere([file, '--out', out, ...REFERENCE, '--trace', 'all'])).status).toBe(0);
    expect(read(out, 'trials.csv')).toBe(trials);
    const rows = rowsOf(read(out, 'traces.csv'));
    const order = rows.map((row) => row.slice(0, 4).join()).filter((cell, i, all) => cell !== all[i - 1]);
    expect(order).toEqual(rowsOf(trials).map((row) => row.slice(0, 4).join()));
    for (const trial of rowsOf(trials)) {
      const trace = rows.filter((row) => row.slice(0, 4).join() === trial.slice(0, 4).join());
      const divergedAt = Number(trial[11]);
      expect(trace).toHaveLength(divergedAt < 0 ? 20 : divergedAt + 1);
      expect(trace[0]![5]).toBe(trial[8]);
    }
  });
});

describe('an interruption', () => {
  test('before the first step keeps nothing; the next call does it all', async () => {
    const { file, out } = experimentFile(smallDocument(2, 1, 5));
    const interrupted = await sweepHere([file, '--out', out, ...REFERENCE], {
      interrupt: AbortSignal.abort(),
    });
    expect(interrupted.status).toBe(130);
    expect(interrupted.stderr).toMatch(/^interrupted: 0 of 4 trials kept in [^\n]*\n$/);
    expect(readdirSync(out)).toEqual(['checkpoint.jsonl']);
    expect((await sweepHere([file, '--out', out, ...REFERENCE])).status).toBe(0);
    expect(readdirSync(out).sort()).toEqual(['experiment.json', 'map.png', 'trials.csv']);
  });

  test('keeps what went wrong before, and the result tells it', async () => {
    const { file, out } = experimentFile(smallDocument(2, 1, 5));
    const call = [file, '--out', out, ...REFERENCE];
    await sweepHere(call, { interrupt: AbortSignal.abort() });
    const fault = JSON.stringify({ fault: 'GPU: a trial made 3 steps.' });
    const sum = crc32(fault).toString(16).padStart(8, '0');
    appendFileSync(join(out, 'checkpoint.jsonl'), `{"crc32":"${sum}",${fault.slice(1)}\n`);
    expect((await sweepHere(call)).status).toBe(0);
    const { result }: { result: object } = JSON.parse(read(out, 'experiment.json'));
    expect(result).toMatchObject({ faults: ['GPU: a trial made 3 steps.'] });
  });

  test('while traces are made keeps all outcomes', async () => {
    const document = smallDocument(6, 6, 60);
    const { file, out } = experimentFile(document);
    const interrupt = new AbortController();
    const call = [file, '--out', out, ...REFERENCE, '--trace', 'all'];
    const interrupted = await sweepHere(call, {
      interrupt: interrupt.signal,
      terminal: (text) => text.includes('tracing') && interrupt.abort(),
    });
    expect(interrupted.status).toBe(130);
    expect(interrupted.stderr).toContain('interrupted: 72 of 72 trials ');
    expect(keptTrials(out)).toBe(72);
    expect(readdirSync(out)).toEqual(['checkpoint.jsonl']);
    expect((await sweepHere(call)).status).toBe(0);
    const fresh = join(out, 'fresh');
    await sweepHere([file, '--out', fresh, ...REFERENCE, '--trace', 'all']);
    for (const name of ['trials.csv', 'traces.csv']) expect(read(out, name)).toBe(read(fresh, name));
  });

  test('does not lend its outcomes to another experiment', async () => {
    const { file, out } = experimentFile(smallDocument(2, 1, 5));
    await sweepHere([file, '--out', out, ...REFERENCE], {
      interrupt: AbortSignal.abort(),
    });
    const kept = read(out, 'checkpoint.jsonl');
    writeFileSync(file, JSON.stringify(smallDocument(2, 1, 6)));
    const { status, stderr } = await sweepHere([file, '--out', out, ...REFERENCE]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^--out: found [^\n]* with another experiment, allowed: [^\n]*\n$/);
    expect(read(out, 'checkpoint.jsonl')).toBe(kept);
  });
});

import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sealed } from '../../src/cli/sealed';
import { gridOf } from '../../src/experiment/axes';
import { parseExperiment } from '../../src/experiment/parse';
import { EVERY } from '../every';
import { mulberry32 } from '../mulberry32';
import { experimentFile, mergeHere, smallDocument, sweepHere } from './commands';
import { decodePng, pixel } from '../decode_png';

const REFERENCE = ['--engine', 'reference'];
const DONE = { status: 0, stderr: '' };

/** Every file of a result, byte by byte. */
function resultIn(out: string): Record<string, string> {
  const names = readdirSync(out).filter((name) => !name.startsWith('part-'));
  return Object.fromEntries(
    names.sort().map((name) => [name, readFileSync(join(out, name)).toString('latin1')]),
  );
}

const X = { parameter: 'optimizer.learningRate', scale: 'log', from: 0.01, to: 100 };
const Y = [
  { parameter: 'model.initialization.gain', scale: 'log', from: 0.5, to: 4 },
  { parameter: 'optimizer.steps', scale: 'linear', from: 1, to: 6 },
  { parameter: 'model.width', scale: 'linear', from: 1, to: 3 },
];

/** Tiny documents of many shapes, how many parts they are to have, and what is traced. */
function* randomSweeps(count: number) {
  const random = mulberry32(7);
  const below = (most: number) => Math.floor(most * random());
  for (let at = 0; at < count; at += 1) {
    const document = {
      format: 'normscape/experiment',
      version: 1,
      model: { inputs: 2, hidden: [2], outputs: 1, activation: 'tanh' },
      data: { type: 'gaussian', samples: 3 },
      loss: 'half-mse',
      optimizer: { learningRate: 0.1, steps: 1 + below(5) },
      replicates: 1 + below(3),
      axes: {
        x: { ...X, count: 1 + below(6) },
        ...(below(4) > 0 && { y: { ...Y[below(3)], count: 1 + below(4) } }),
      },
      ...(below(3) === 0 && { arms: [{ name: 'one', set: {} }] }),
    };
    const { trials } = gridOf(parseExperiment(document));
    yield {
      document,
      of: Math.min(trials, 1 + below(5)),
      trace: [[], ['--trace', 'all'], ['--trace', '0,0']][below(3)]!,
    };
  }
}

const SWEEPS = EVERY ? 200 : 16;

test(`the parts of ${SWEEPS} sweeps, merged, are the undivided sweep, byte for byte`, async () => {
  const { folder } = experimentFile({});
  const file = join(folder, 'document.json');
  for (const { document, of, trace } of randomSweeps(SWEEPS)) {
    const [whole, parted] = [join(folder, 'whole'), join(folder, 'parted')];
    writeFileSync(file, JSON.stringify(document));
    expect(await sweepHere([file, '--out', whole, ...REFERENCE, ...trace])).toEqual(DONE);
    for (let index = 0; index < of; index += 1) {
      const call = [file, '--out', parted, ...REFERENCE, ...trace, `--part=${index}/${of}`];
      expect(await sweepHere(call)).toEqual(DONE);
    }
    expect(await mergeHere(parted)).toEqual(DONE);
    expect(resultIn(parted)).toEqual(resultIn(whole));
    for (const out of [whole, parted]) rmSync(out, { recursive: true });
  }
});

/** A sweep of which some parts are whole. */
async function partsOf(of: number, indices: readonly number[], options: readonly string[] = []) {
  const { file, folder, out } = experimentFile({ ...smallDocument(5, 4, 12), replicates: 2 });
  const call = (index: number) => [file, '--out', out, ...REFERENCE, ...options, '--part', `${index}/${of}`];
  for (const index of indices) expect(await sweepHere(call(index))).toEqual(DONE);
  return { file, folder, out, call };
}

describe('a part', () => {
  test('that was interrupted goes on from there, and once whole is not trained again', async () => {
    const { file, out, call } = await partsOf(2, [1]);
    const interrupted = await sweepHere(call(0), { interrupt: AbortSignal.abort() });
    expect(interrupted.status).toBe(130);
    expect(interrupted.stderr).toMatch(/^interrupted: 0 of 40 trials kept in [^\n]*part-0-of-2[^\n]*\n$/);
    expect(readdirSync(join(out, 'part-0-of-2')).sort()).toEqual(['checkpoint.jsonl', 'experiment.json']);
    expect(await sweepHere(call(0))).toEqual(DONE);
    const files = ['experiment.json', 'outcomes.bin', 'part.json'];
    expect(readdirSync(join(out, 'part-0-of-2')).sort()).toEqual(files);

    const before = readFileSync(join(out, 'part-0-of-2', 'part.json'), 'utf8');
    writeFileSync(join(out, 'part-0-of-2', 'checkpoint.jsonl'), ''); // killed just before it removed it
    expect(await sweepHere(call(0))).toEqual({
      status: 0,
      stderr: 'part 0/2 is whole: nothing is left to train\n',
    });
    expect(readFileSync(join(out, 'part-0-of-2', 'part.json'), 'utf8')).toBe(before);
    expect(readdirSync(join(out, 'part-0-of-2')).sort()).toEqual(files);

    expect(await mergeHere(out)).toEqual(DONE);
    await sweepHere([file, '--out', `${out}-whole`, ...REFERENCE]);
    expect(resultIn(out)).toEqual(resultIn(`${out}-whole`));
  });

  test('keeps what went wrong, and the result tells it', async () => {
    const { out, call } = await partsOf(2, [1]);
    await sweepHere(call(0), { interrupt: AbortSignal.abort() });
    appendFileSync(join(out, 'part-0-of-2', 'checkpoint.jsonl'), sealed('{"fault":"GPU: lost"}'));
    expect(await sweepHere(call(0))).toEqual(DONE);
    expect(await mergeHere(out)).toEqual(DONE);
    const { result }: { result: object } = JSON.parse(readFileSync(join(out, 'experiment.json'), 'utf8'));
    expect(result).toMatchObject({ faults: ['GPU: lost'] });
  });

  test.each<[what: string, options: string[], steps: number, words: string]>([
    ['experiment', [], 13, 'with another experiment'],
    ['choice of traces', ['--trace', 'all'], 12, 'with another choice of traces'],
  ])('of another %s is refused, and left alone', async (_what, options, steps, words) => {
    const { file, out, call } = await partsOf(2, [0]);
    writeFileSync(file, JSON.stringify({ ...smallDocument(5, 4, steps), replicates: 2 }));
    const before = resultIn(join(out, 'part-0-of-2'));
    const { status, stderr } = await sweepHere([...call(0), ...options]);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^--out: found [^\n]*\n$/)]);
    expect(stderr).toContain(words);
    expect(resultIn(join(out, 'part-0-of-2'))).toEqual(before);
  });

  test('of more than there are trials is refused', async () => {
    const { file, out } = experimentFile(smallDocument(2, 1, 1));
    const { status, stderr } = await sweepHere([file, '--out', out, ...REFERENCE, '--part', '0/5']);
    expect([status, stderr]).toEqual([
      2,
      '--part: found "0/5", allowed: I/N with N at most 4, the number of trials\n',
    ]);
    expect(existsSync(out)).toBe(false);
  });
});

describe('while parts are missing', () => {
  test('each is named, and nothing is written', async () => {
    const { out, call } = await partsOf(4, [1]);
    await sweepHere(call(2), { interrupt: AbortSignal.abort() });
    const { status, stderr } = await mergeHere(out);
    expect(status).toBe(2);
    expect(stderr.split('\n')).toEqual([
      'part 0/4: not begun',
      'part 2/4: 0 of 20 trials',
      'part 3/4: not begun',
      `DIR: found ${out} with 1 of 4 parts whole, without 0,2,3, allowed: all of them, or --partial`,
      '',
    ]);
    expect(readdirSync(out).sort()).toEqual(['part-1-of-4', 'part-2-of-4']);
  });

  test('a partial map shows what there is, as the whole one will', async () => {
    const { file, out, call } = await partsOf(3, [0]);
    let shown = 0;
    const interrupt = new AbortController();
    await sweepHere(call(1), {
      interrupt: interrupt.signal,
      terminal: () => (shown += 1) && interrupt.abort(),
    });
    const { status, stderr } = await mergeHere(out, '--partial');
    expect(status).toBe(0);
    expect(stderr).toMatch(/^part 1\/3: \d+ of 27 trials\npart 2\/3: not begun\n$/);
    expect(readdirSync(out).sort()).toEqual(['map.png', 'part-0-of-3', 'part-1-of-3']);
    const partial = decodePng(readFileSync(join(out, 'map.png')));

    await sweepHere([file, '--out', `${out}-whole`, ...REFERENCE]);
    const whole = decodePng(readFileSync(join(`${out}-whole`, 'map.png')));
    expect([partial.width, partial.height]).toEqual([whole.width, whole.height]);
    const white = Array.from({ length: 2 * 5 * 4 }, (_, cell) => {
      const [x, y] = [(cell % 10) * 52 + (cell % 10 < 5 ? 26 : 42), Math.floor(cell / 10) * 64 + 32];
      return pixel(partial, x, y).join() === '255,255,255';
    }).filter(Boolean);
    expect(white.length).toBeGreaterThan(0);
    expect(white.length).toBeLessThan(40);

    for (const index of [1, 2]) expect(await sweepHere(call(index))).toEqual(DONE);
    expect(await mergeHere(out, '--partial')).toEqual(DONE);
    expect(resultIn(out)).toEqual(resultIn(`${out}-whole`));
    rmSync(join(out, 'part-2-of-3'), { recursive: true });
    const refused = await mergeHere(out, '--partial');
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('with the result of a sweep, allowed: none, for --partial');
    expect(resultIn(out)).toEqual(resultIn(`${out}-whole`));
  });
});

describe('refused by name, and nothing written:', () => {
  const change = (file: string, at: number) => {
    const bytes = readFileSync(file);
    bytes[at]! ^= 1;
    writeFileSync(file, bytes);
  };
  /** As if another program had made a part. */
  const redescribe = (own: string, members: object) => {
    const { crc32: _, ...said }: Record<string, unknown> = JSON.parse(
      readFileSync(join(own, 'part.json'), 'utf8'),
    );
    writeFileSync(join(own, 'part.json'), sealed(JSON.stringify({ ...said, ...members })));
  };

  test.each<[what: string, damage: (own: string, out: string) => unknown, words: RegExp]>([
    [
      'outcomes cut short',
      (own) => truncateSync(join(own, 'outcomes.bin'), 99),
      /part-1-of-2\/outcomes.bin, damaged: 99 bytes of \d+/,
    ],
    [
      'altered outcomes',
      (own) => change(join(own, 'outcomes.bin'), 70),
      /part-1-of-2\/outcomes.bin, damaged: another check sum/,
    ],
    [
      'lost outcomes',
      (own) => rmSync(join(own, 'outcomes.bin')),
      /part-1-of-2\/outcomes.bin, damaged: ENOENT/,
    ],
    [
      'traces cut short',
      (own) => truncateSync(join(own, 'traces.csv'), 999),
      /part-1-of-2\/traces.csv, damaged: 999 bytes of \d+/,
    ],
    [
      'altered traces',
      (own) => change(join(own, 'traces.csv'), 999),
      /part-1-of-2\/traces.csv, damaged: another check sum/,
    ],
    [
      'an altered document',
      (own) => change(join(own, 'experiment.json'), 9),
      /part-1-of-2\/experiment.json, damaged: another check sum/,
    ],
    [
      'an altered description',
      (own) => change(join(own, 'part.json'), 40),
      /part-1-of-2\/part.json, damaged: another check sum/,
    ],
    [
      'a description cut short',
      (own) => truncateSync(join(own, 'part.json'), 40),
      /part-1-of-2\/part.json, damaged: another check sum/,
    ],
    [
      'no description',
      (own) => writeFileSync(join(own, 'part.json'), sealed('{"format":"other"}')),
      /part.json, damaged: no description of a part/,
    ],
    [
      'another engine',
      (own) => redescribe(own, { engine: 'fused' }),
      /part-1-of-2 of another engine than part-0-of-2/,
    ],
    [
      'another adapter',
      (own) => redescribe(own, { adapter: 'GPU' }),
      /part-1-of-2 of another adapter than part-0-of-2/,
    ],
    [
      'another version',
      (own) => redescribe(own, { version: '0.0.1' }),
      /part-1-of-2 of another version of normscape than part-0-of-2/,
    ],
    ['other numerics', (own) => redescribe(own, { numerics: -1 }), /of another version of its numerics than/],
    [
      'another experiment',
      (own) => redescribe(own, { experiment: 'f00' }),
      /part-1-of-2 of another experiment than part-0-of-2/,
    ],
    [
      'other traces',
      (own) => redescribe(own, { trace: '0,0' }),
      /part-1-of-2 of another choice of traces than part-0-of-2/,
    ],
    [
      'another part',
      (own) => redescribe(own, { part: '0/2' }),
      /part-1-of-2 of another part than part-0-of-2/,
    ],
    [
      'a part too many',
      (own, out) => cpSync(own, join(out, 'part-2-of-2'), { recursive: true }),
      /part-2-of-2, allowed: part-I-of-N with I below N/,
    ],
    [
      'parts of two numbers',
      (own, out) => renameSync(own, join(out, 'part-1-of-3')),
      /parts of 2 and of 3 in /,
    ],
    [
      'no parts',
      (_, out) => rmSync(out, { recursive: true }),
      /out \(ENOENT\), allowed: a folder of sweep --part/,
    ],
    [
      'an empty folder',
      (_own, out) => {
        rmSync(out, { recursive: true });
        mkdirSync(out);
      },
      /without any part-I-of-N/,
    ],
  ])('%s', async (_what, damage, words) => {
    const { out } = await partsOf(2, [0, 1], ['--trace', 'all']);
    damage(join(out, 'part-1-of-2'), out);
    const { status, stderr } = await mergeHere(out);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^DIR: found [^\n]*, allowed: [^\n]*\n$/)]);
    expect(stderr).toMatch(words);
    expect(existsSync(out) ? Object.keys(resultIn(out)) : []).toEqual([]);
  });

  test('a part of an older version, alone', async () => {
    const { out } = await partsOf(1, [0]);
    redescribe(join(out, 'part-0-of-1'), { version: '0.0.1' });
    expect((await mergeHere(out)).stderr).toContain('of another version of normscape than this program');
  });

  test('a checkpoint of another engine, and a damaged one', async () => {
    const { out, call } = await partsOf(2, [0]);
    await sweepHere(call(1), { interrupt: AbortSignal.abort() });
    const file = join(out, 'part-1-of-2', 'checkpoint.jsonl');
    const { crc32: _, ...header }: Record<string, unknown> = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, sealed(JSON.stringify({ ...header, engine: 'fused' })));
    const other = await mergeHere(out, '--partial');
    expect(other.stderr).toContain('kept by a sweep with another engine than part-0-of-2');
    writeFileSync(file, 'notes\n');
    const damaged = await mergeHere(out, '--partial');
    expect(damaged.stderr).toMatch(/^DIR: found [^\n]*checkpoint.jsonl, damaged in line 1: no check sum/);
    expect([other.status, damaged.status]).toEqual([2, 2]);
    expect(existsSync(join(out, 'map.png'))).toBe(false);
  });

  test.each([
    ['no folder', [], 'DIR: found nothing, allowed: the folder of one sweep in parts'],
    ['two folders', ['a', 'b'], 'DIR: found "a" "b", allowed: the folder of one sweep in parts'],
    ['an unknown option', ['a', '--fast'], '--fast: found no such option, allowed: --partial, --verbose'],
  ])('%s', async (_what, args, words) => {
    const { status, stderr } = await mergeHere(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(words);
  });
});

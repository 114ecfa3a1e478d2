import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { standardOutput, UnwritableError } from '../../src/cli/writing';
import { experimentFile, keptTrials, smallDocument, startInShell, sweepHere } from './commands';

const REFERENCE = ['--engine', 'reference'];
const RESULTS = ['experiment.json', 'map.png', 'trials.csv'];

/** Trials that none diverges of, so that many end together. */
const calm = { ...smallDocument(7, 7, 12), axes: axesTo(0.01, 7) };
const single = { ...smallDocument(1, 1, 2), axes: axesTo(0.1, 1) };
/** Longer as a file than in a picture, where there is no white space. */
const rows = Array.from({ length: 128 }, (_, row) => [row % 2]);
const spaced = {
  ...single,
  model: { ...single.model, inputs: 1, outputs: 1 },
  data: { type: 'inline', x: rows, y: rows },
};
const traced = smallDocument(5, 5, 12);

function axesTo(to: number, count: number) {
  const { x, y } = smallDocument(count, count, 1).axes;
  return { x: { ...x, to }, y };
}

/** Runs as long as no file is longer than so many KiB, which here stand for a disk that is full. */
const limited = (kibibytes: number) => `trap '' XFSZ; ulimit -f ${kibibytes}; exec "$@"`;

describe.skipIf(process.platform === 'win32')('a full disk', () => {
  test.each([
    ['.lock', calm, 0, []],
    ['checkpoint.jsonl', calm, 1, []],
    ['checkpoint.jsonl', calm, 6, []],
    ['trials.csv', calm, 12, []],
    ['traces.csv', traced, 12, ['--trace', 'all']],
    ['map.png', single, 1, []],
    ['experiment.json', spaced, 6, []],
  ])(
    'for %s: what was finished is kept, and the same call goes on',
    async (name, document, size, options) => {
      const { file, out } = experimentFile(document);
      const call = [file, '--out', out, ...REFERENCE, ...options];
      const full = await startInShell(limited(size), ['sweep', ...call]);
      const { status, stdout, stderr } = await full.ended;
      expect([status, stdout]).toEqual([5, '']);
      expect(stderr).toMatch(/^[^\n]+ cannot be written \(EFBIG\)[^\n]*\n$/);
      expect(stderr).toContain(join(out, name));
      expect(readdirSync(out).filter((left) => left !== 'checkpoint.jsonl')).toEqual([]);
      const kept = keptTrials(out);
      const words = name === '.lock' ? /\(EFBIG\)$/m : new RegExp(`: ${kept} of \\d+ trials kept in `);
      expect(stderr).toMatch(words);

      expect(await sweepHere(call)).toEqual({ status: 0, stderr: '' });
      const undisturbed = `${out}-undisturbed`;
      await sweepHere([file, '--out', undisturbed, ...REFERENCE, ...options]);
      expect(readdirSync(out).sort()).toEqual(readdirSync(undisturbed).sort());
      expect(readdirSync(out)).toEqual(expect.arrayContaining(RESULTS));
      for (const result of readdirSync(out))
        expect(readFileSync(join(out, result))).toEqual(readFileSync(join(undisturbed, result)));
    },
  );

  test('leaves an earlier result as it is', async () => {
    const { file, out } = experimentFile(single);
    await sweepHere([file, '--out', out, ...REFERENCE]);
    const contents = () => RESULTS.map((name) => readFileSync(join(out, name)));
    const before = contents();
    const full = await startInShell(limited(1), ['sweep', file, '--out', out, ...REFERENCE]);
    expect((await full.ended).status).toBe(5);
    expect(contents()).toEqual(before);
  });
});

describe.skipIf(!existsSync('/dev/full'))('standard output', () => {
  test('that cannot be written is no success', async () => {
    const help = await startInShell('exec "$@" > /dev/full', ['sweep', '--help']);
    expect(await help.ended).toEqual({
      status: 5,
      stdout: '',
      stderr: 'standard output cannot be written (ENOSPC)\n',
    });
  });

  test('that nobody reads is no failure', async () => {
    const help = await startInShell('exec 5> >(:); wait $!; exec "$@" >&5', ['sweep', '--help']);
    expect(await help.ended).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('is told what fails by its name', () => {
    const full = openSync('/dev/full', 'w');
    const write = () => standardOutput(full).write('words');
    expect(write).toThrow(UnwritableError);
    expect(write).toThrow('standard output cannot be written (ENOSPC)');
    closeSync(full);
  });
});

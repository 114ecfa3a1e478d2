import { describe, expect, test } from 'vitest';
import { checkTrace, parseSweepArguments } from '../../src/cli/args';
import { CallError } from '../../src/cli/command';
import { gridOf } from '../../src/experiment/axes';
import { parseExperiment } from '../../src/experiment/parse';
import { ENGINE_NAMES, FASTEST } from '../../src/training/engines';
import { smallDocument } from './commands';

describe('arguments', () => {
  test('defaults', () => {
    expect(parseSweepArguments(['a.json', '--out', 'b'])).toEqual({
      document: 'a.json',
      out: 'b',
      engine: FASTEST,
      memory: 256 * 2 ** 20,
      trace: undefined,
    });
  });

  test('all of them, in any order', () => {
    expect(
      parseSweepArguments(['--trace=3,0', '--engine', 'reference', '--memory', '64', '--out=b', 'a.json']),
    ).toEqual({
      document: 'a.json',
      out: 'b',
      engine: 'reference',
      memory: 64 * 2 ** 20,
      trace: { ix: 3, iy: 0 },
    });
    expect(parseSweepArguments(['a.json', '--out', 'b', '--trace', 'all']).trace).toBe('all');
    for (const engine of ENGINE_NAMES)
      expect(parseSweepArguments(['a.json', '--out', 'b', '--engine', engine]).engine).toBe(engine);
  });

  test('a shape by its name, or by size', () => {
    for (const shape of ['by-size', 'workgroup-32-workgroup-columns'])
      expect(parseSweepArguments(['a.json', '--out', 'b', '--shape', shape]).shape).toBe(shape);
  });

  test('the flag that the launcher heeds changes nothing', () => {
    const call = ['a.json', '--out', 'b'];
    expect(parseSweepArguments([...call, '--verbose'])).toEqual(parseSweepArguments(call));
  });

  test.each<[name: string, args: string[], message: RegExp]>([
    ['no document', ['--out', 'b'], /^EXPERIMENT.json: found nothing, allowed: /],
    [
      'two documents',
      ['a.json', 'c.json', '--out', 'b'],
      /^EXPERIMENT.json: found "a.json" "c.json", allowed: /,
    ],
    ['an empty document name', ['', '--out', 'b'], /^EXPERIMENT.json: found nothing/],
    ['no folder', ['a.json'], /^--out: found nothing, allowed: a folder/],
    ['a folder without its name', ['a.json', '--out'], /^--out: found nothing, allowed: a folder/],
    ['an empty folder name', ['a.json', '--out='], /^--out: found nothing, allowed: a folder/],
    [
      'an option for a folder',
      ['a.json', '--out', '--engine'],
      /^--out: found "--engine", allowed: a folder/,
    ],
    ['two folders', ['a.json', '--out', 'b', '--out', 'c'], /^--out: found it twice, allowed: once/],
    [
      'an unknown shape',
      ['a.json', '--out', 'b', '--shape', 'single-3-private-rows'],
      /^--shape: found "single-3-private-rows", allowed: by-size, or names like /,
    ],
    [
      'an unknown engine',
      ['a.json', '--out', 'b', '--engine', 'warp'],
      /^--engine: found "warp", allowed: .*reference/,
    ],
    ['no engine', ['a.json', '--out', 'b', '--engine'], /^--engine: found nothing, allowed: .*reference/],
    [
      'no memory',
      ['a.json', '--out', 'b', '--memory'],
      /^--memory: found nothing, allowed: an integer of MiB/,
    ],
    ...['0', '15', '65537', '-256', '1.5', '1e3', '256MiB', 'all'].map(
      (memory): [string, string[], RegExp] => [
        `a memory of ${memory}`,
        ['a.json', '--out', 'b', `--memory=${memory}`],
        new RegExp(`^--memory: found "${memory}", allowed: an integer of MiB from 16 to 65536$`),
      ],
    ),
    ['half a cell', ['a.json', '--out', 'b', '--trace', '3'], /^--trace: found "3", allowed: IX,IY/],
    ['a cell below 0', ['a.json', '--out', 'b', '--trace', '-1,0'], /^--trace: found "-1,0", allowed: IX,IY/],
    [
      'a broken cell',
      ['a.json', '--out', 'b', '--trace', '1.5,0'],
      /^--trace: found "1.5,0", allowed: IX,IY/,
    ],
    [
      'an unknown option',
      ['a.json', '--out', 'b', '--fast'],
      /^--fast: found no such option, allowed: --out, /,
    ],
    ['a verbosity', ['a.json', '--out', 'b', '--verbose=2'], /^--verbose: found "2", allowed: no value$/],
    ['an unknown short option', ['a.json', '-o', 'b'], /^-o: found no such option, allowed: --out, /],
    ['a name of every object', ['a.json', '--out', 'b', '--toString'], /^--toString: found no such option/],
  ])('%s', (_name, args, message) => {
    expect(() => parseSweepArguments(args)).toThrow(CallError);
    expect(() => parseSweepArguments(args)).toThrow(message);
  });

  test('a cell must lie in the map', () => {
    const grid = gridOf(parseExperiment(smallDocument(3, 2, 1)));
    checkTrace(undefined, grid);
    checkTrace('all', grid);
    checkTrace({ ix: 2, iy: 1 }, grid);
    const allowed = 'allowed: IX from 0 to 2, IY from 0 to 1, or all';
    expect(() => checkTrace({ ix: 3, iy: 0 }, grid)).toThrow(`--trace: found "3,0", ${allowed}`);
    expect(() => checkTrace({ ix: 0, iy: 2 }, grid)).toThrow(`--trace: found "0,2", ${allowed}`);
  });
});

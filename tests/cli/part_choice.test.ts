import { describe, expect, test } from 'vitest';
import { parseSweepArguments } from '../../src/cli/args';
import { CallError } from '../../src/cli/command';
import { Part } from '../../src/scheduler/part';

const CALL = ['a.json', '--out', 'b'];
const partOf = (options: readonly string[], environment: Record<string, string> = {}) =>
  parseSweepArguments([...CALL, ...options], environment).part;

test('no part is all of the sweep, in an array job too', () => {
  expect(partOf([])).toBeUndefined();
  expect(partOf([], { SLURM_ARRAY_TASK_ID: '3', SLURM_ARRAY_TASK_COUNT: '8' })).toBeUndefined();
});

test('a part by its number', () => {
  expect(partOf(['--part', '0/1'])).toEqual(new Part(0, 1));
  expect(partOf(['--part=7/8'], { SLURM_ARRAY_TASK_ID: '3' })).toEqual(new Part(7, 8));
});

const slurm = (id: number, min: number, max: number, step: number, count: number) => ({
  SLURM_ARRAY_TASK_ID: `${id}`,
  SLURM_ARRAY_TASK_MIN: `${min}`,
  SLURM_ARRAY_TASK_MAX: `${max}`,
  SLURM_ARRAY_TASK_STEP: `${step}`,
  SLURM_ARRAY_TASK_COUNT: `${count}`,
});
const gridEngine = (id: string, first: string, last: string, step: string) => ({
  SGE_TASK_ID: id,
  SGE_TASK_FIRST: first,
  SGE_TASK_LAST: last,
  SGE_TASK_STEPSIZE: step,
});

describe('of an array job:', () => {
  test.each<[scheduler: string, environment: Record<string, string>, options: string[], part: Part]>([
    ['Slurm, 0-7', slurm(3, 0, 7, 1, 8), [], new Part(3, 8)],
    ['Slurm, 1-8', slurm(8, 1, 8, 1, 8), [], new Part(7, 8)],
    ['Slurm, 1-7:3', slurm(4, 1, 7, 3, 3), [], new Part(1, 3)],
    [
      'Slurm, the three that are always there',
      { SLURM_ARRAY_TASK_ID: '5', SLURM_ARRAY_TASK_MIN: '4', SLURM_ARRAY_TASK_COUNT: '6' },
      [],
      new Part(1, 6),
    ],
    ['Slurm, with N', slurm(3, 0, 7, 1, 8), ['--parts', '8'], new Part(3, 8)],
    ['AWS Batch', { AWS_BATCH_JOB_ARRAY_INDEX: '0', AWS_BATCH_JOB_ARRAY_SIZE: '4' }, [], new Part(0, 4)],
    [
      'AWS Batch on Kubernetes',
      { AWS_BATCH_JOB_ARRAY_INDEX: '2', AWS_BATCH_JOB_ARRAY_SIZE: '4', JOB_COMPLETION_INDEX: '2' },
      [],
      new Part(2, 4),
    ],
    ['Grid Engine', gridEngine('1', '1', '10', '1'), [], new Part(0, 10)],
    ['Grid Engine, by twos', gridEngine('9', '1', '9', '2'), [], new Part(4, 5)],
    ['PBS', { PBS_ARRAY_INDEX: '6' }, ['--parts', '7'], new Part(6, 7)],
    ['Kubernetes', { JOB_COMPLETION_INDEX: '0' }, ['--parts', '16'], new Part(0, 16)],
  ])('%s', (_scheduler, environment, options, part) => {
    expect(partOf(['--part', 'auto', ...options], environment)).toEqual(part);
  });
});

describe('what is wrong is named', () => {
  test.each([
    '',
    '3',
    '8/8',
    '-1/8',
    '1/0',
    '0/0',
    '1.5/8',
    '1/8/9',
    'a/b',
    '1 / 8',
    'Auto',
    '9007199254740993/9007199254740995',
  ])('--part %j', (part) => {
    expect(() => partOf([`--part=${part}`])).toThrow(CallError);
    expect(() => partOf([`--part=${part}`])).toThrow(/^--part: found (nothing|"[^"]*"), allowed: I\/N /);
  });

  test.each<[what: string, options: string[], environment: Record<string, string>, words: string]>([
    [
      'no array job',
      [],
      {},
      '--part: found "auto" outside an array job, allowed: I/N here, or a task with SLURM_ARRAY_TASK_ID (Slurm)',
    ],
    [
      'a job of Grid Engine that is no array',
      [],
      gridEngine('undefined', 'undefined', 'undefined', 'undefined'),
      'outside an array job',
    ],
    ['an array with gaps', [], slurm(3, 3, 5, 1, 2), 'found SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=3'],
    [
      'a task outside its array',
      [],
      slurm(9, 0, 7, 1, 8),
      'allowed: a task of a whole array of Slurm, without gaps',
    ],
    ['a task before its array', [], slurm(0, 1, 8, 1, 8), 'without gaps'],
    [
      'a task between two',
      [],
      gridEngine('2', '1', '9', '2'),
      'allowed: a task of a whole array of Grid Engine, without gaps',
    ],
    [
      'another N',
      ['--parts', '9'],
      slurm(3, 0, 7, 1, 8),
      '--parts: found "9", allowed: 8, the tasks of this array of Slurm',
    ],
    [
      'no N',
      [],
      { JOB_COMPLETION_INDEX: '1' },
      '--parts: found nothing, allowed: the number of parts: Kubernetes does not tell its tasks',
    ],
    [
      'an N that is none',
      ['--parts', '8.0'],
      { JOB_COMPLETION_INDEX: '1' },
      '--parts: found "8.0", allowed: the number of parts',
    ],
    [
      'an N of 0',
      ['--parts', '0'],
      { PBS_ARRAY_INDEX: '0' },
      '--parts: found "0", allowed: the number of parts: PBS',
    ],
    [
      'an N that is too small',
      ['--parts', '8'],
      { JOB_COMPLETION_INDEX: '8' },
      '--part: found JOB_COMPLETION_INDEX=8, allowed: a task of a whole array',
    ],
  ])('%s', (_what, options, environment, words) => {
    const call = () => partOf(['--part', 'auto', ...options], environment);
    expect(call).toThrow(CallError);
    expect(call).toThrow(words);
  });

  test('N without auto', () => {
    expect(() => partOf(['--parts', '8'])).toThrow('--parts: found "8", allowed: only beside --part auto');
    expect(() => partOf(['--parts=8', '--part=1/8'])).toThrow(/^--parts: found "8"/);
  });
});

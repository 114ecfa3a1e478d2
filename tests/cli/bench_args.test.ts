import { describe, expect, test } from 'vitest';
import { benchKernels, benchWorkloads, parseBenchArguments } from '../../src/cli/bench_args';
import { CallError } from '../../src/cli/command';
import { KERNEL_NAMES } from '../../src/bench/kernel_bench';
import { WORKLOADS } from '../../src/bench/workloads';

const chosen = (args: readonly string[], software = true) => {
  const call = parseBenchArguments(args);
  return {
    kernels: benchKernels(call, software).map(({ name, size }) => `${name} ${size.id}`),
    workloads: benchWorkloads(call).map(({ id }) => id),
  };
};

test('defaults: everything', () => {
  expect(parseBenchArguments([])).toEqual({
    json: undefined,
    kernel: undefined,
    size: undefined,
    workloads: undefined,
    trials: 1024,
    memory: 2 ** 28,
    shapes: undefined,
    quick: false,
    scale: false,
  });
  const { kernels, workloads } = chosen([]);
  const squares = ['matmul square-512', 'matmul square-1024'];
  expect(kernels).toEqual([...KERNEL_NAMES.map((name) => `${name} wave`), ...squares]);
  expect(workloads).toEqual(WORKLOADS.map(({ id }) => id));
  expect(chosen([], false).kernels).toEqual([...kernels, 'matmul square-4096']);
});

test('all of them, in any order', () => {
  const call = parseBenchArguments([
    '--quick',
    "--workload=A',D",
    '--trials',
    '16',
    '--kernel',
    'gather',
    '--size=tiny',
    '--json',
    'b.json',
  ]);
  expect(call).toMatchObject({ json: 'b.json', kernel: 'gather', trials: 16, quick: true });
  expect(call.size?.id).toBe('tiny');
  expect(call.workloads?.map(({ id }) => id)).toEqual(["A'", 'D']);
});

test('the flag that the launcher heeds changes nothing', () => {
  expect(parseBenchArguments(['--verbose'])).toEqual(parseBenchArguments([]));
});

test('the scale goes alone, or quickly, into a file', () => {
  const call = parseBenchArguments(['--scale', '--quick', '--json', 'b.json']);
  expect(call).toMatchObject({ scale: true, quick: true, json: 'b.json' });
});

test('shapes of the fused engine, all or some, in a memory', () => {
  const args = ['--workload', 'A', '--memory', '64', '--shape'];
  expect(parseBenchArguments([...args, 'all'])).toMatchObject({ shapes: 'all', memory: 2 ** 26 });
  const some = 'single-32-interleaved-rows,workgroup-64-storage-columns';
  expect(parseBenchArguments([...args, some]).shapes).toEqual([
    { team: 'single', workgroupSize: 32, memory: 'interleaved', pack: 'rows' },
    { team: 'workgroup', workgroupSize: 64, memory: 'storage', pack: 'columns' },
  ]);
});

test('who names one thing wants that', () => {
  expect(chosen(['--kernel', 'norms'])).toEqual({ kernels: ['norms wave'], workloads: [] });
  expect(chosen(['--kernel', 'matmul']).kernels).toContain('matmul square-512');
  expect(chosen(['--workload', 'B,A'])).toEqual({ kernels: [], workloads: ['B', 'A'] });
  expect(chosen(['--size', 'tiny'])).toEqual({
    kernels: KERNEL_NAMES.map((name) => `${name} tiny`),
    workloads: [],
  });
  expect(chosen(['--kernel', 'norms', '--workload', 'A'])).toEqual({
    kernels: ['norms wave'],
    workloads: ['A'],
  });
});

describe('what is wrong is named', () => {
  test.each<[args: string[], message: RegExp]>([
    [['--kernel', 'fft'], /^--kernel: found "fft", allowed: matmul, /],
    [['--kernel'], /^--kernel: found nothing, allowed: matmul, /],
    [['--size', 'huge'], /^--size: found "huge", allowed: tiny, wave, /],
    [['--workload', 'A,Z'], /^--workload: found "Z", allowed: A, A', B, C, D/],
    [['--workload', ''], /^--workload: found nothing, allowed: /],
    [['--trials', '0'], /^--trials: found "0", allowed: an integer from 1 to 1048576/],
    [['--trials', '1.5'], /^--trials: found "1.5"/],
    [['--trials', '2000000'], /^--trials: found "2000000"/],
    [['--memory', '8'], /^--memory: found "8", allowed: an integer of MiB from 16 to 65536$/],
    [
      ['--shape', 'quick'],
      /^--shape: found "quick", allowed: all, or names like workgroup-32-.*-columns-2, .*-columns$/,
    ],
    [['--shape', 'single-4-workgroup-rows'], /^--shape: found "single-4-workgroup-rows"/],
    [['--shape', 'single-3-private-rows'], /^--shape: found "single-3-private-rows"/],
    [['--shape', 'workgroup-512-storage-rows'], /^--shape: found "workgroup-512-storage-rows"/],
    [['--shape', 'quad-4-storage-rows'], /^--shape: found "quad-4-storage-rows"/],
    [['--shape', 'quad-4-storage-columns-2'], /^--shape: found "quad-4-storage-columns-2"/],
    [['--shape', 'workgroup-32-workgroup-rows-2'], /^--shape: found "workgroup-32-workgroup-rows-2"/],
    [['--shape', 'all', '--kernel', 'norms'], /^--shape: found it with --kernel, allowed: workloads only$/],
    [['--json', '--quick'], /^--json: found "--quick", allowed: a file/],
    [['--quick=no'], /^--quick: found "no", allowed: no value/],
    [['--quick', '--quick'], /^--quick: found it twice, allowed: once/],
    [
      ['--fast'],
      /^--fast: found no such option, allowed: --json, .*--quick, --scale, --verbose, --help, --version$/,
    ],
    [
      ['--scale', '--workload', 'A'],
      /^--scale: found it with --workload, allowed: alone, or with --json and --quick$/,
    ],
    [['--scale', '--trials=9'], /^--scale: found it with --trials, /],
    [['matmul'], /^bench: found "matmul", allowed: options only: --json, /],
  ])('%j', (args, message) => {
    expect(() => parseBenchArguments(args)).toThrow(CallError);
    expect(() => parseBenchArguments(args)).toThrow(message);
  });
});

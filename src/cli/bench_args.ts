import { KERNEL_NAMES } from '../bench/kernel_bench';
import { DEFAULT_SIZE, KERNEL_SIZES, sizeNamed, type KernelSize } from '../bench/kernel_sizes';
import { WORKLOADS, type Workload } from '../bench/workloads';
import { DEFAULT_MEMORY, mebibytes } from '../scheduler/memory';
import { MEMORY_ALLOWED, memoryChoice } from './memory_choice';
import { SHAPES_ALLOWED, shapeNamed, type FusedShape } from '../training/shape_names';
import { CallError, quoted } from './command';
import { COMMON_FLAGS, COMMON_STATUSES, optionList, readOptions, type Usage } from './options';

export interface BenchArguments {
  /** Path of the file for the report. */
  json: string | undefined;
  /** Nothing: all of them. */
  kernel: string | undefined;
  size: KernelSize | undefined;
  workloads: readonly Workload[] | undefined;
  trials: number;
  /** Bytes of GPU memory for the trials of a workload. */
  memory: number;
  /** Of the fused engine, by which workloads are timed instead of by all engines. */
  shapes: readonly FusedShape[] | 'all' | undefined;
  quick: boolean;
  /** Sweeps of ever more trials, instead of kernels and engines. */
  scale: boolean;
}

const DEFAULT_TRIALS = 1024;
const MOST_TRIALS = 2 ** 20;

const ids = (things: readonly { id: string }[]) => things.map(({ id }) => id).join(', ');

const ALLOWED = {
  json: 'a file for the report',
  kernel: KERNEL_NAMES.join(', '),
  size: ids(KERNEL_SIZES),
  workload: `${ids(WORKLOADS)}, with commas between several`,
  trials: `an integer from 1 to ${MOST_TRIALS}`,
  memory: MEMORY_ALLOWED,
  shape: `all, or ${SHAPES_ALLOWED}`,
} as const;

const SCALE_ALLOWED = 'alone, or with --json and --quick';
const SHAPE_ALLOWED = 'workloads only';

export const BENCH_USAGE: Usage<keyof typeof ALLOWED> = {
  call: 'bench [options]',
  purpose:
    'Measures kernels and engines, all of them unless some are named, or with --shape the shapes of the fused engine, and prints tables in Markdown.',
  allowed: ALLOWED,
  defaults: { trials: DEFAULT_TRIALS, memory: mebibytes(DEFAULT_MEMORY) },
  flags: {
    quick: 'measures for a shorter time',
    scale: `measures sweeps of ever more trials instead; ${SCALE_ALLOWED}`,
    ...COMMON_FLAGS,
  },
  statuses: COMMON_STATUSES,
};

/** @throws CallError */
export function parseBenchArguments(args: readonly string[]): BenchArguments {
  const { values, flags, positionals } = readOptions(args, BENCH_USAGE);
  if (positionals.length > 0)
    throw new CallError('bench', quoted(positionals[0]!), `options only: ${optionList(BENCH_USAGE)}`);
  const { json, kernel } = values;
  const scale = flags.has('scale');
  const other = (['kernel', 'size', 'workload', 'trials', 'memory', 'shape'] as const).find(
    (name) => values[name] !== undefined,
  );
  if (scale && other) throw new CallError('--scale', `it with --${other}`, SCALE_ALLOWED);
  const kernels = (['kernel', 'size'] as const).find((name) => values[name] !== undefined);
  if (values.shape !== undefined && kernels)
    throw new CallError('--shape', `it with --${kernels}`, SHAPE_ALLOWED);
  if (kernel !== undefined && !KERNEL_NAMES.includes(kernel)) throw wrong('kernel', kernel);
  return {
    json,
    kernel,
    size: values.size === undefined ? undefined : sizeOf(values.size),
    workloads: values.workload?.split(',').map(workloadOf),
    trials: values.trials === undefined ? DEFAULT_TRIALS : trialsOf(values.trials),
    memory: memoryChoice(values.memory),
    shapes: values.shape === undefined || values.shape === 'all' ? values.shape : shapesOf(values.shape),
    quick: flags.has('quick'),
    scale,
  };
}

/**
 * The kernels and sizes of a call: all at the size of a wave and products of large matrices too, unless something else is
 * asked for. Who names workloads only, wants no kernels.
 */
export function benchKernels(
  { kernel, size, workloads }: BenchArguments,
  software: boolean,
): { name: string; size: KernelSize }[] {
  if (workloads && kernel === undefined && size === undefined) return [];
  const names = kernel === undefined ? KERNEL_NAMES : [kernel];
  if (size) return names.map((name) => ({ name, size }));
  const wave = names.map((name) => ({ name, size: sizeNamed(DEFAULT_SIZE)! }));
  const squares = KERNEL_SIZES.filter(
    (candidate) => candidate.id.startsWith('square') && !(software && candidate.hardwareOnly),
  );
  return names.includes('matmul') ? [...wave, ...squares.map((size) => ({ name: 'matmul', size }))] : wave;
}

/** Who names a kernel or a size only, wants no workloads. */
export function benchWorkloads({ kernel, size, workloads }: BenchArguments): readonly Workload[] {
  return workloads ?? (kernel === undefined && size === undefined ? WORKLOADS : []);
}

function wrong(option: keyof typeof ALLOWED, found: string): CallError {
  return new CallError(`--${option}`, quoted(found), ALLOWED[option]);
}

function sizeOf(id: string): KernelSize {
  const size = sizeNamed(id);
  if (!size) throw wrong('size', id);
  return size;
}

function workloadOf(id: string): Workload {
  const workload = WORKLOADS.find((candidate) => candidate.id === id);
  if (!workload) throw wrong('workload', id);
  return workload;
}

function trialsOf(text: string): number {
  const trials = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(trials >= 1 && trials <= MOST_TRIALS)) throw wrong('trials', text);
  return trials;
}

function shapesOf(text: string): FusedShape[] {
  return text.split(',').map((name) => {
    const shape = shapeNamed(name);
    if (!shape) throw wrong('shape', name);
    return shape;
  });
}

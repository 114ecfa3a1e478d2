import type { Grid } from '../experiment/axes';
import { DEFAULT_MEMORY, mebibytes } from '../scheduler/memory';
import type { Part } from '../scheduler/part';
import { ENGINE_NAMES, FASTEST, type AvailableEngine } from '../training/engines';
import { SHAPES_ALLOWED, shapeNamed } from '../training/shape_names';
import { CallError, quoted } from './command';
import { EXIT } from './exit.mjs';
import { MEMORY_ALLOWED, memoryChoice } from './memory_choice';
import { COMMON_FLAGS, COMMON_STATUSES, readOptions, type Usage } from './options';
import { PART_ALLOWED, partChoice } from './part_choice';
import { traceName } from './traces';

export type TraceChoice = 'all' | { ix: number; iy: number };

export interface SweepArguments {
  /** Path of the experiment's file. */
  document: string;
  out: string;
  engine: AvailableEngine;
  /** Bytes of GPU memory. */
  memory: number;
  /** Of the engine, by its name, or BY_SIZE; nothing for the fastest, or in a part of a sweep by size. */
  shape: string | undefined;
  trace: TraceChoice | undefined;
  /** Of the sweep; nothing for all of it. */
  part: Part | undefined;
}

/** In the shape that suits the size of trials and their number, and is not measured: the same in every part of a sweep. */
export const BY_SIZE = 'by-size';

const ALLOWED = {
  out: 'a folder for the results',
  engine: ENGINE_NAMES.join(' or '),
  memory: MEMORY_ALLOWED,
  shape: `${BY_SIZE}, or ${SHAPES_ALLOWED}`,
  trace: 'IX,IY (a cell) or all',
  ...PART_ALLOWED,
} as const;

export const SWEEP_USAGE: Usage<keyof typeof ALLOWED> = {
  call: 'sweep EXPERIMENT.json --out DIR [options]',
  purpose:
    'Trains all trials of an experiment, and writes trials.csv, map.png, experiment.json and, with --trace, traces.csv; or trains one of N parts, which `merge` joins.',
  allowed: ALLOWED,
  defaults: { engine: FASTEST, memory: mebibytes(DEFAULT_MEMORY) },
  flags: COMMON_FLAGS,
  statuses: {
    ...COMMON_STATUSES,
    [EXIT.wrong]: 'a wrong call or document, or another sweep writes into the folder',
    [EXIT.deviceLost]: `${COMMON_STATUSES[EXIT.deviceLost]}; what was finished is kept`,
    [EXIT.unwritable]: `${COMMON_STATUSES[EXIT.unwritable]}; what was finished is kept`,
    [EXIT.interrupted]: 'interrupted; the same call goes on from there',
  },
};

/** @throws CallError */
export function parseSweepArguments(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): SweepArguments {
  const { values, positionals: documents } = readOptions(args, SWEEP_USAGE);
  const [document] = documents;
  if (!document || documents.length > 1) {
    const found = document ? documents.map(quoted).join(' ') : 'nothing';
    throw new CallError('EXPERIMENT.json', found, 'the path of one experiment file');
  }
  if (values.out === undefined) throw new CallError('--out', 'nothing', ALLOWED.out);
  return {
    document,
    out: values.out,
    engine: engineOf(values.engine),
    memory: memoryChoice(values.memory),
    shape: shapeOf(values.shape),
    trace: traceOf(values.trace),
    part: partChoice(values, environment),
  };
}

function engineOf(value: string | undefined): AvailableEngine {
  if (value === undefined) return FASTEST;
  const engine = ENGINE_NAMES.find((name) => name === value);
  if (!engine) throw new CallError('--engine', quoted(value), ALLOWED.engine);
  return engine;
}

function shapeOf(value: string | undefined): string | undefined {
  if (value !== undefined && value !== BY_SIZE && !shapeNamed(value))
    throw new CallError('--shape', quoted(value), ALLOWED.shape);
  return value;
}

/** @throws CallError */
export function traceOf(value: string | undefined): TraceChoice | undefined {
  if (value === undefined || value === 'all') return value;
  const [, ix, iy] = /^(\d+),(\d+)$/.exec(value) ?? [];
  if (ix === undefined || iy === undefined) throw new CallError('--trace', quoted(value), ALLOWED.trace);
  return { ix: Number(ix), iy: Number(iy) };
}

/** @throws CallError when the cell lies outside the map */
export function checkTrace(trace: TraceChoice | undefined, { nx, ny }: Grid): void {
  if (trace === undefined || trace === 'all' || (trace.ix < nx && trace.iy < ny)) return;
  const allowed = `IX from 0 to ${nx - 1}, IY from 0 to ${ny - 1}, or all`;
  throw new CallError('--trace', quoted(traceName(trace)), allowed);
}

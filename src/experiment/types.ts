/**
 * The experiment document with every default filled in, and the trial it resolves to.
 * `parse.ts` is what turns JSON into an `Experiment`; everything else in the project takes these types.
 */

import type { Activation, Loss, Measure, NormalizationType, OptimizerType } from './kinds';

export type { Activation, Loss, Measure };
export type Scaling = 'standard' | 'ntk' | 'mean-field';

export interface Normalization {
  type: NormalizationType;
  placement: 'pre' | 'post';
  affine: 'trained' | 'frozen';
  epsilon: number;
  layers: 'hidden' | 'all' | 'last';
}

export interface Initialization {
  type: 'he' | 'lecun' | 'glorot' | 'normal' | 'constant' | 'inline';
  /** Multiplies every weight matrix, the output layer's included. */
  gain: number;
  /** Multiplies layer by layer, instead of `gain`. */
  gainLayers?: number[];
  /** [layer][fanIn][fanOut]; `inline` only, as are the three below. */
  weights?: number[][][];
  /** [layer][fanOut or nothing] */
  biases?: number[][];
  gammas?: number[][];
  betas?: number[][];
}

export interface Model {
  inputs: number;
  hidden: number[];
  outputs: number;
  activation: Activation;
  preactivationGain: number;
  bias: boolean;
  scaling: Scaling;
  normalization: Normalization;
  initialization: Initialization;
}

export interface DataTransform {
  /** x becomes inputScale·x + inputShift, after y has been made from x. */
  inputScale: number;
  inputShift: number;
  /** Standard deviation of the normal noise added to y. */
  noise: number;
}
export type Data = DataTransform &
  (
    | { type: 'gaussian' | 'spiral' | 'moons' | 'circles' | 'teacher'; samples: number }
    | { type: 'linear'; samples: number; target: number }
    | { type: 'inline'; x: number[][]; y: number[][] }
  );

export interface Optimizer {
  type: OptimizerType;
  /** One for all, or one per weight layer. */
  learningRate: number | number[];
  /** For γ and β; each layer's own rate when absent. */
  learningRateNorm?: number | number[];
  momentum: number;
  weightDecay: number;
  batch: 'full' | number;
  steps: number;
}

export interface Axis {
  /** A path of the document such as `optimizer.learningRate[1]`, or `model.depth` or `model.width`. */
  parameter: string;
  scale: 'linear' | 'log';
  from: number;
  to: number;
  count: number;
  /** A part of the axis at 2^level times its resolution; the whole axis when absent. */
  zoom?: AxisZoom;
}

/**
 * The `count` points from point `first` on, of the (count − 1)·2^level + 1 points that the axis has at this level. A level has all points
 * of the ones before it, to the last bit, so that trials of one map are trials of another.
 */
export interface AxisZoom {
  level: number;
  first: number;
}

export interface Arm {
  name: string;
  /** Document path → value. */
  set: Record<string, unknown>;
}

export type Rule =
  { type: 'threshold'; divergence: number; target: number; window: number } | { type: 'sohl-dickstein' };

/** What one trial is, without what it is compared with. */
export interface TrialDocument {
  model: Model;
  data: Data;
  loss: Loss;
  optimizer: Optimizer;
  seed: number;
  rule: Rule;
}

export interface Experiment extends TrialDocument {
  format: 'normscape/experiment';
  version: 1;
  name: string;
  replicates: number;
  axes: { x: Axis; y?: Axis };
  arms: Arm[];
  /** What else is recorded of each trial, in the order of its columns. */
  measures: Measure[];
}

/** Characters of an error's message and, of those, at most so many of the path and of the value. */
const MOST = { message: 299, path: 70, value: 80 } as const;
/** The value gives way to a long list of what is allowed, down to this. */
const LEAST_OF_VALUE = 40;

/**
 * The wrong part of a document: `path` as in `optimizer.learningRate[1]`, `value` found, and what is `allowed`.
 * The message is one line, however long the three are.
 */
export class ExperimentError extends Error {
  override readonly name = 'ExperimentError';
  constructor(
    readonly path: string,
    readonly value: unknown,
    readonly allowed: string,
  ) {
    const where = clip(path || 'document', MOST.path);
    const found = show(value, MOST.value);
    const room = MOST.message - `${where}: found , allowed: `.length;
    const instead = clip(allowed, room - Math.min(found.length, LEAST_OF_VALUE));
    super(`${where}: found ${clip(found, room - instead.length)}, allowed: ${instead}`);
  }
}

/** A value as JSON on one line, clipped; `nothing` for none. */
export function show(value: unknown, most: number): string {
  if (value === undefined) return 'nothing';
  let text = '';
  for (const piece of pieces(value, most)) {
    text += piece;
    if (text.length > most) break;
  }
  return clip(text, most);
}

/** JSON bit by bit, so that no more of a value is read than is shown, and with the numbers that JSON has no word for. */
function* pieces(value: unknown, most: number): Iterable<string> {
  if (typeof value === 'string') {
    yield JSON.stringify(value.slice(0, most));
  } else if (Array.isArray(value)) {
    yield '[';
    for (const [i, item] of value.entries()) {
      if (i > 0) yield ',';
      yield* pieces(item, most);
    }
    yield ']';
  } else if (typeof value === 'object' && value !== null) {
    yield '{';
    for (const [i, [key, item]] of Object.entries(value).entries()) {
      yield `${i > 0 ? ',' : ''}${JSON.stringify(key.slice(0, most))}:`;
      yield* pieces(item, most);
    }
    yield '}';
  } else {
    yield String(value);
  }
}

/** The beginning of a text, without what would end the line or is half a character. */
function clip(text: string, most: number): string {
  const kept = text.length > most ? `${text.slice(0, most - 1)}…` : text;
  return kept.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ');
}

/** A supervised data set; every number is exactly a float32, so that every engine trains on the same one. */
export interface DataSet {
  samples: number;
  inputs: number;
  outputs: number;
  /** (samples × inputs), row-major. */
  x: Float32Array;
  /** (samples × outputs), row-major. */
  y: Float32Array;
}

/**
 * The experiment document with every default filled in, and the trial it resolves to.
 * `schema.ts` is what turns JSON into an `Experiment`; everything else in the project takes these types.
 */

export type Activation = 'identity' | 'relu' | 'sigmoid' | 'tanh';
export type Scaling = 'standard' | 'ntk' | 'mean-field';
export type Loss = 'mse' | 'half-mse' | 'logistic';

export interface Normalization {
  type: 'none' | 'batch';
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
  type: 'sgd';
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
}

/** The wrong part of a document: `path` as in `optimizer.learningRate[1]`, `value` found, and what is `allowed`. */
export class ExperimentError extends Error {
  override readonly name = 'ExperimentError';
  constructor(
    readonly path: string,
    readonly value: unknown,
    readonly allowed: string,
  ) {
    super(`${path || 'document'}: found ${show(value)}, allowed: ${allowed}`);
  }
}

function show(value: unknown): string {
  // JSON has no word for NaN and the infinities, and none for what only a program can pass.
  const plain = typeof value === 'string' || typeof value === 'object';
  const text = value === undefined ? 'nothing' : plain ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
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

import { matmul as matmulTwin } from '../reference/matmul';
import type { KernelSize } from './kernel_sizes';

/** The step of float32 at 1. */
const ULP = 2 ** -23;
/** What a result may lose when a number below float32's normal range is taken for 0. */
const TINY = 2 ** -126;

export type Tensors = Readonly<Record<string, Float64Array>>;
type Words = Uint32Array<ArrayBuffer>;

export interface CaseTensor {
  readonly length: number;
  /** What it begins with, trial by trial; zeros where there is none. */
  readonly fill?: (random: () => number) => Float32Array<ArrayBuffer> | Words;
  /** One for all trials. */
  readonly shared?: boolean;
  /** What its words mean to the twin; float32 unless told. */
  readonly decode?: (words: Words) => Float64Array;
}

/** A call of a kernel at a size, on numbers of the size that training has. */
export interface KernelCase {
  readonly tensors: Readonly<Record<string, CaseTensor>>;
  readonly fields: Readonly<Record<string, number>>;
  readonly variant: Readonly<Record<string, number>>;
  /** For each output, the error that float32 may make in element i, from what the twin worked on and found. */
  allowed(tensors: Tensors): Readonly<Record<string, (index: number) => number>>;
  /** A smaller call that does this share of the work, and makes the first elements of the outputs; for the CPU. */
  readonly excerpt?: {
    readonly share: number;
    readonly fields: Readonly<Record<string, number>>;
    readonly lengths: Readonly<Record<string, number>>;
  };
}

const floats = (length: number, low: number, high: number): CaseTensor => ({
  length,
  fill: (random) => Float32Array.from({ length }, () => low + (high - low) * random()),
});
const output = (length: number): CaseTensor => ({ length });
const words = (...values: number[]): CaseTensor => ({
  length: values.length,
  fill: () => Uint32Array.from(values),
  decode: (words) => Float64Array.from(words),
});
/** Words of a trial's state. */
const STATE_WORDS = 11;
/** A state of which only the clock counts. */
const clockAt = (step: number) => words(step, ...Array<number>(STATE_WORDS - 1).fill(0));
const scalar = (value: number): CaseTensor => ({ length: 1, fill: () => Float32Array.of(value) });

/** Multiply-adds that the CPU does in a fraction of a second. */
const CPU_PRODUCTS = 2 ** 25;

function matmul({ rows, inner, cols }: KernelSize): KernelCase {
  const some = Math.max(4, 4 * Math.floor(CPU_PRODUCTS / (4 * inner * cols)));
  const excerptRows = Math.min(rows, some);
  const fields = { rows, inner, cols, scale: 1 };
  const variant = { TRANSPOSE_A: 0, TRANSPOSE_B: 0 };
  return {
    tensors: { a: floats(rows * inner, -1, 1), b: floats(inner * cols, -1, 1), out: output(rows * cols) },
    fields,
    variant,
    // Twice the worst of K roundings, relative to the sum of absolute products.
    allowed({ a, b, out }) {
      const magnitudes = new Float64Array(out!.length);
      const tensors = { a: a!.map(Math.abs), b: b!.map(Math.abs), out: magnitudes };
      matmulTwin(tensors, { ...fields, ...variant, rows: out!.length / cols });
      return { out: (i) => ULP * (2 * inner * magnitudes[i]! + Math.abs(out![i]!)) };
    },
    ...(excerptRows < rows && {
      excerpt: {
        share: excerptRows / rows,
        fields: { ...fields, rows: excerptRows },
        lengths: { a: excerptRows * inner, out: excerptRows * cols },
      },
    }),
  };
}

/** Statistics of batches: mean, mean_low, variance, inverse_std of each feature. */
const someStats = (features: number): CaseTensor => ({
  length: 4 * features,
  fill: (random) =>
    Float32Array.from(
      Array.from({ length: features }, () => {
        const variance = 0.5 + random();
        return [2 * random() - 1, 1e-8 * random(), variance, 1 / Math.sqrt(variance)];
      }).flat(),
    ),
});

function batchNormForward({ rows, cols: features }: KernelSize): KernelCase {
  return {
    tensors: {
      x: floats(rows * features, -2, 3),
      epsilon: scalar(1e-5),
      affine: floats(2 * features, -2, 2),
      stats: output(4 * features),
      y: output(rows * features),
    },
    fields: { rows, features },
    variant: {},
    // Within what rounding of sums over rows allows; no value is farther than `reach` from a mean.
    allowed({ x, affine, stats }) {
      const reach = 5;
      const mean = 2 * (rows + 2) * ULP * reach;
      const variance = 4 * (rows + 2) * ULP * reach ** 2;
      const inverse = (j: number) => 8 * ULP * stats![4 * j + 3]! + (variance * stats![4 * j + 3]! ** 3) / 2;
      return {
        stats: (i) => [mean, mean, variance, inverse((i - 3) / 4)][i % 4]!,
        y: (i) => {
          const j = i % features;
          const distance = Math.abs(x![i]! - stats![4 * j]!);
          const spoilt = stats![4 * j + 3]! * (mean + 4 * ULP * distance) + inverse(j) * distance;
          return Math.abs(affine![j]!) * spoilt + 4 * ULP * Math.abs(affine![features + j]!);
        },
      };
    },
  };
}

function batchNormBackward({ rows, cols: features }: KernelSize): KernelCase {
  return {
    tensors: {
      x: floats(rows * features, -2, 3),
      stats: someStats(features),
      affine: floats(2 * features, -2, 2),
      dy: floats(rows * features, -1, 1),
      gradient: output(2 * features),
      dx: output(rows * features),
    },
    fields: { rows, features },
    variant: {},
    // Rounding of sums over rows, and of what is taken off dy.
    allowed({ x, stats, affine, dy }) {
      const standard = (i: number) => {
        const j = 4 * (i % features);
        return (x![i]! - stats![j]! - stats![j + 1]!) * stats![j + 3]!;
      };
      const slopes = columnSums(dy!, features, Math.abs);
      const products = columnSums(dy!, features, (slope, i) => Math.abs(slope * standard(i)));
      const roundings = 2 * (rows + 4) * ULP;
      return {
        gradient: (i) => roundings * (i < features ? products[i]! : slopes[i - features]!),
        dx: (i) => {
          const j = i % features;
          const parts = Math.abs(dy![i]!) + (slopes[j]! + Math.abs(standard(i)) * products[j]!) / rows;
          return roundings * Math.abs(affine![j]! * stats![4 * j + 3]!) * parts;
        },
      };
    },
  };
}

function columnSums(
  matrix: Float64Array,
  cols: number,
  of: (value: number, index: number) => number,
): Float64Array {
  const sums = new Float64Array(cols);
  for (const [i, value] of matrix.entries()) sums[i % cols]! += of(value, i);
  return sums;
}

function biasForward({ rows, cols }: KernelSize): KernelCase {
  return {
    tensors: { bias: floats(cols, -1, 1), z: floats(rows * cols, -1, 1) },
    fields: { rows, cols },
    variant: {},
    allowed: ({ z }) => ({ z: (i) => ULP * Math.abs(z![i]!) }),
  };
}

function biasBackward({ rows, cols }: KernelSize): KernelCase {
  return {
    tensors: { dz: floats(rows * cols, -1, 1), gradient: output(cols) },
    fields: { rows, cols },
    variant: {},
    allowed({ dz }) {
      const sums = columnSums(dz!, cols, Math.abs);
      return { gradient: (j) => rows * ULP * sums[j]! };
    },
  };
}

/** @param ulps of y, that φ may be off by at an argument */
const activationForward =
  (ulps: (argument: number) => number) =>
  ({ rows, cols }: KernelSize): KernelCase => ({
    tensors: { x: floats(rows * cols, -4, 4), gain: scalar(1.25), y: output(rows * cols) },
    fields: {},
    variant: {},
    allowed: ({ x, gain, y }) => ({
      y: (i) => ulps(gain![0]! * x![i]!) * ULP * Math.abs(y![i]!) + TINY,
    }),
  });

/** @param range of the outputs of φ */
const activationBackward =
  (low: number, high: number) =>
  ({ rows, cols }: KernelSize): KernelCase => ({
    tensors: {
      y: floats(rows * cols, low, high),
      dy: floats(rows * cols, -2, 2),
      gain: scalar(1.25),
      dx: output(rows * cols),
    },
    fields: {},
    variant: {},
    allowed: ({ dx }) => ({ dx: (i) => 4 * ULP * Math.abs(dx![i]!) + TINY }),
  });

const HALF_MSE = { LOSS: 1 };

function lossForward({ rows, cols }: KernelSize): KernelCase {
  const count = rows * cols;
  return {
    tensors: { prediction: floats(count, -3, 3), target: floats(count, -1, 1), loss: output(1) },
    fields: {},
    variant: HALF_MSE,
    allowed: ({ loss }) => ({ loss: () => (24 + count) * ULP * loss![0]! }),
  };
}

function lossBackward({ rows, cols }: KernelSize): KernelCase {
  const count = rows * cols;
  return {
    tensors: { prediction: floats(count, -3, 3), target: floats(count, -1, 1), gradient: output(count) },
    fields: {},
    variant: HALF_MSE,
    allowed: ({ gradient }) => ({ gradient: (i) => 8 * ULP * Math.abs(gradient![i]!) + TINY }),
  };
}

const DECAYS = 0x80000000;
const GAIN_AT = 2;

/** For each parameter the place of its learning rate, with the flag that it decays, and of its gain. */
const segments = (parameters: number): CaseTensor => ({
  length: 2 * parameters,
  fill: () => Uint32Array.from({ length: 2 * parameters }, (_, i) => (i % 2 === 0 ? DECAYS + 3 : GAIN_AT)),
  shared: true,
  decode: (words) => Float64Array.from(words),
});
/** Momentum, weight decay, gain, learning rate. */
const settings: CaseTensor = { length: 4, fill: () => Float32Array.of(0.9, 1e-3, 1.5, 1e-3) };

function sgdUpdate({ rows, cols }: KernelSize): KernelCase {
  const count = rows * cols;
  return {
    tensors: {
      gradient: floats(count, -1, 1),
      segments: segments(count),
      settings,
      velocity: floats(count, -1, 1),
      parameters: floats(count, -1, 1),
    },
    fields: { momentum_at: 0, weight_decay_at: 1 },
    variant: {},
    // Of numbers up to 1: a few roundings of a few terms.
    allowed: () => ({ velocity: () => 4 * ULP, parameters: () => 4 * ULP }),
  };
}

function initialize({ rows, cols }: KernelSize): KernelCase {
  const count = rows * cols;
  return {
    tensors: {
      base: floats(count, -1, 1),
      segments: segments(count),
      settings,
      parameters: output(count),
    },
    fields: {},
    variant: {},
    allowed: ({ parameters }) => ({ parameters: (i) => (ULP / 2) * Math.abs(parameters![i]!) }),
  };
}

function norms({ rows, cols }: KernelSize): KernelCase {
  const count = rows * cols;
  return {
    tensors: {
      parameters: floats(count, -1, 1),
      gradient: floats(count, -1, 1),
      state: clockAt(5),
      out: output(4 * 2),
    },
    fields: { ring: 4, row: 2, column: 0 },
    variant: {},
    allowed: ({ out }) => ({ out: (i) => (16 + count) * ULP * Math.abs(out![i]!) }),
  };
}

/** Clock, diverged_at, losses and sums, recorded: counts and steps are integers, the rest float32. */
const outcomeState: CaseTensor = {
  length: STATE_WORDS,
  fill() {
    const words = new Uint32Array(STATE_WORDS);
    words.set([7, 0xffffffff]);
    words[7] = 7;
    new Float32Array(words.buffer).set([2, 1.5, 1.25, 5, 9], 2);
    new Float32Array(words.buffer).set([2], 8);
    return words;
  },
  decode(words) {
    const values = Float64Array.from(new Float32Array(words.buffer, words.byteOffset, words.length));
    values.set([words[0]!, words[1] === 0xffffffff ? -1 : words[1]!]);
    values[7] = words[7]!;
    return values;
  },
};

function outcomeRecord(): KernelCase {
  const ring = 20;
  return {
    tensors: {
      loss: floats(1, 0.5, 2),
      settings: { length: 2, fill: () => Float32Array.of(100, 1) },
      history: output(ring),
      state: outcomeState,
    },
    fields: { ring, divergence_at: 0, best_constant_at: 1 },
    variant: { STOPS: 1 },
    allowed: ({ state }) => ({
      history: () => 0,
      state: (i) => (i === 5 || i === 6 ? 4 * ULP * state![i]! : 0),
    }),
  };
}

function gather({ rows: batch, cols: inputs }: KernelSize): KernelCase {
  const samples = 4 * batch;
  return {
    tensors: {
      x: floats(samples * inputs, -1, 1),
      y: floats(samples, -1, 1),
      state: clockAt(3),
      batch_x: output(batch * inputs),
      batch_y: output(batch),
    },
    fields: { samples, batch, inputs, outputs: 1 },
    variant: {},
    allowed: () => ({ batch_x: () => 0, batch_y: () => 0 }),
  };
}

function saturation({ rows, cols }: KernelSize): KernelCase {
  const count = rows * cols;
  return {
    tensors: { y: floats(count, 0, 1), state: output(STATE_WORDS) },
    fields: { weight: 1 / count },
    variant: { ACTIVATION: 2 },
    // A derivative within rounding of the limit may be on either side of it.
    allowed: ({ y }) => {
      const near = y!.filter((value) => Math.abs(value * (1 - value) - 0.05) < ULP).length;
      return { state: () => near / count + 4 * ULP };
    },
  };
}

function nonfinite({ rows, cols }: KernelSize): KernelCase {
  return {
    tensors: { values: floats(rows * cols, -1, 1), state: output(STATE_WORDS) },
    fields: {},
    variant: {},
    allowed: () => ({ state: () => 0 }),
  };
}

/** How every kernel is measured and checked. */
export const KERNEL_CASES: Readonly<Record<string, (size: KernelSize) => KernelCase>> = {
  matmul,
  bias_forward: biasForward,
  bias_backward: biasBackward,
  batch_norm_forward: batchNormForward,
  batch_norm_backward: batchNormBackward,
  identity_forward: activationForward(() => 1),
  identity_backward: activationBackward(-2, 2),
  relu_forward: activationForward(() => 1),
  relu_backward: activationBackward(-1, 1),
  // The exponential's error grows with its argument.
  sigmoid_forward: activationForward((argument) => 8 + 3 * Math.abs(argument)),
  sigmoid_backward: activationBackward(0, 1),
  tanh_forward: activationForward(() => 8),
  tanh_backward: activationBackward(-1, 1),
  loss_forward: lossForward,
  loss_backward: lossBackward,
  sgd_update: sgdUpdate,
  initialize,
  norms,
  outcome_record: outcomeRecord,
  gather,
  saturation,
  nonfinite,
};

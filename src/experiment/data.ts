import { matrixIndex, normal, uniform } from './random';
import type { Data, DataSet, Loss, TrialDocument } from './types';

/** Values by (sample, column). */
type Entry = (sample: number, column: number) => number;

interface Shape {
  seed: number;
  samples: number;
  inputs: number;
  outputs: number;
}

const TEACHER_UNITS = 16;
/** Which numbers of purpose `teacher` and `data` are which. */
const TEACHER = { U: 0, v: 1, A: 2 } as const;
const DATA = { x: 0, y: 1 } as const;

function matrix(rows: number, columns: number, entry: Entry): Float64Array {
  return Float64Array.from({ length: rows * columns }, (_, i) => entry(Math.floor(i / columns), i % columns));
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? Number.NaN;
}

/** Each column to mean 0 and mean square 1 over the rows. */
function standardizeColumns(values: Float64Array, rows: number, columns: number): Float64Array {
  const result = values.slice();
  for (let column = 0; column < columns; column++) {
    const { mean, variance } = moments(values, rows, columns, column);
    const scale = 1 / Math.sqrt(variance);
    for (let i = column; i < result.length; i += columns) result[i] = (at(values, i) - mean) * scale;
  }
  return result;
}

/** Mean and biased variance of a column. */
function moments(values: ArrayLike<number>, rows: number, columns: number, column: number) {
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += values[row * columns + column] ?? 0;
  const mean = sum / rows;
  let squares = 0;
  for (let row = 0; row < rows; row++) squares += ((values[row * columns + column] ?? 0) - mean) ** 2;
  return { mean, variance: squares / rows };
}

function product(
  a: Float64Array,
  b: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): Float64Array {
  return matrix(rows, columns, (row, column) => {
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += at(a, row * inner + k) * at(b, k * columns + column);
    return sum;
  });
}

function normals(seed: number, purpose: 'data' | 'teacher', layer: number, variance = 1): Entry {
  const deviation = Math.sqrt(variance);
  return (row, column) => deviation * normal(seed, purpose, layer, matrixIndex(row, column));
}

type Pair = [x: Float64Array, y: Float64Array];

function gaussian({ seed, samples, inputs, outputs }: Shape): Pair {
  return [
    matrix(samples, inputs, normals(seed, 'data', DATA.x)),
    matrix(samples, outputs, normals(seed, 'data', DATA.y)),
  ];
}

/** y = Σ v·tanh(2xU), standardised. */
function teacher({ seed, samples, inputs, outputs }: Shape): Pair {
  const x = matrix(samples, inputs, normals(seed, 'data', DATA.x));
  const U = matrix(inputs, TEACHER_UNITS, normals(seed, 'teacher', TEACHER.U, 1 / inputs));
  const v = matrix(TEACHER_UNITS, outputs, normals(seed, 'teacher', TEACHER.v));
  const units = product(x, U, samples, inputs, TEACHER_UNITS).map((z) => Math.tanh(2 * z));
  const y = product(units, v, samples, TEACHER_UNITS, outputs);
  return [x, standardizeColumns(y, samples, outputs)];
}

/** y = target·xA on standardised x; A = 1 for one input and one output, so that Goodfellow's chain has a known answer. */
function linear({ seed, samples, inputs, outputs }: Shape, target: number): Pair {
  const drawn = matrix(samples, inputs, normals(seed, 'data', DATA.x));
  const x = standardizeColumns(drawn, samples, inputs);
  const A =
    inputs === 1 && outputs === 1
      ? Float64Array.of(1)
      : matrix(inputs, outputs, normals(seed, 'teacher', TEACHER.A, 1 / inputs));
  return [x, product(x, A, samples, inputs, outputs).map((value) => target * value)];
}

/** Where a point of a class (0 or 1) lies, for t of (0, 1); all within about ±1. */
type Curve = (t: number, label: number) => [number, number];

const JITTER = 0.05;

const CURVES: Readonly<Record<'spiral' | 'moons' | 'circles', Curve>> = {
  // Two arms of one and a half turns.
  spiral: (t, label) => polar(0.1 + 0.9 * t, Math.PI * (3 * t + label)),
  // Two half circles, the second turned over and moved into the first.
  moons: (t, label) => {
    const [x, y] = polar(1, Math.PI * t);
    return label === 0 ? [x - 0.5, y - 0.25] : [0.5 - x, 0.25 - y];
  },
  circles: (t, label) => polar(label === 0 ? 1 : 0.5, 2 * Math.PI * t),
};

function polar(radius: number, angle: number): [number, number] {
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

/** Classes take turns, so that they are equally large; a little jitter keeps points from lying on a curve exactly. */
function twoClasses({ seed, samples }: Shape, curve: Curve): Pair {
  const points = Array.from({ length: samples }, (_, sample) =>
    curve(uniform(seed, 'data', DATA.x, sample), sample % 2),
  );
  return [
    matrix(samples, 2, (sample, column) => {
      const jitter = JITTER * normal(seed, 'jitter', 0, matrixIndex(sample, column));
      return (points[sample]?.[column] ?? 0) + jitter;
    }),
    matrix(samples, 1, (sample) => sample % 2),
  ];
}

function draw(data: Data, shape: Shape): Pair {
  switch (data.type) {
    case 'gaussian':
      return gaussian(shape);
    case 'teacher':
      return teacher(shape);
    case 'linear':
      return linear(shape, data.target);
    case 'inline':
      return [Float64Array.from(data.x.flat()), Float64Array.from(data.y.flat())];
    default:
      return twoClasses(shape, CURVES[data.type]);
  }
}

/** The data set of a trial, in float64 throughout and rounded to float32 at the end. */
export function makeData({ model, data, seed }: TrialDocument): DataSet {
  const { inputs, outputs } = model;
  const samples = data.type === 'inline' ? data.x.length : data.samples;
  const [x, y] = draw(data, { seed, samples, inputs, outputs });
  const { inputScale, inputShift, noise } = data;
  const noisy = (value: number, i: number) =>
    value + noise * normal(seed, 'noise', 0, matrixIndex(Math.floor(i / outputs), i % outputs));
  return {
    samples,
    inputs,
    outputs,
    x: Float32Array.from(x, (value) => inputScale * value + inputShift),
    y: noise === 0 ? Float32Array.from(y) : Float32Array.from(y, noisy),
  };
}

/** Loss of the best constant for an output, from the mean and biased variance of its targets. */
const CONSTANT_LOSS: Readonly<Record<Loss, (mean: number, variance: number) => number>> = {
  mse: (_, variance) => variance,
  'half-mse': (_, variance) => variance / 2,
  // Entropy in nats of targets 0 and 1.
  logistic: (mean) => surprise(mean) + surprise(1 - mean),
};

function surprise(p: number): number {
  return p > 0 ? -p * Math.log(p) : 0;
}

/** L*: the loss of the best constant prediction, a constant for each output. */
export function bestConstantLoss({ y, samples, outputs }: DataSet, loss: Loss): number {
  let sum = 0;
  for (let output = 0; output < outputs; output++) {
    const { mean, variance } = moments(y, samples, outputs, output);
    sum += CONSTANT_LOSS[loss](mean, variance);
  }
  return sum / outputs;
}

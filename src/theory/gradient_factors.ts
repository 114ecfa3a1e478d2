import type { Operation, OperationKind, Pass, Stage } from './small_network';

/** One factor of the size of ∂J/∂W, as the chain rule multiplies them. */
export interface Factor {
  readonly kind: 'error' | 'backward' | 'input' | 'forward' | 'alignment';
  /** What of a layer makes it: a stage on the way back, an operation on the way forward. */
  readonly part: Stage | OperationKind | undefined;
  readonly layer: number;
  /** Nothing where nothing came to it: a factor before it is 0. */
  readonly value: number | undefined;
}

/** Root mean square over the samples of the length of a sample's row. */
export function size(matrix: Float64Array, samples: number): number {
  return Math.sqrt(matrix.reduce((sum, value) => sum + value ** 2, 0) / samples);
}

/**
 * ∂J/∂W of a layer over a batch as a product of numbers: the size of ∂ℓ/∂ŷ; by how much each stage on the way back makes the gradient
 * larger or smaller; the size of x; by how much each operation on the way forward makes the signal larger or smaller; and how far
 * gradient and signal agree over the batch, at most 1. Their product is ∂J/∂w where the layer has one weight, with its sign in
 * the last factor; else the Frobenius norm of ∂J/∂W.
 *
 * A size is a root mean square over the samples. For one unit a weight's factor is |w|, that of a batch norm's scale |γ|/σ.
 * Where an operation makes something of nothing, as a bias does behind dead units, the way forward begins with what it made.
 */
export function gradientFactors({ operations, samples, error }: Pass, layer: number): Factor[] {
  const at = operations.findIndex((operation) => operation.kind === 'weights' && operation.layer === layer);
  const { input, outputGradient } = operations[at]!;
  const sizeOf = (matrix: Float64Array) => size(matrix, samples);
  const last = operations.at(-1)!.layer;
  return [
    { kind: 'error', part: undefined, layer: last, value: sizeOf(error) },
    ...operations
      .slice(at + 1)
      .toReversed()
      .flatMap((operation) => backwardFactors(operation, sizeOf)),
    ...forwardFactors(operations.slice(0, at), operations[0]!.input, sizeOf),
    { kind: 'alignment', part: undefined, layer, value: alignment(input, outputGradient, samples) },
  ];
}

export function productOf(factors: readonly Factor[]): number {
  return factors.reduce((product, { value }) => product * (value ?? 1), 1);
}

type SizeOf = (matrix: Float64Array) => number;

function backwardFactors({ layer, outputGradient, backward }: Operation, sizeOf: SizeOf): Factor[] {
  return backward.map(({ stage, result }, i) => {
    const before = i === 0 ? outputGradient : backward[i - 1]!.result;
    return { kind: 'backward', part: stage, layer, value: ratio(sizeOf(result), sizeOf(before)) };
  });
}

function forwardFactors(operations: readonly Operation[], x: Float64Array, sizeOf: SizeOf): Factor[] {
  const begun = operations.findLastIndex(({ input }) => sizeOf(input) === 0);
  const first: Factor =
    begun < 0
      ? { kind: 'input', part: undefined, layer: -1, value: sizeOf(x) }
      : {
          kind: 'input',
          part: operations[begun]!.kind,
          layer: operations[begun]!.layer,
          value: sizeOf(operations[begun]!.output),
        };
  return [
    first,
    ...operations.slice(begun + 1).map(({ kind, layer, input, output }): Factor => ({
      kind: 'forward',
      part: kind,
      layer,
      value: ratio(sizeOf(output), sizeOf(input)),
    })),
  ];
}

/** The mean of aᵀδ over the samples, as a part of what it would be if the two agreed; with its sign where it is one number. */
function alignment(a: Float64Array, delta: Float64Array, samples: number): number | undefined {
  const [rows, columns] = [a.length / samples, delta.length / samples];
  const most = size(a, samples) * size(delta, samples);
  const products = Float64Array.from({ length: rows * columns }, (_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    let sum = 0;
    for (let s = 0; s < samples; s++) sum += (a[s * rows + i]! * delta[s * columns + j]!) / samples;
    return sum;
  });
  return ratio(products.length === 1 ? products[0]! : Math.hypot(...products), most);
}

function ratio(after: number, before: number): number | undefined {
  return before === 0 ? undefined : after / before;
}

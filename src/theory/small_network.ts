/**
 * A small network trained on a batch, with everything that the chain rule multiplies: each operation keeps what it was given and what
 * it made of it, forward and backward. Written for looking at, apart from the kernels and their twins, which check it and are
 * checked by it.
 *
 * A matrix is (samples × units), row-major. The loss is J = mean of ½(ŷ − y)². What runs backward is ∂ℓ/∂· of each sample's own loss, so that a
 * weight's gradient is a mean over the batch.
 */

export type SmallActivation = 'identity' | 'relu' | 'sigmoid';

/** z = a·W + b, then normalization and φ. */
export interface SmallLayer {
  readonly fanIn: number;
  readonly fanOut: number;
  readonly bias: boolean;
  /** Where its batch norm stands, seen from φ. */
  readonly normalized: 'before' | 'after' | undefined;
  readonly activation: SmallActivation;
}

/** Parameters are one vector: for each layer W (fanIn × fanOut), then b, γ and β, as far as they exist. */
export interface SmallNetwork {
  readonly layers: readonly SmallLayer[];
  /** Frozen γ and β stay 1 and 0: their gradient is 0. */
  readonly affine: 'trained' | 'frozen';
  readonly epsilon: number;
}

/** Data of a step. */
export interface Batch {
  readonly samples: number;
  /** (samples × inputs) */
  readonly x: ArrayLike<number>;
  /** (samples) */
  readonly y: ArrayLike<number>;
}

export type OperationKind = 'weights' | 'normalization' | 'activation';

/**
 * A part of the way back. The Jacobian of batch norm, (γ/σ)(I − 11ᵀ/m − x̂x̂ᵀ/m), has three: the mean of the gradient is
 * removed, then its component along x̂, and the rest is scaled by γ/σ (Ioffe & Szegedy 2015, arXiv 1502.03167, §3).
 */
export type Stage = 'weights' | 'activation' | 'mean' | 'standardized' | 'scale';

/** What one operation makes of a batch. */
export interface Operation {
  readonly kind: OperationKind;
  readonly layer: number;
  readonly input: Float64Array;
  readonly output: Float64Array;
  /** ∂ℓ/∂output. */
  readonly outputGradient: Float64Array;
  /** What becomes of it, stage by stage; the last one is ∂ℓ/∂input. */
  readonly backward: readonly { readonly stage: Stage; readonly result: Float64Array }[];
}

export interface Pass {
  readonly samples: number;
  readonly loss: number;
  readonly prediction: Float64Array;
  /** ∂J/∂parameters */
  readonly gradient: Float64Array;
  /** From the input to the prediction. */
  readonly operations: readonly Operation[];
  /** ∂ℓ/∂ŷ */
  readonly error: Float64Array;
}

/** φ, and φ′ from its output. */
const ACTIVATIONS: Readonly<
  Record<SmallActivation, { phi: (z: number) => number; slope: (a: number) => number }>
> = {
  identity: { phi: (z) => z, slope: () => 1 },
  relu: { phi: (z) => Math.max(z, 0), slope: (a) => (a > 0 ? 1 : 0) },
  sigmoid: { phi: (z) => 1 / (1 + Math.exp(-z)), slope: (a) => a * (1 - a) },
};

/** Where a layer's parts lie in the parameters. */
export interface Places {
  readonly weights: number;
  readonly bias: number;
  readonly gamma: number;
  readonly beta: number;
  readonly end: number;
}

export function placesOf({ layers }: SmallNetwork): Places[] {
  let end = 0;
  const take = (length: number) => {
    end += length;
    return end - length;
  };
  return layers.map(({ fanIn, fanOut, bias, normalized }) => ({
    weights: take(fanIn * fanOut),
    bias: take(bias ? fanOut : 0),
    gamma: take(normalized ? fanOut : 0),
    beta: take(normalized ? fanOut : 0),
    end,
  }));
}

/** An operation on its way forward, and how it goes back. */
interface Forward {
  readonly kind: OperationKind;
  readonly layer: number;
  readonly input: Float64Array;
  readonly output: Float64Array;
  /** @param gradient of all parameters, into which it writes its own */
  back(dy: Float64Array, gradient: Float64Array): Operation['backward'];
}

/** Loss and gradient of a batch, and every factor on the way. */
export function pass(network: SmallNetwork, parameters: ArrayLike<number>, batch: Batch): Pass {
  const { samples, y } = batch;
  const forward = runForward(network, parameters, batch);
  const prediction = forward.at(-1)!.output;
  const error = prediction.map((value, i) => value - y[i]!);
  const gradient = new Float64Array(parameters.length);
  const operations: Operation[] = [];
  let outputGradient: Float64Array = error;
  for (const { kind, layer, input, output, back } of forward.toReversed()) {
    const backward = back(outputGradient, gradient);
    operations.unshift({ kind, layer, input, output, outputGradient, backward });
    outputGradient = backward.at(-1)!.result;
  }
  const loss = error.reduce((sum, e) => sum + e ** 2, 0) / (2 * samples);
  return { samples, loss, prediction, gradient, operations, error };
}

function runForward(network: SmallNetwork, parameters: ArrayLike<number>, { samples, x }: Batch): Forward[] {
  const places = placesOf(network);
  const operations: Forward[] = [];
  let a: Float64Array = Float64Array.from(x);
  const add = (operation: Forward) => {
    operations.push(operation);
    a = operation.output;
  };
  for (const [layer, shape] of network.layers.entries()) {
    const parts: Record<OperationKind, () => Forward> = {
      weights: () => affineMap(layer, shape, places[layer]!, parameters, a, samples),
      normalization: () => batchNorm(layer, shape, places[layer]!, network, parameters, a, samples),
      activation: () => activate(layer, shape, a),
    };
    add(parts.weights());
    if (shape.normalized === 'before') add(parts.normalization());
    if (shape.activation !== 'identity') add(parts.activation());
    if (shape.normalized === 'after') add(parts.normalization());
  }
  return operations;
}

function affineMap(
  layer: number,
  { fanIn, fanOut, bias }: SmallLayer,
  places: Places,
  parameters: ArrayLike<number>,
  input: Float64Array,
  samples: number,
): Forward {
  const weight = (i: number, j: number) => parameters[places.weights + i * fanOut + j]!;
  const output = new Float64Array(samples * fanOut);
  for (let s = 0; s < samples; s++)
    for (let j = 0; j < fanOut; j++) {
      let sum = bias ? parameters[places.bias + j]! : 0;
      for (let i = 0; i < fanIn; i++) sum += input[s * fanIn + i]! * weight(i, j);
      output[s * fanOut + j] = sum;
    }
  return {
    kind: 'weights',
    layer,
    input,
    output,
    back(dy, gradient) {
      const result = new Float64Array(samples * fanIn);
      for (let s = 0; s < samples; s++)
        for (let j = 0; j < fanOut; j++) {
          const delta = dy[s * fanOut + j]!;
          if (bias) gradient[places.bias + j]! += delta / samples;
          for (let i = 0; i < fanIn; i++) {
            result[s * fanIn + i]! += delta * weight(i, j);
            gradient[places.weights + i * fanOut + j]! += (delta * input[s * fanIn + i]!) / samples;
          }
        }
      return [{ stage: 'weights', result }];
    },
  };
}

function activate(layer: number, { activation }: SmallLayer, input: Float64Array): Forward {
  const { phi, slope } = ACTIVATIONS[activation];
  const output = input.map(phi);
  return {
    kind: 'activation',
    layer,
    input,
    output,
    back: (dy) => [{ stage: 'activation', result: dy.map((value, i) => value * slope(output[i]!)) }],
  };
}

/** y = γx̂ + β, x̂ = (x − μ)/σ, σ² = biased variance + ε: the formulas of the paper. */
function batchNorm(
  layer: number,
  { fanOut }: SmallLayer,
  { gamma, beta }: Places,
  { affine, epsilon }: SmallNetwork,
  parameters: ArrayLike<number>,
  input: Float64Array,
  samples: number,
): Forward {
  const unitOf = (i: number) => i % fanOut;
  /** For each unit the mean over the samples. */
  const means = (of: (i: number) => number) => {
    const sums = new Float64Array(fanOut);
    for (let i = 0; i < samples * fanOut; i++) sums[unitOf(i)]! += of(i) / samples;
    return sums;
  };
  const mu = means((i) => input[i]!);
  const sigma = means((i) => (input[i]! - mu[unitOf(i)]!) ** 2).map((variance) =>
    Math.sqrt(variance + epsilon),
  );
  const standard = input.map((value, i) => (value - mu[unitOf(i)]!) / sigma[unitOf(i)]!);
  const output = standard.map(
    (value, i) => parameters[gamma + unitOf(i)]! * value + parameters[beta + unitOf(i)]!,
  );
  return {
    kind: 'normalization',
    layer,
    input,
    output,
    back(dy, gradient) {
      const mean = means((i) => dy[i]!);
      const along = means((i) => dy[i]! * standard[i]!);
      if (affine === 'trained') {
        gradient.set(along, gamma);
        gradient.set(mean, beta);
      }
      const centred = dy.map((value, i) => value - mean[unitOf(i)]!);
      const rest = centred.map((value, i) => value - standard[i]! * along[unitOf(i)]!);
      const result = rest.map((value, i) => (value * parameters[gamma + unitOf(i)]!) / sigma[unitOf(i)]!);
      return [
        { stage: 'mean', result: centred },
        { stage: 'standardized', result: rest },
        { stage: 'scale', result },
      ];
    },
  };
}

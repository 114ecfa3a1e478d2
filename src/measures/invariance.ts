import { parseTrial } from '../experiment/consistency';
import type { TrialDocument } from '../experiment/types';
import { ACTIVATIONS } from '../reference/activation';
import { norm } from '../reference/norms';
import { breakingScale, epsilonShare, weightGradientProduct } from '../theory/scale_invariance';
import { Evaluator } from '../training/evaluator';
import { inlineRows, normals } from './inline_rows';
import type { Measurement } from './measurement';

/** A layer whose weights are multiplied by a: y = φ(BN((aW)u)), and φ((aW)u) beside it. */
export interface InvarianceRequest {
  readonly activation: LayerActivation;
  /** Of the layer. */
  readonly units: number;
  readonly epsilon: number;
  readonly seed: number;
  /** a, each above 0. */
  readonly scales: readonly number[];
}

/** Activations that may follow the layer. */
export const LAYER_ACTIVATIONS = ['identity', 'relu', 'sigmoid'] as const;
export type LayerActivation = (typeof LAYER_ACTIVATIONS)[number];

/** What was measured of an arm, by a: of ⟨v, y⟩, whose gradient at y is v, the same at every a. */
export interface InvariancePart {
  /** Whether batch norm follows the layer. */
  readonly normalized: boolean;
  readonly scales: Float64Array;
  /** ‖∂⟨v, y⟩/∂u‖₂ over all samples, and ‖∂⟨v, y⟩/∂(aW)‖₂: Frobenius norms. */
  readonly input: Float64Array;
  readonly weights: Float64Array;
  /** |(aW)·∂⟨v, y⟩/∂(aW)|/(‖aW‖₂·‖∂⟨v, y⟩/∂(aW)‖₂), a cosine; NaN where there is no gradient. */
  readonly product: Float64Array;
  /** What it is by `weightGradientProduct`, from the γ and ∂/∂γ that were measured and from σ² of float64; empty without batch norm. */
  readonly predicted: Float64Array;
  /** The largest share of ε in what any unit is divided by (`epsilonShare`); 0 without batch norm. */
  readonly epsilonShare: Float64Array;
  /** The a at which ε is as large as the variance of Wu, a mean over the units; 0 without batch norm. */
  readonly breaking: number;
}

/** Samples of the batch, and inputs of the layer. */
export const INVARIANCE_BATCH = { samples: 32, inputs: 8 } as const;
const { samples: SAMPLES, inputs: INPUTS } = INVARIANCE_BATCH;

/** By what v is multiplied to be a target, beside which a prediction is small: a power of two, which rounds nothing. */
const FAR = 2 ** 12;

const unitMatrix = (size: number) => inlineRows(size, size, (row, column) => Number(row === column));

/**
 * Measures a layer by training kernels alone. Its inputs u are weights too: those of a layer before it, whose own inputs are the unit
 * vectors, a sample each, so that the gradient of these weights is ∂/∂u. Behind it stands a unit matrix.
 *
 * That what comes back from above does not depend on a takes two trials: half the mean square error of n numbers has the gradient (y − t)/n,
 * and all that lies before is linear in it, so that gradients for t = −c·v and t = +c·v differ by 2c/n times those of ⟨v, y⟩.
 */
export const invariance: Measurement<InvarianceRequest, InvariancePart> = async (
  engine,
  request,
  tell,
  isWanted,
) => {
  for (const normalized of [false, true]) {
    if (!isWanted()) return;
    const evaluator = await Evaluator.open(engine, documents(request, normalized));
    try {
      const parameters = await evaluator.initial();
      const { gradients } = await evaluator.at(parameters);
      tell(partOf(request, normalized, evaluator.plan, parameters, gradients));
    } finally {
      evaluator.close();
    }
  }
};

/** For each scale the trial of the target −c·v and that of +c·v. */
function documents(request: InvarianceRequest, normalized: boolean): TrialDocument[] {
  const { activation, units, epsilon, seed, scales } = request;
  const [drawn, target] = [normals(seed, 'data'), normals(seed, 'teacher')];
  // ReLU follows the layer before too, and lets all of what is positive through; for the others any numbers will do.
  const sources = inlineRows(SAMPLES, INPUTS, (row, column) =>
    activation === 'relu' ? Math.abs(drawn(row, column)) : drawn(row, column),
  );
  const weights = inlineRows(INPUTS, units, normals(seed, 'weights', 1, 1 / INPUTS));
  const x = unitMatrix(SAMPLES);
  const targets = [-FAR, FAR].map((far) =>
    inlineRows(SAMPLES, units, (row, column) => far * target(row, column)),
  );
  const base = {
    inputs: SAMPLES,
    hidden: [INPUTS, units],
    outputs: units,
    activation,
    normalization: normalized ? { epsilon, layers: 'last' } : { type: 'none' },
  };
  const inline = [sources, weights, unitMatrix(units)];
  return scales.flatMap((scale) =>
    targets.map((y) =>
      parseTrial({
        model: {
          ...base,
          initialization: { type: 'inline', weights: inline, gainLayers: [1, scale, 1] },
        },
        data: { type: 'inline', x, y },
        loss: 'half-mse',
        optimizer: { learningRate: 0, steps: 1 },
        seed,
      }),
    ),
  );
}

/** @param parameters (trials × plan.parameters), as `gradients` */
function partOf(
  { activation, units, epsilon, scales }: InvarianceRequest,
  normalized: boolean,
  plan: Evaluator['plan'],
  parameters: Float64Array,
  gradients: Float64Array,
): InvariancePart {
  const [before, layer] = plan.layers;
  const part = {
    input: new Float64Array(scales.length),
    weights: new Float64Array(scales.length),
    product: new Float64Array(scales.length),
    predicted: new Float64Array(normalized ? scales.length : 0),
    epsilonShare: new Float64Array(scales.length),
  };
  let breaking = 0;
  for (const [i, scale] of scales.entries()) {
    const first = 2 * i * plan.parameters;
    const own = parameters.subarray(first, first + plan.parameters);
    const [minus, plus] = [0, 1].map((sign) =>
      gradients.subarray(first + sign * plan.parameters, first + (sign + 1) * plan.parameters),
    );
    const gradient = minus!.map((value, p) => ((value - plus![p]!) * SAMPLES * units) / (2 * FAR));
    const of = (vector: Float64Array, view: { offset: number; length: number }) =>
      vector.subarray(view.offset, view.offset + view.length);

    const { phi, derivative } = ACTIVATIONS[activation];
    const inputs = of(own, before!.weights).map(phi);
    const inputGradient = of(gradient, before!.weights).map((value, p) => value / derivative(inputs[p]!));
    const [w, g] = [of(own, layer!.weights), of(gradient, layer!.weights)];
    const lengths = norm(w) * norm(g);
    part.input[i] = norm(inputGradient);
    part.weights[i] = norm(g);
    part.product[i] = Math.abs(w.reduce((sum, value, p) => sum + value * g[p]!, 0)) / lengths;
    if (!layer!.affine) continue;
    const variances = variancesOf(inputs, w, units);
    part.epsilonShare[i] = epsilonShare(Math.min(...variances), epsilon);
    breaking = breakingScale(mean(variances) / scale ** 2, epsilon);
    const [affine, affineGradient] = [of(own, layer!.affine), of(gradient, layer!.affine)];
    const predicted = variances.reduce(
      (sum, variance, unit) =>
        sum + weightGradientProduct(affine[unit]!, affineGradient[unit]!, variance, epsilon),
      0,
    );
    part.predicted[i] = Math.abs(predicted) / lengths;
  }
  return { normalized, scales: Float64Array.from(scales), ...part, breaking };
}

/** Biased, of each unit of z = uW over the batch. @param inputs (SAMPLES × INPUTS) @param weights (INPUTS × units) */
function variancesOf(inputs: Float64Array, weights: Float64Array, units: number): number[] {
  return Array.from({ length: units }, (_, unit) => {
    const z = Array.from({ length: SAMPLES }, (_, sample) => {
      let sum = 0;
      for (let i = 0; i < INPUTS; i++) sum += inputs[sample * INPUTS + i]! * weights[i * units + unit]!;
      return sum;
    });
    const middle = mean(z);
    return mean(z.map((value) => (value - middle) ** 2));
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

import { norm } from '../reference/norms';
import type { Evaluator } from '../training/evaluator';

/** The loss and its gradient along a trial's negative gradient g (Santurkar et al. 2018, arXiv 1805.11604, Fig. 4), by step length s. */
export interface Landscape {
  /** L(θ) and ‖g‖₂, over all trained parameters. */
  readonly loss: number;
  readonly gradientNorm: number;
  /** L(θ − s·g); their least and most are the band of the loss's variation. */
  readonly losses: Float64Array;
  /** ‖∇L(θ − s·g) − g‖₂; their least and most are the band of gradient predictiveness. */
  readonly predictiveness: Float64Array;
  /** That divided by s·‖g‖₂. */
  readonly smoothness: Float64Array;
  /** Effective β-smoothness: the most of these, NaN above all. */
  readonly effectiveBeta: number;
}

/** Step lengths of the paper, as multiples of the learning rate: from, to. */
export const REACHES = { vgg: [0.5, 4], linear: [0.01, 30] } as const;

/**
 * Probes each trial along its negative gradient; it moves nowhere. An evaluation for each step length, of all trials at once.
 * @param parameters (trials × plan.parameters)
 * @param lengths of the steps, above 0: (trials × points)
 * @throws EngineFaultError, EngineLostError
 */
export async function landscapes(
  evaluator: Evaluator,
  parameters: Float64Array,
  lengths: readonly Float64Array[],
): Promise<Landscape[]> {
  const size = evaluator.plan.parameters;
  const here = await evaluator.at(parameters);
  const of = (vectors: Float64Array, trial: number) => vectors.subarray(trial * size, (trial + 1) * size);
  const points = lengths[0]?.length ?? 0;
  const probes = lengths.map(() => ({
    losses: new Float64Array(points),
    predictiveness: new Float64Array(points),
  }));
  for (let point = 0; point < points; point += 1) {
    const there = await evaluator.at(
      parameters.map((value, i) => value - lengths[Math.floor(i / size)]![point]! * here.gradients[i]!),
    );
    for (const [trial, { losses, predictiveness }] of probes.entries()) {
      losses[point] = there.losses[trial]!;
      predictiveness[point] = distance(of(there.gradients, trial), of(here.gradients, trial));
    }
  }
  return probes.map(({ losses, predictiveness }, trial) => {
    const gradientNorm = norm(of(here.gradients, trial));
    const smoothness = predictiveness.map((far, point) => far / (lengths[trial]![point]! * gradientNorm));
    return {
      loss: here.losses[trial]!,
      gradientNorm,
      losses,
      predictiveness,
      smoothness,
      effectiveBeta: Math.max(...smoothness),
    };
  });
}

/** ‖a − b‖₂ */
export function distance(a: Float64Array, b: Float64Array): number {
  return norm(a.map((value, i) => value - b[i]!));
}

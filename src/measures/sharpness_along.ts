import type { TrialDocument } from '../experiment/types';
import { evaluationPlan } from '../training/evaluator';
import { ExactHessian } from '../training/exact_hessian';
import { isDecided } from '../training/outcome';
import { planOf } from '../training/planner';
import { WaveInputs } from '../training/wave_input';
import type { Measurement } from './measurement';
import { exactSharpness } from './sharpness';

export interface SharpnessAlongRequest {
  readonly documents: readonly TrialDocument[];
}

/** The sharpness of a trial at one step. */
export interface SharpnessAlongPart {
  /** Index into the documents. */
  readonly document: number;
  /** Before whose update it is; after the last one, where it is the number of steps. */
  readonly step: number;
  /** The Hessian's eigenvalue of largest magnitude, with its sign; NaN where the loss is not finite. */
  readonly value: number;
  /** How near an eigenvalue is for sure. */
  readonly error: number;
}

/** Steps at which it is looked, from the first to the last, each about so many times as far. */
const LOOKS = 12;
/** Of the eigenvalue at most, relative to it: less than a chart shows. */
const TOLERANCE = 1e-3;

/**
 * The sharpness of trials along training, over all trained parameters on the full data set. The engine trains; the products of the
 * Hessian are the reference's, in float64.
 */
export const sharpnessAlong: Measurement<SharpnessAlongRequest, SharpnessAlongPart> = async (
  engine,
  { documents },
  tell,
  isWanted,
) => {
  for (const [index, document] of documents.entries()) {
    const plan = planOf(document);
    const input = new WaveInputs().of(plan, [document]);
    const { dataset, settings } = input.trials[0]!;
    const evaluated = { data: input.datasets[dataset]!, settings };
    const hessian = new ExactHessian(evaluationPlan(document));
    const wave = await engine.open(input);
    try {
      let reached = 0;
      for (const step of sharpnessSteps(plan.steps)) {
        if (step > reached) {
          const states = await wave.run(step - reached);
          if (isDecided(document.rule, states, 0)) break; // its parameters are no longer those of a step
        }
        reached = step;
        const loss = hessian.at(evaluated, await wave.read('parameters'));
        const { value, error } = Number.isFinite(loss)
          ? await exactSharpness(hessian, { tolerance: TOLERANCE })
          : { value: Number.NaN, error: Number.NaN };
        if (!isWanted()) return;
        tell({ document: index, step, value, error });
      }
    } finally {
      wave.close();
    }
  }
};

/** The steps of a trial at which its sharpness is told: 0, the last, and evenly by the logarithm between. */
export function sharpnessSteps(steps: number): readonly number[] {
  const between = Array.from({ length: LOOKS - 1 }, (_, look) => Math.round(steps ** (look / (LOOKS - 2))));
  return [...new Set([0, ...between])];
}

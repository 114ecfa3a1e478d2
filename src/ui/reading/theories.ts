import type { Experiment } from '../../experiment/types';
import type { EdgeSlope } from '../../view/edge_slope';
import { predictedSlope, predictionsOf, type Prediction } from './predictions';

/** What theory says of an arm, and what was measured of it. */
export interface ArmTheory {
  readonly name: string;
  readonly predictions: readonly Prediction[];
  /** Of ln(divergence edge) against ln(gain). */
  readonly predictedSlope: number | undefined;
  readonly slope?: EdgeSlope | undefined;
}

/** What theory says of an experiment, asked anew only for another one. */
export class Theories {
  private known: { readonly experiment: Experiment; readonly arms: readonly ArmTheory[] } | undefined;

  /** One an arm; none where theory says nothing of any. */
  of(experiment: Experiment): readonly ArmTheory[] {
    if (this.known?.experiment !== experiment) {
      const arms = experiment.arms.map(({ name }, arm) => ({
        name,
        predictions: predictionsOf(experiment, arm),
        predictedSlope: predictedSlope(experiment, arm),
      }));
      const isSilent = arms.every(
        ({ predictions, predictedSlope: slope }) => predictions.length === 0 && slope === undefined,
      );
      this.known = { experiment, arms: isSilent ? [] : arms };
    }
    return this.known.arms;
  }
}

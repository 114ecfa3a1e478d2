import type { Experiment } from '../../experiment/types';
import type { EdgeSlope } from '../../view/edge_slope';
import { hasMeasuredCurve } from './measured_curves';
import { predictedSlope, predictionsOf, type Prediction } from './predictions';

/** What theory says of an arm, and what was measured of it. */
export interface ArmTheory {
  readonly name: string;
  readonly predictions: readonly Prediction[];
  /** Of ln(divergence edge) against ln(gain). */
  readonly predictedSlope: number | undefined;
  readonly slope?: EdgeSlope | undefined;
}

/** What theory says of an experiment, asked anew only for another one, or once more has been measured. */
export class Theories {
  private known: { readonly experiment: Experiment; readonly arms: readonly ArmTheory[] } | undefined;
  private joined: { readonly of: readonly unknown[]; readonly arms: readonly ArmTheory[] } | undefined;

  /** One an arm; none where theory says nothing of any, and no curve of theirs is measured. */
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
      this.known = { experiment, arms: isSilent && !hasMeasuredCurve(experiment) ? [] : arms };
    }
    return this.known.arms;
  }

  /** The same with what was measured: slopes of the divergence edges, and curves besides those of theory. */
  with(
    arms: readonly ArmTheory[],
    slopes: readonly (EdgeSlope | undefined)[] | undefined,
    curves: readonly (Prediction | undefined)[] | undefined,
  ): readonly ArmTheory[] {
    const of = [arms, slopes, curves];
    if (!this.joined?.of.every((thing, i) => thing === of[i]))
      this.joined = {
        of,
        arms: arms.map((theory, arm) => {
          const curve = curves?.[arm];
          return {
            ...theory,
            slope: slopes?.[arm],
            predictions: curve ? [...theory.predictions, curve] : theory.predictions,
          };
        }),
      };
    return this.joined.arms;
  }
}

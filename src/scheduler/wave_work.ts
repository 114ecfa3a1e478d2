import type { Rule } from '../experiment/types';
import type { TrialMeasures } from '../measures/trial_measures';
import type { WaveInput } from '../training/engine';
import type { Plan } from '../training/plan';
import type { Kind } from './trial_plans';

/** Slots of a wave, ascending. */
export type Slots = Uint32Array;

/** Trials that an engine trains together, and how far they have come. */
export interface WaveWork {
  readonly kind: Kind;
  readonly plan: Plan;
  /** By slot, as are `rules`. */
  readonly trials: Uint32Array;
  readonly rules: readonly Rule[];
  readonly input: WaveInput;
  /** Nothing where nothing is measured. */
  readonly measured: TrialMeasures | undefined;
  /** That it takes on the engine's device. */
  readonly bytes: number;
  /** The slots that still train; all have come to the same step. */
  kept: Slots;
  step: number;
}

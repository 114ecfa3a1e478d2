/** When a loss of an engine of the GPU, float32, agrees with the reference's, float64. */

/** What float32 may add, relative to the loss. */
const TOLERANCE = 1e-3;
/** A loss this many times the first is on its way out, and float32 goes another way than float64. */
const UNSTABLE = 10;
/** From here on a number may as well be infinite in float32; and what an answer must then exceed, or not be finite. */
const BEYOND = 1e30;
const FAR = 1e25;

export type Agreement =
  | 'yes'
  | 'no'
  /** The loss is not finite, as it should be. */
  | 'beyond'
  /** From here on rounding decides, and nothing can be said. */
  | 'unstable';

/**
 * @param first the loss of step 0 by the reference
 * @param spread how far rounding alone may carry the loss, besides what is usual
 */
export function agreementOf(found: number, wanted: number, first: number, spread = 0): Agreement {
  if (!(Math.abs(wanted) < BEYOND)) return Math.abs(found) <= FAR ? 'no' : 'beyond';
  if (Math.abs(wanted) > UNSTABLE * Math.abs(first)) return 'unstable';
  return Math.abs(found - wanted) <= TOLERANCE * Math.abs(wanted) + spread ? 'yes' : 'no';
}

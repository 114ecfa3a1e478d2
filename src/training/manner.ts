import { MANY_TRIALS } from '../kernels/geometry';

/**
 * In what shape an engine is to train, where it has the choice: one by its name (`shapeName`), which was measured or asked for, wherever that
 * fits; or by the size of a trial, where trials are `many` or `few`. Results of another manner may differ in their last bits.
 */
export type Manner = string;

export const MANY: Manner = 'many';

/** Where nothing was measured. */
export function mannerFor(trials: number): Manner {
  return trials < MANY_TRIALS ? 'few' : MANY;
}

import type { Trace } from '../scheduler/trace';
import { formatNumber } from './number_format';

/** How far two curves of one trial are apart, relative to the second. */
export interface Parting {
  readonly largest: number;
  /** The step of the largest difference. */
  readonly at: number;
  /** The first step at which they are more than PARTED apart; nothing where they never are. */
  readonly parts: number | undefined;
}

/** From this relative difference on two curves have parted. */
export const PARTED = 0.01;

/** Of the steps that both have, at least one. */
export function partingOf(found: ArrayLike<number>, exact: ArrayLike<number>): Parting {
  const steps = Math.min(found.length, exact.length);
  const apart = Array.from({ length: steps }, (_, t) => relativeDifference(found[t]!, exact[t]!));
  const largest = apart.reduce((most, difference) => Math.max(most, difference), 0);
  const parts = apart.findIndex((difference) => difference > PARTED);
  return { largest, at: apart.indexOf(largest), parts: parts < 0 ? undefined : parts };
}

/** What is not finite in both is the same. */
function relativeDifference(found: number, exact: number): number {
  if (Object.is(found, exact) || found === exact) return 0;
  if (!Number.isFinite(found) || !Number.isFinite(exact))
    return Number.isFinite(found) || Number.isFinite(exact) ? Infinity : 0;
  return exact === 0 ? Infinity : Math.abs(found - exact) / Math.abs(exact);
}

/**
 * How a trial's losses agree with those of the float64 reference, in words.
 * @param steps that the reference was to make
 */
export function partingWords(found: Trace['loss'], exact: Trace['loss'], steps: number): string {
  const { largest, at, parts } = partingOf(found, exact);
  if (largest === 0) return `${withinWords(found, steps)}the same in float64, to the last digit`;
  const difference =
    largest === Infinity
      ? `only one is finite at step ${at}`
      : `largest difference ${percent(largest)} at step ${at}`;
  const parted =
    parts === undefined
      ? 'never more than 1 % from float64'
      : `first more than 1 % from float64 at step ${parts}`;
  const ends =
    exact.length !== Math.min(found.length, steps)
      ? `; it ends after ${found.length} steps, in float64 after ${exact.length}`
      : '';
  return `${withinWords(found, steps)}${parted}, ${difference}${ends}`;
}

function withinWords(found: Trace['loss'], steps: number): string {
  return found.length > steps ? `in the first ${steps} steps ` : '';
}

const percent = (share: number) => `${formatNumber(100 * share, 2)} %`;

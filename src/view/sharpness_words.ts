import { formatNumber } from './number_format';

/** The sharpness of a trial along its training, as far as it has been measured. */
export interface SharpnessHistory {
  /** Ascending; before the update of each, and at last after all. */
  readonly steps: readonly number[];
  /** λ, with its sign. */
  readonly values: readonly number[];
  /** How near an eigenvalue is for sure. */
  readonly errors: readonly number[];
}

/** Errors below it are not told one by one. */
const SMALL_ERROR = 1e-3;

/** What a chart of magnitudes does not tell: where λ begins and ends, its sign, its error, and how it lies to 2/η. */
export function sharpnessWords({ steps, values, errors }: SharpnessHistory, rate: number): string {
  const [first, last] = [values[0]!, values.at(-1)!];
  const shares = errors.map((error, i) => error / Math.abs(values[i]!)).filter(Number.isFinite);
  const worst = Math.max(SMALL_ERROR, ...shares);
  const negative = values.filter((value) => value < 0).length;
  return [
    `λ ${formatNumber(first)} at the start, ${formatNumber(last)} at step ${steps.at(-1)!} (η·λ ${formatNumber(rate * last)})`,
    ...(negative > 0 ? [`below 0 at ${negative} of ${values.length} steps`] : []),
    `error up to ${formatNumber(100 * worst, 2)} %`,
  ].join('; ');
}

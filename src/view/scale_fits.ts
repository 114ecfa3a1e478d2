import type { InvariancePart } from '../measures/invariance';
import { fitLine, type LineFit } from './line_fit';
import { formatMeasured } from './number_format';

/** The largest share of ε in any unit's σ² + ε at which a power of a is fitted: the power is off by about as much. */
export const NEGLIGIBLE = 1e-3;
/** The fewest points through which a line is laid. */
const LEAST = 4;

/** A power of a, with its standard error, and the line: value = factor·a^power. */
export interface PowerFit {
  readonly power: number;
  readonly error: number;
  readonly factor: number;
  /** The a of the points that it is laid through. */
  readonly from: number;
  readonly to: number;
}

/**
 * The powers of a that the two gradients of an arm have, over the a at which the share of ε is negligible in every unit, and
 * there is a gradient: saturated sigmoids have none.
 * @returns nothing where fewer than four points are left
 */
export function scaleFits(part: InvariancePart): Readonly<Record<'input' | 'weights', PowerFit>> | undefined {
  const places = Array.from(part.scales.keys()).filter(
    (i) => part.epsilonShare[i]! <= NEGLIGIBLE && part.input[i]! > 0 && part.weights[i]! > 0,
  );
  if (places.length < LEAST) return undefined;
  const [from, to] = [part.scales[places[0]!]!, part.scales[places.at(-1)!]!];
  const fit = (values: Float64Array): PowerFit => {
    const { slope, error, intercept }: LineFit = fitLine(
      places.map((i) => [Math.log(part.scales[i]!), Math.log(values[i]!)] as const),
    );
    return { power: slope, error, factor: Math.exp(intercept), from, to };
  };
  return { input: fit(part.input), weights: fit(part.weights) };
}

/** The values of a power at some scales. */
export function powerLine({ power, factor }: PowerFit, scales: ArrayLike<number>): number[] {
  return Array.from(scales, (scale) => factor * scale ** power);
}

/** Below this a product is mostly rounding in float32. */
const ROUNDED = 1e-5;

/**
 * By how much the measured product of weights and gradient is off its law at the most, relative to the law, where this is more than
 * rounding; nothing where it is so nowhere.
 */
export function lawDeviation({ product, predicted }: InvariancePart): number | undefined {
  const off = Array.from(predicted, (law, i) => ({ law, value: product[i]! }))
    .filter(({ law }) => law > ROUNDED)
    .map(({ law, value }) => Math.abs(value / law - 1));
  return off.length === 0 ? undefined : off.reduce((most, value) => Math.max(most, value));
}

/** The finest error that is told of a power. */
const FINEST = 1e-6;

/** A power with its error, to six digits at the most. */
export function powerWords({ power, error }: PowerFit): string {
  if (error >= FINEST) return formatMeasured(power, error, FINEST);
  const rounded = Math.round(power / FINEST) * FINEST + 0; // never −0
  return `${rounded.toFixed(6)} ± <1e-6`.replaceAll('-', '−');
}

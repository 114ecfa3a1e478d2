import type { NormLawPart } from '../measures/norm_law';
import { fitLine, type LineFit } from './line_fit';

/** Of the way from the best constant's loss to the least that any rate reaches, what a trial must have come. */
export const GOAL = 0.9;
/** Below so many steps to the goal, a whole step is too coarse for a slope. */
const COARSE = 20;
/** The fewest points through which a line is laid. */
const LEAST = 3;

/** The loss at which a trial of an arm has come GOAL of the way. */
export function goalLoss({ traces }: NormLawPart, bestConstant: number): number {
  let least = bestConstant;
  for (const { loss } of traces) for (const value of loss) if (value < least) least = value; // not NaN
  return bestConstant + GOAL * (least - bestConstant);
}

/** The first step whose loss is at the goal or below, by trial; nothing where there is none. */
export function stepsToGoal(part: NormLawPart, bestConstant: number): (number | undefined)[] {
  const goal = goalLoss(part, bestConstant);
  return part.traces.map(({ loss }) => {
    const step = loss.findIndex((value) => value <= goal);
    return step < 0 ? undefined : step;
  });
}

/** Slopes of ln(steps to the goal) against ln η on either side of the fastest rate; nothing where there are too few points. */
export interface Branches {
  readonly slow: LineFit | undefined;
  readonly fast: LineFit | undefined;
}

export function branches(rates: readonly number[], steps: readonly (number | undefined)[]): Branches {
  const known = rates.flatMap((rate, i) => (steps[i] === undefined ? [] : [{ rate, steps: steps[i] }]));
  const least = Math.min(...known.map(({ steps }) => steps));
  const fastest = known.findIndex(({ steps }) => steps === least);
  const fit = (points: typeof known) => {
    const fine = points.filter(({ steps }) => steps >= COARSE);
    if (fine.length < LEAST) return undefined;
    return fitLine(fine.map(({ rate, steps }) => [Math.log(rate), Math.log(steps)] as const));
  };
  return { slow: fit(known.slice(0, fastest)), fast: fit(known.slice(fastest + 1)) };
}

/** The rates from which on every trial diverged, that is ended early; nothing where the largest did not. */
export function divergesFrom({ traces }: NormLawPart, steps: number): number | undefined {
  const last = traces.findLastIndex(({ loss }) => loss.length === steps);
  return traces[last + 1]?.rate;
}

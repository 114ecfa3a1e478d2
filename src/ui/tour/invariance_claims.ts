import { lawErrors } from '../../measures/norm_trace';
import { NORM_LAW_DATA } from '../../measures/norm_law';
import { SCALE_POWERS } from '../../theory/scale_invariance';
import { branches, divergesFrom, stepsToGoal } from '../../view/norm_growth';
import { formatMeasured, formatNumber } from '../../view/number_format';
import { powerWords, scaleFits, type PowerFit } from '../../view/scale_fits';
import type { InvarianceFound } from '../invariance/found';
import { agrees, decided, open, type Claim } from './verdict';

const WAIT = 'it is being measured';

/** What a power may be off besides its own error: ε's share where it is fitted, and float32. */
const FINE = 2e-3;

const isPower = ({ power, error }: PowerFit, theory: number) => Math.abs(power - theory) <= 3 * error + FINE;

export const POWERS: Claim<InvarianceFound> = {
  claim: 'With batch norm ∂y/∂u does not change with a, and ∂y/∂(aW) falls as 1/a',
  check({ scaling }) {
    const part = scaling?.parts.find(({ normalized }) => normalized);
    if (!part) return open(WAIT);
    const fits = scaleFits(part);
    if (!fits) return open('ε is too large beside the variance, or no gradient is left: choose a smaller ε');
    const [, theory] = SCALE_POWERS;
    return decided(
      isPower(fits.input, theory.input) && isPower(fits.weights, theory.weights),
      `powers of a: ${powerWords(fits.input)} and ${powerWords(fits.weights)}, theory ${formatNumber(theory.input)} and ${formatNumber(theory.weights)}`,
    );
  },
};

/** Of |W|², a step: rounding of float32 sums, and what ε leaves of the angle. */
const LAW = 1e-4;

export const NORM_GROWS: Claim<InvarianceFound> = {
  claim: 'Each update lengthens the weights as the law above says',
  check({ growth, rate }) {
    const part = growth?.parts.find(({ normalized }) => normalized);
    const trace = part?.traces.find((each) => String(each.rate) === rate);
    if (!part || !trace) return open(WAIT);
    const most = lawErrors(trace, part.roundoff).reduce((largest, error) => Math.max(largest, error), 0);
    return decided(
      most <= LAW,
      `off by ${formatNumber(most, 2)} at most in ${trace.loss.length} steps, theory 0 but for ε and rounding`,
    );
  },
};

/** Where rates are neither small nor large, so that a V has a floor: what its sides may be off. */
const SIDE = 0.15;

export const BRAKE: Claim<InvarianceFound> = {
  claim: 'A rate that is too large is only slow: steps to the goal make a V over η',
  check({ growth }) {
    const [plain, normed] = [false, true].map((which) =>
      growth?.parts.find(({ normalized }) => normalized === which),
    );
    if (!growth || !plain || !normed) return open(WAIT);
    const { slow, fast } = branches(growth.request.rates, stepsToGoal(normed, NORM_LAW_DATA.bestConstant));
    if (!slow || !fast) return open('too few rates reach the goal on either side');
    const { steps } = growth.request;
    const edge = divergesFrom(plain, steps);
    const holds =
      agrees(slow.slope, slow.error, -1, SIDE) &&
      agrees(fast.slope, fast.error, 1, SIDE) &&
      divergesFrom(normed, steps) === undefined;
    return decided(
      holds,
      `slopes ${formatMeasured(slow.slope, slow.error)} and ${formatMeasured(fast.slope, fast.error)}, theory −1 and 1; without batch norm ${edge === undefined ? 'no rate diverges' : `it diverges from η = ${formatNumber(edge)}`}`,
    );
  },
};

import { twin } from './twin';

/** v where loss/loss₀ is more, or no finite number. */
const WORST = 1e6;

/** Places in state. */
const CLOCK = 0;
const DIVERGED_AT = 1;
const LOSS_INITIAL = 2;
const LOSS_LAST = 3;
const LOSS_MIN = 4;
const SUM_V = 5;
const SUM_INVERSE_V = 6;
const RECORDED = 7;
const LOSS_MAX = 8;

/**
 * Takes the loss of step t = clock into a trial's history and state, and moves the clock on. `state` is
 * [clock, diverged_at (−1: never), loss_initial, loss_last, loss_min, Σv, Σ1/v, recorded, loss_max], v = min(loss/loss_initial, 1e6);
 * what follows is not touched.
 * A trial diverges at a loss that is not finite or, if STOPS, exceeds divergence·max(loss_initial, best_constant); if STOPS,
 * only the clock moves after that. Nor is anything recorded after a NaN: it has reached the parameters, and stays.
 */
export const outcomeRecord = twin(
  ['loss', 'settings', 'history', 'state'],
  ['ring', 'divergence_at', 'best_constant_at', 'STOPS'],
  ({ loss, settings, history, state }, { ring, divergence_at, best_constant_at, STOPS }) => {
    const value = loss[0]!;
    const step = state[CLOCK]!++;
    const diverged = state[DIVERGED_AT]! >= 0;
    if ((STOPS && diverged) || Number.isNaN(state[LOSS_LAST])) return;

    history[step % ring] = value;
    state[RECORDED]!++;
    state[LOSS_LAST] = value;
    if (step === 0) state[LOSS_INITIAL] = state[LOSS_MIN] = value;
    const lowest = state[LOSS_MIN]!;
    if (Number.isFinite(value) && !(value >= lowest)) state[LOSS_MIN] = value;
    state[LOSS_MAX] = Math.max(state[LOSS_MAX]!, Math.abs(value)); // NaN is above all

    const initial = state[LOSS_INITIAL]!;
    const v = relativeLoss(value, initial);
    state[SUM_V]! += v;
    state[SUM_INVERSE_V]! += 1 / Math.max(v, 1e-30);

    const limit = settings[divergence_at]! * Math.max(initial, settings[best_constant_at]!);
    if (!diverged && (!Number.isFinite(value) || (STOPS && value > limit))) state[DIVERGED_AT] = step;
  },
);

function relativeLoss(loss: number, initial: number): number {
  const ratio = loss / initial;
  return Number.isFinite(initial) && Number.isFinite(ratio) ? Math.min(ratio, WORST) : WORST;
}

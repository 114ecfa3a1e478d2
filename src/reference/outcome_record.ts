import { STATE } from './state';
import { twin } from './twin';

/** v where loss/loss₀ is more, or no finite number. */
export const WORST = 1e6;

/**
 * Takes the loss of step t = clock into a trial's history and state (`STATE_WORDS`), and moves the clock on; the words behind
 * loss_max are not touched.
 * A trial diverges at a loss that is not finite or, if STOPS, exceeds divergence·max(loss_initial, best_constant); if STOPS,
 * only the clock moves after that. Nor is anything recorded after a NaN: it has reached the parameters, and stays.
 */
export const outcomeRecord = twin(
  ['loss', 'settings', 'history', 'state'],
  ['ring', 'divergence_at', 'best_constant_at', 'STOPS'],
  ({ loss, settings, history, state }, { ring, divergence_at, best_constant_at, STOPS }) => {
    const value = loss[0]!;
    const step = state[STATE.clock]!++;
    const diverged = state[STATE.divergedAt]! >= 0;
    if ((STOPS && diverged) || Number.isNaN(state[STATE.lossLast])) return;

    history[step % ring] = value;
    state[STATE.recorded]!++;
    state[STATE.lossLast] = value;
    if (step === 0) state[STATE.lossInitial] = state[STATE.lossMin] = value;
    const lowest = state[STATE.lossMin]!;
    if (Number.isFinite(value) && !(value >= lowest)) state[STATE.lossMin] = value;
    state[STATE.lossMax] = Math.max(state[STATE.lossMax]!, Math.abs(value)); // NaN is above all

    const initial = state[STATE.lossInitial]!;
    const v = relativeLoss(value, initial);
    state[STATE.sumV]! += v;
    state[STATE.sumInverseV]! += 1 / Math.max(v, 1e-30);

    const limit = settings[divergence_at]! * Math.max(initial, settings[best_constant_at]!);
    if (!diverged && (!Number.isFinite(value) || (STOPS && value > limit))) state[STATE.divergedAt] = step;
  },
);

function relativeLoss(loss: number, initial: number): number {
  const ratio = loss / initial;
  return Number.isFinite(initial) && Number.isFinite(ratio) ? Math.min(ratio, WORST) : WORST;
}

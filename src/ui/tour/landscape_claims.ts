import { formatNumber } from '../../view/number_format';
import { meanCosine, startAndMedian } from '../../view/looks';
import type { LandscapeFound } from '../landscape/landscape_run';
import { decided, open, type Claim } from './verdict';

const WAIT = 'it is being measured';
const NO_TWO = 'it takes a network without batch norm and one with it';

/** Whether two arms are compared, the second with batch norm. */
const isPair = ({ compared: { arms } }: LandscapeFound) =>
  arms.length > 1 &&
  arms[0]!.trial.model.normalization.type === 'none' &&
  arms[1]!.trial.model.normalization.type === 'batch';

export const SMOOTHER: Claim<LandscapeFound> = {
  claim: 'Where training starts the gradient changes less along itself with batch norm',
  check(found) {
    if (!isPair(found)) return open(NO_TWO);
    const [plain, normed] = [0, 1].map((arm) =>
      startAndMedian(found.path.table, arm, ({ landscape }) => landscape?.beta),
    );
    if (!plain || !normed) return open(WAIT);
    return decided(
      normed.start < plain.start,
      `effective β ${formatNumber(plain.start)} without, ${formatNumber(normed.start)} with; theory: less with it`,
    );
  },
};

export const STEADIER: Claim<LandscapeFound> = {
  claim: 'Along the path of training it trains on at a rate at which the plain network diverges',
  check(found) {
    if (!isPair(found)) return open(NO_TWO);
    const { state, table } = found.path;
    const [plain, normed] = [0, 1].map((arm) => table.divergedAt(arm));
    if (state !== 'done') return open(WAIT);
    return decided(
      plain !== undefined && normed === undefined,
      `without, ${plain === undefined ? 'it did not diverge' : `diverged at step ${plain}`}; with, ${normed === undefined ? 'it did not' : `diverged at step ${normed}`}`,
    );
  },
};

export const MORE_SHIFT: Claim<LandscapeFound> = {
  claim: 'In the deep linear network batch norm makes the shift larger, not smaller',
  check(found) {
    if (!isPair(found)) return open(NO_TWO);
    if (found.compared.arms[0]!.trial.model.activation !== 'identity')
      return open('choose the deep linear network');
    const [plain, normed] = [0, 1].map((arm) => startAndMedian(found.path.table, arm, meanCosine));
    if (!plain || !normed) return open(WAIT);
    return decided(
      normed.median < plain.median,
      `cos(G, G′), 1 where nothing shifts: ${formatNumber(plain.median)} without, ${formatNumber(normed.median)} with, median over the path`,
    );
  },
};

/** Losses at the latest look, of the first. */
export const TRAINS_ALL_THE_SAME: Claim<LandscapeFound> = {
  claim: 'And its loss falls all the same',
  check(found) {
    if (!isPair(found)) return open(NO_TWO);
    const looks = [0, 1].map((arm) => found.path.table.of(arm));
    if (looks.some((of) => of.length < 2)) return open(WAIT);
    const [plain, normed] = looks.map((of) => of.at(-1)!.loss / of[0]!.loss);
    return decided(
      normed! < 1,
      `loss at step ${looks[1]!.at(-1)!.step}, of the first: ${formatNumber(plain!)} without, ${formatNumber(normed!)} with`,
    );
  },
};

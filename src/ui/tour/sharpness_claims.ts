import { axisValues, trialIndex } from '../../experiment/axes';
import { formatNumber } from '../../view/number_format';
import type { MapFound } from '../map/map_state';
import { rateAxes } from '../reading/predictions';
import { NORMED, PLAIN, rowThatTrains, WAIT } from './map_rows';
import { decided, open, type Claim } from './verdict';

/** 2/|λ| where an arm starts in the row of the deepest network, and the largest rate that trains there. */
function deepest(found: MapFound) {
  const { experiment, results } = found;
  const axes = rateAxes(experiment);
  if (axes?.across?.parameter !== 'model.depth' || !experiment.measures.includes('sharpness_initial'))
    return undefined;
  const depths = Array.from(axisValues(axes.across));
  const depth = Math.max(...depths);
  const row = depths.indexOf(depth);
  const { table, grid } = results;
  const arms = [PLAIN, NORMED].map((arm) => {
    const trains = rowThatTrains(found, arm, row);
    const known = Array.from({ length: axes.along.count }, (_, rate) => {
      const [ix, iy] = axes.isAlongX ? [rate, row] : [row, rate];
      return Math.abs(table.sharpnessInitial[trialIndex(grid, { arm, replicate: 0, ix, iy })]!);
    }).find((sharpness) => Number.isFinite(sharpness));
    return trains && known !== undefined && { edge: 2 / known, largest: trains.largest };
  });
  return { depth, arms };
}

const OTHER = 'look at depth by learning rate, with the sharpness where training starts';

export const SHARPER: Claim<MapFound> = {
  claim: 'Where it starts, the deep network is sharper with batch norm than without',
  check(found) {
    const row = deepest(found);
    if (!row) return open(OTHER);
    const [plain, normed] = row.arms;
    if (!plain || !normed) return open(WAIT);
    return decided(
      normed.edge < plain.edge,
      `${row.depth} layers, 2/|λ|: ${formatNumber(plain.edge, 2)} without, ${formatNumber(normed.edge, 2)} with`,
    );
  },
};

export const BEYOND: Claim<MapFound> = {
  claim: 'Yet with it rates far beyond 2/|λ| train',
  check(found) {
    const row = deepest(found);
    if (!row) return open(OTHER);
    const [, normed] = row.arms;
    if (!normed) return open(WAIT);
    return decided(
      normed.largest > FAR * normed.edge,
      `trains up to η = ${formatNumber(normed.largest, 2)}, ${formatNumber(normed.largest / normed.edge, 2)} times 2/|λ|; a bowl that stays as sharp allows 1`,
    );
  },
};

/** More than the factor of 2 that a catapult allows. */
const FAR = 2;

import { axisValues } from '../../experiment/axes';
import { divergenceEdges, edgeSlope, fitEdges, type DivergenceEdge } from '../../view/edge_slope';
import { formatMeasured, formatNumber } from '../../view/number_format';
import { isLearningRate } from '../../view/parameter_names';
import type { MapFound } from '../map/map_state';
import { predictedSlope } from '../reading/predictions';
import { NORMED, PLAIN, rowThatTrains, statesOf, WAIT } from './map_rows';
import { agrees, decided, open, weighed, type Claim } from './verdict';

const FEW = 'too few rows have an edge within the map';
const OTHER = 'this map does not tell; back to what the stop shows';

/** What is missing, while something is. */
const missing = ({ isDone }: MapFound) => open(isDone ? FEW : WAIT);

/** The slope of ln(edge of divergence) against ln(gain), without batch norm. */
export const PLAIN_SLOPE: Claim<MapFound> = {
  claim: 'Without batch norm the edge falls as this power of the gain',
  check(found) {
    const theory = predictedSlope(found.experiment, PLAIN);
    if (theory === undefined) return open(OTHER);
    const { experiment, state } = statesOf(found, PLAIN);
    const fit = edgeSlope(experiment, state);
    if (!fit) return missing(found);
    return weighed(
      { measured: fit.slope, error: fit.error, theory, rival: 0 },
      `slope ${formatMeasured(fit.slope, fit.error)}, theory ${formatNumber(theory)}`,
    );
  },
};

/** With batch norm the gain of hidden weights cancels; what is left are the output's weights. */
const OUTPUT_ONLY = -2;

export const NORMED_SLOPE: Claim<MapFound> = {
  claim: 'With batch norm only the weights behind it still count',
  check(found) {
    const rival = predictedSlope(found.experiment, PLAIN);
    if (rival === undefined) return open(OTHER);
    const { experiment, state } = statesOf(found, NORMED);
    const fit = edgeSlope(experiment, state);
    if (!fit) return missing(found);
    const isWithin =
      agrees(fit.slope, fit.error, 0) ||
      agrees(fit.slope, fit.error, OUTPUT_ONLY) ||
      (fit.slope < 0 && fit.slope > OUTPUT_ONLY);
    return weighed(
      { measured: fit.slope, error: fit.error, theory: OUTPUT_ONLY, rival },
      `slope ${formatMeasured(fit.slope, fit.error)}, theory ${formatNumber(OUTPUT_ONLY)} to 0`,
      isWithin,
    );
  },
};

/** By what a layer more divides the edge: a line through its logarithms. */
function perLayer(edges: readonly DivergenceEdge[]) {
  const line = fitEdges(edges, (depth) => depth);
  return line && { factor: Math.exp(-line.slope), slope: -line.slope, error: line.error };
}

const isByDepth = ({ experiment: { axes } }: MapFound) =>
  [axes.x, axes.y].some((axis) => axis?.parameter === 'model.depth');

export const PLAIN_DEPTH: Claim<MapFound> = {
  claim: 'Without batch norm each layer more divides the edge by the square of the gain',
  check(found) {
    const { experiment, state } = statesOf(found, PLAIN);
    if (!isByDepth(found)) return open(OTHER);
    const fit = perLayer(divergenceEdges(experiment, state));
    if (!fit) return missing(found);
    const { gain } = experiment.model.initialization;
    const theory = gain ** 2;
    return weighed(
      // The curvature of a network at a gain of 1 depends on its depth too, by less.
      { measured: fit.slope, error: fit.error, theory: Math.log(theory), rival: 0, share: LEADING_ORDER },
      `÷ ${formatMeasured(fit.factor, fit.factor * fit.error)} a layer, theory ÷ ${formatNumber(theory)}`,
    );
  },
};

/** A law to leading order may be off by so much. */
const LEADING_ORDER = 0.1;

export const NORMED_DEPTH: Claim<MapFound> = {
  claim: 'With batch norm it hardly depends on the depth',
  check(found) {
    const { experiment, state } = statesOf(found, NORMED);
    if (!isByDepth(found)) return open(OTHER);
    const fit = perLayer(divergenceEdges(experiment, state));
    if (!fit) return missing(found);
    const rival = Math.log(experiment.model.initialization.gain ** 2);
    return weighed(
      { measured: fit.slope, error: fit.error, theory: 0, rival },
      `÷ ${formatMeasured(fit.factor, fit.factor * fit.error)} a layer, theory ÷ 1`,
      Math.abs(fit.slope) <= 3 * fit.error + LEADING_ORDER,
    );
  },
};

/** The rows of the smallest and the largest batch, both arms. */
function batches(found: MapFound) {
  const { x, y } = found.experiment.axes;
  const across = [x, y].find((axis) => axis?.parameter === 'optimizer.batch');
  if (!across || ![x, y].some((axis) => axis && isLearningRate(axis.parameter))) return undefined;
  const sizes = Array.from(axisValues(across));
  const rowOf = (size: number) => sizes.indexOf(size);
  const at = (size: number) => ({
    size,
    arms: [PLAIN, NORMED].map((arm) => rowThatTrains(found, arm, rowOf(size))),
  });
  return { least: at(Math.min(...sizes)), most: at(Math.max(...sizes)) };
}

export const SMALL_BATCH: Claim<MapFound> = {
  claim: 'With two samples a batch, batch norm lets no more rates train',
  check(found) {
    const rows = batches(found);
    if (!rows || rows.least.size !== 2) return open(OTHER);
    const [plain, normed] = rows.least.arms;
    if (!plain || !normed) return open(WAIT);
    return decided(
      normed.good <= plain.good,
      `of ${plain.tried} rates ${plain.good} train without it, ${normed.good} with it`,
    );
  },
};

/** A benefit that is small, beside the thousands elsewhere on the tour. */
const SMALL = 10;

export const SHALLOW: Claim<MapFound> = {
  claim: 'One hidden layer, well initialized, gains a small factor',
  check(found) {
    const rows = batches(found);
    if (!rows || found.experiment.model.hidden.length !== 1) return open(OTHER);
    const [plain, normed] = rows.most.arms;
    if (!plain || !normed) return open(WAIT);
    const ratio = normed.largest / plain.largest;
    return decided(
      ratio < SMALL,
      `largest rate that trains: ${formatNumber(plain.largest, 2)} without, ${formatNumber(normed.largest, 2)} with, ${formatNumber(ratio, 2)} times; small is below ${SMALL}`,
    );
  },
};

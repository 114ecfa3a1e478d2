import { axisValues } from '../experiment/axes';
import type { Experiment } from '../experiment/types';
import { fitLine, type LineFit } from './line_fit';
import type { TrialState } from '../training/outcome';
import { isLearningRate } from './parameter_names';

const GAIN = 'model.initialization.gain';
/** The fewest rows through which a line is laid. */
const LEAST = 4;

/** Which axis of a map of gain by learning rate is the learning rate; nothing on another map. */
export function rateAxisOfGains({ axes: { x, y } }: Pick<Experiment, 'axes'>): 'x' | 'y' | undefined {
  if (y && isLearningRate(x.parameter) && y.parameter === GAIN) return 'x';
  return y && isLearningRate(y.parameter) && x.parameter === GAIN ? 'y' : undefined;
}

/** Where training begins to diverge, for one value of the other axis. */
export interface DivergenceEdge {
  /** On the axis that is no learning rate. */
  readonly value: number;
  /** Between the smallest rate that diverges and the one before, by their logarithms. */
  readonly rate: number;
  /** ln of the one over the other: the edge is known to lie between them. */
  readonly cell: number;
}

/**
 * The edges that lie within a map, one a row of cells along its learning rate: rows that diverge nowhere, everywhere, or that are not
 * known far enough have none.
 * @param stateAt of a cell of the arm; nothing while it is not known
 */
export function divergenceEdges(
  { axes: { x, y } }: Pick<Experiment, 'axes'>,
  stateAt: (ix: number, iy: number) => TrialState | undefined,
): readonly DivergenceEdge[] {
  const along = isLearningRate(x.parameter) ? 'x' : 'y';
  if (!y || !isLearningRate((along === 'x' ? x : y).parameter)) return [];
  const [rates, values] = [along === 'x' ? x : y, along === 'x' ? y : x].map((axis) => axisValues(axis));
  return Array.from(values!, (value, row): DivergenceEdge | undefined => {
    const line = Array.from(rates!, (rate, i) => ({
      rate,
      state: along === 'x' ? stateAt(i, row) : stateAt(row, i),
    })).sort((a, b) => a.rate - b.rate);
    const first = line.findIndex(
      ({ state }) => state === undefined || state === 'diverged' || state === 'dead',
    );
    if (first < 1 || line[first]!.state === undefined) return undefined;
    const [below, above] = [line[first - 1]!.rate, line[first]!.rate];
    return { value, rate: Math.sqrt(below * above), cell: Math.log(above / below) };
  }).filter((edge) => edge !== undefined);
}

/**
 * The line of ln(rate) through edges, against some measure of their other axis. Its error is no smaller than what cells can tell, however
 * well the middles of cells lie on a line: an edge may be anywhere in its cell, evenly, 1/√12 of one from the middle on average.
 * @returns nothing where the edges have fewer than four different measures
 */
export function fitEdges(
  edges: readonly DivergenceEdge[],
  measure: (value: number) => number,
): LineFit | undefined {
  if (new Set(edges.map(({ value }) => measure(value))).size < LEAST) return undefined;
  const points = edges.map(({ value, rate }) => [measure(value), Math.log(rate)] as const);
  const middle = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const spread = Math.sqrt(points.reduce((sum, [x]) => sum + (x - middle) ** 2, 0));
  const line = fitLine(points);
  return { ...line, error: Math.max(line.error, edges[0]!.cell / Math.sqrt(12) / spread) };
}

export interface EdgeSlope extends LineFit {
  /** How many gains have an edge within the map. */
  readonly gains: number;
}

/**
 * The slope of ln(rate at which training begins to diverge) against ln(gain) on a map of gain by learning rate. It is that of the upper
 * half, by logarithms, of the gains above 1: where these are large the weights' growth alone decides.
 * @param stateAt of a cell of the arm; nothing while it is not known
 * @returns nothing where fewer than four gains have an edge within the map
 */
export function edgeSlope(
  experiment: Pick<Experiment, 'axes'>,
  stateAt: (ix: number, iy: number) => TrialState | undefined,
): EdgeSlope | undefined {
  const along = rateAxisOfGains(experiment);
  const { x, y } = experiment.axes;
  if (!along || !y) return undefined;
  const largest = Math.max(...axisValues(along === 'x' ? y : x));
  const edges = divergenceEdges(experiment, stateAt).filter(
    ({ value }) => value > 1 && value >= Math.sqrt(largest),
  );
  const line = fitEdges(edges, Math.log);
  return line && { ...line, gains: edges.length };
}

import { axisValues } from '../experiment/axes';
import type { Experiment } from '../experiment/types';
import { fitLine, type LineFit } from './line_fit';
import type { TrialState } from '../training/outcome';
import { isLearningRate } from './parameter_names';

const GAIN = 'model.initialization.gain';
/** The fewest gains through which a line is laid. */
const LEAST = 4;

/** Which axis of a map of gain by learning rate is the learning rate; nothing on another map. */
export function rateAxisOfGains({ axes: { x, y } }: Pick<Experiment, 'axes'>): 'x' | 'y' | undefined {
  if (y && isLearningRate(x.parameter) && y.parameter === GAIN) return 'x';
  return y && isLearningRate(y.parameter) && x.parameter === GAIN ? 'y' : undefined;
}

export interface EdgeSlope extends LineFit {
  /** How many gains have an edge within the map. */
  readonly gains: number;
}

/**
 * The slope of ln(rate at which training begins to diverge) against ln(gain) on a map of gain by learning rate. It is that of the upper
 * half, by logarithms, of the gains above 1: where these are large the weights' growth alone decides. The edge of a gain lies between
 * its smallest rate that diverges and the one before.
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
  const [rates, gains] = [along === 'x' ? x : y, along === 'x' ? y : x].map((axis) => axisValues(axis));
  const largest = Math.max(...gains!);
  const points = Array.from(gains!, (gain, row): readonly [number, number] | undefined => {
    if (gain <= 1 || gain < Math.sqrt(largest)) return undefined;
    const line = Array.from(rates!, (rate, i) => ({
      rate,
      state: along === 'x' ? stateAt(i, row) : stateAt(row, i),
    })).sort((a, b) => a.rate - b.rate);
    const first = line.findIndex(
      ({ state }) => state === undefined || state === 'diverged' || state === 'dead',
    );
    if (first < 1 || line[first]!.state === undefined) return undefined;
    return [Math.log(gain), (Math.log(line[first - 1]!.rate) + Math.log(line[first]!.rate)) / 2];
  }).filter((point) => point !== undefined);
  return new Set(points.map(([gain]) => gain)).size < LEAST
    ? undefined
    : { ...fitLine(points), gains: points.length };
}

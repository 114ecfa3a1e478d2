import { axisValues } from '../experiment/axes';
import { getPath, parsePath } from '../experiment/path';
import type { Axis, Experiment } from '../experiment/types';
import type { TrialClass } from '../training/outcome';
import { isLearningRate } from './parameter_names';

/** A cell of the map. */
export interface Cell {
  ix: number;
  iy: number;
}

export interface LargestRate {
  /** Largest learning rate that converged; nothing when none did. */
  rate: number | undefined;
  /** The map's largest rate converged, so that the true largest is this or more. */
  atLeast: boolean;
}

export interface Headline {
  /** The axis that is a learning rate. */
  along: Axis;
  /** Where the line through the map lies on the other axis. */
  at: { parameter: string; value: number } | undefined;
  arms: LargestRate[];
  /** Second arm's rate over the first's, where both have one; `bound` when the ends of the map hide part of it. */
  ratio: { value: number; bound: '' | '≥' | '≤' | '?' } | undefined;
  /** Every trial of the line has its outcome. */
  complete: boolean;
}

/** The document's own value of a parameter, as an axis would set it. */
export function baseValue(experiment: Experiment, parameter: string): number | undefined {
  const { model, optimizer } = experiment;
  if (parameter === 'model.depth') return model.hidden.length;
  if (parameter === 'model.width') return model.hidden[0];
  if (parameter.startsWith('optimizer.learningRate[') && typeof optimizer.learningRate === 'number')
    return optimizer.learningRate;
  const value = getPath(experiment, parsePath(parameter) ?? []);
  return typeof value === 'number' ? value : undefined;
}

/** The index of the axis' point nearest to a value, in the axis' scale. */
export function nearestIndex(axis: Axis, value: number): number {
  const measure = (x: number) => (axis.scale === 'log' ? Math.log(x) : x);
  const distances = Array.from(axisValues(axis), (point) => Math.abs(measure(point) - measure(value)));
  const nearest = distances.indexOf(Math.min(...distances));
  return nearest < 0 ? axis.count >> 1 : nearest;
}

/** Where the document itself lies on its map; the middle where it has no such value. */
export function baseCell(experiment: Experiment): Cell {
  const index = (axis: Axis | undefined) => {
    if (!axis) return 0;
    const value = baseValue(experiment, axis.parameter);
    return value === undefined ? axis.count >> 1 : nearestIndex(axis, value);
  };
  return { ix: index(experiment.axes.x), iy: index(experiment.axes.y) };
}

/**
 * The largest learning rate that still trains, on the line of the map through a cell.
 * Nothing when neither axis is a learning rate.
 * @param classAt the class of an arm's cell, or nothing while it is not known
 */
export function headline(
  experiment: Experiment,
  cell: Cell,
  classAt: (arm: number, cell: Cell) => TrialClass | undefined,
): Headline | undefined {
  const { x, y } = experiment.axes;
  const along = isLearningRate(x.parameter) ? x : y && isLearningRate(y.parameter) ? y : undefined;
  if (!along) return undefined;
  const values = axisValues(along);
  const onLine = (i: number): Cell => (along === x ? { ix: i, iy: cell.iy } : { ix: cell.ix, iy: i });
  const across = along === x ? y : x;
  const classes = experiment.arms.map((_, arm) => Array.from(values, (_, i) => classAt(arm, onLine(i))));
  const arms = classes.map((line) => largestRate(line, values));
  return {
    along,
    at: across && {
      parameter: across.parameter,
      value: axisValues(across)[along === x ? cell.iy : cell.ix]!,
    },
    arms,
    ratio: ratioOf(arms),
    complete: classes.every((line) => line.every(Boolean)),
  };
}

function largestRate(line: readonly (TrialClass | undefined)[], values: Float64Array): LargestRate {
  const converged = values.filter((_, i) => line[i] === 'converged');
  if (converged.length === 0) return { rate: undefined, atLeast: false };
  const rate = Math.max(...converged);
  return { rate, atLeast: rate === Math.max(...values) };
}

function ratioOf([first, second]: readonly LargestRate[]): Headline['ratio'] {
  if (!first?.rate || !second?.rate) return undefined;
  const bound = first.atLeast ? (second.atLeast ? '?' : '≤') : second.atLeast ? '≥' : '';
  return { value: second.rate / first.rate, bound };
}

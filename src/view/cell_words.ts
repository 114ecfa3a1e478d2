import { axisValues } from '../experiment/axes';
import type { Axis, Experiment } from '../experiment/types';
import type { Cell } from './headline';
import type { Results } from './map_picture';
import { formatNumber } from './number_format';
import { detailWords, outcomeWords } from './outcome_words';
import { parameterLabel } from './parameter_names';
import { representative } from './representative';

/** An axis' parameter, and its value at a point: `learning rate η = 0.1`. */
export function axisWords(axis: Axis, index: number | undefined): string {
  const label = parameterLabel(axis.parameter);
  const value = index === undefined ? undefined : axisValues(axis)[index];
  // A deeper level doubles the digits that tell neighbours apart, less than a third of a decimal each.
  const digits = 3 + Math.ceil((axis.zoom?.level ?? 0) * Math.log10(2));
  return value === undefined ? label : `${label} = ${formatNumber(value, Math.min(17, digits))}`;
}

/** The values of a cell's parameters: `learning rate η = 0.1, initial gain = 1`. */
export function placeWords({ axes }: Pick<Experiment, 'axes'>, { ix, iy }: Cell): string {
  return [axisWords(axes.x, ix), ...(axes.y ? [axisWords(axes.y, iy)] : [])].join(', ');
}

/** A cell for those who hear the page: its parameters, and its outcome in every arm. */
export function cellWords(experiment: Experiment, results: Results, cell: Cell): string {
  const { table, grid } = results;
  const { activation } = experiment.model;
  const outcomes = experiment.arms.map(({ name }, arm) => {
    const trial = representative(table, grid, arm, cell.ix, cell.iy);
    const details = trial === undefined ? '' : detailWords(table, trial, activation);
    return [`${name}: ${outcomeWords(results, trial)}`, ...(details ? [details] : [])].join(', ');
  });
  return [placeWords(experiment, cell), ...outcomes].join('; ');
}

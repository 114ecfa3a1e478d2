import { axisValues } from '../../experiment/axes';
import type { Axis } from '../../experiment/types';
import { trains } from '../../training/outcome';
import { stateAt } from '../../view/difference';
import { isLearningRate } from '../../view/parameter_names';
import type { MapFound } from '../map/map_state';

/** Arms of the stops' experiments. */
export const PLAIN = 0;
export const NORMED = 1;

export const WAIT = 'the maps are still being trained';

export function statesOf({ experiment, results: { table, grid } }: MapFound, arm: number) {
  const state = (ix: number, iy: number) => stateAt(table, grid, arm, ix, iy);
  return { experiment, state };
}

/** Trials of a row of cells along the learning rate, ascending: which of its rates train; nothing while one is not known. */
export function rowThatTrains(found: MapFound, arm: number, row: number) {
  const { experiment, state } = statesOf(found, arm);
  const { x, y } = experiment.axes;
  const isX = isLearningRate(x.parameter);
  const along: Axis = isX ? x : y!;
  const cells = Array.from(axisValues(along), (rate, i) => ({
    rate,
    state: isX ? state(i, row) : state(row, i),
  }));
  if (cells.some((cell) => cell.state === undefined)) return undefined;
  const good = cells.filter((cell) => trains(cell.state!)).map(({ rate }) => rate);
  return { tried: cells.length, good: good.length, largest: Math.max(0, ...good) };
}

import { axisValues } from '../experiment/axes';
import { parseExperiment } from '../experiment/parse';
import { withCount } from '../experiment/zoom';
import type { Axis, Experiment } from '../experiment/types';

/**
 * `auto`: as fine as this machine draws in SECONDS, though no coarser than shows the effect (`gridFor`); `document`: the counts
 * that the experiment itself names; or cells a side.
 */
export type GridChoice = 'auto' | 'document' | number;

/** What a whole picture may take, when the page chooses the grid. */
export const SECONDS = 10;

export function parseGridChoice(text: string): GridChoice | undefined {
  if (text === 'auto' || text === 'document') return text;
  const side = Number(text);
  return Number.isInteger(side) && side >= 1 && side <= 1024 ? side : undefined;
}

/** The experiment with `side` cells along each axis, or fewer where an axis of integers has fewer values. */
export function withSide(experiment: Experiment, side: number): Experiment {
  const resized = (axis: Axis): Axis => withCount(axis, new Set(axisValues(withCount(axis, side))).size);
  const { x, y } = experiment.axes;
  return { ...experiment, axes: { x: resized(x), ...(y && { y: resized(y) }) } };
}

/**
 * A document with one cell along an axis is not asked where that axis ends, nor how many trials there are on another grid.
 * @throws ExperimentError for an experiment that its grid does not allow
 */
export function checkGrid(experiment: Experiment, grid: GridChoice): void {
  if (grid !== 'document') parseExperiment(withSide(experiment, grid === 'auto' ? 2 : grid));
}

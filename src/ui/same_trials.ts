import { axisValues } from '../experiment/axes';
import { trialDocument } from '../experiment/trial';
import type { Axis, Experiment } from '../experiment/types';

/** Both ends: whatever an axis sweeps is overwritten in both, and at depth 0 a width says nothing. */
function ends(axis: Axis | undefined): number[] | [undefined] {
  if (!axis) return [undefined];
  const values = axisValues(axis);
  return [values[0]!, values.at(-1)!];
}

/** What tells an experiment's trials from those of another; names are not of it, nor what an axis or an arm overwrites. */
function trialsKey(experiment: Experiment): string {
  const { arms, axes, replicates } = experiment;
  const corners = ends(axes.x).flatMap((x) => ends(axes.y).map((y) => [x!, y] as const));
  return JSON.stringify([
    axes,
    replicates,
    arms.map((_, arm) => corners.map(([x, y]) => trialDocument(experiment, arm, 0, x, y))),
  ]);
}

/** Whether every trial of one experiment, by index, is that of the other. */
export function sameTrials(a: Experiment, b: Experiment): boolean {
  return a === b || trialsKey(a) === trialsKey(b);
}

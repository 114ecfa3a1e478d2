import { axisValues } from './axes';
import { isRecord } from './path';
import { trialDocument } from './trial';
import type { Axis, Experiment, TrialDocument } from './types';

/** Both ends: whatever an axis sweeps is overwritten in both, and at depth 0 a width says nothing. */
function ends(axis: Axis | undefined): number[] | [undefined] {
  if (!axis) return [undefined];
  const values = axisValues(axis);
  return [values[0]!, values.at(-1)!];
}

/** Trials of every arm; they hold neither names nor what an axis or an arm overwrites. */
function cornerTrials(experiment: Experiment): TrialDocument[] {
  const { arms, axes } = experiment;
  const corners = ends(axes.x).flatMap((x) => ends(axes.y).map((y) => [x!, y] as const));
  return arms.flatMap((_, arm) => corners.map(([x, y]) => trialDocument(experiment, arm, 0, x, y)));
}

/** Whether every trial of one experiment, by index, is that of the other, and the same is recorded of it. */
export function sameTrials(a: Experiment, b: Experiment): boolean {
  return (
    a === b ||
    (a.replicates === b.replicates &&
      a.arms.length === b.arms.length &&
      sameMeasures(a, b) &&
      isEqual(a.axes, b.axes) &&
      isEqual(cornerTrials(a), cornerTrials(b)))
  );
}

/** Whether two experiments record the same of each trial, in whatever order. */
export function sameMeasures(a: Experiment, b: Experiment): boolean {
  return isEqual(a.measures.toSorted(), b.measures.toSorted());
}

/** Of JSON: a document may hold more of it than fits a text. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => isEqual(item, b[i]));
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]))
  );
}

import { baseTrial, withArm } from './trial';
import type { Data, Experiment } from './types';

/** What an experiment that is accepted cannot show, in words. */
export function warningsOf(experiment: Experiment): string[] {
  const isMet = experiment.arms.some((arm) => {
    const { rule, data } = withArm(baseTrial(experiment), arm);
    return rule.type === 'threshold' && hasOneTarget(data);
  });
  return isMet
    ? [
        'data: all targets are the same, so the best constant prediction has loss 0, and no trial can come below a share of that: none is called converged, however well it trains',
      ]
    : [];
}

/** Whether every sample has the same targets; told without making the data, of which there may be much. */
function hasOneTarget(data: Data): boolean {
  if (data.noise > 0) return data.type === 'inline' ? data.x.length === 1 : data.samples === 1;
  if (data.type === 'inline')
    return data.y.every((row) => row.every((value, at) => value === data.y[0]![at]));
  return data.samples === 1 || (data.type === 'linear' && data.target === 0);
}

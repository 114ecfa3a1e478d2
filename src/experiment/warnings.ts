import { bestConstantLoss, makeData } from './data';
import { baseTrial, withArm } from './trial';
import type { Experiment } from './types';

/** What an experiment that is accepted cannot show, in words. */
export function warningsOf(experiment: Experiment): string[] {
  const documents = experiment.arms.map((arm) => withArm(baseTrial(experiment), arm));
  const targetless = documents.find(
    (document) =>
      document.rule.type === 'threshold' && bestConstantLoss(makeData(document), document.loss) === 0,
  );
  return targetless
    ? [
        'data: all targets are the same, so the best constant prediction has loss 0, and no trial can come below a share of that: none is called converged, however well it trains',
      ]
    : [];
}

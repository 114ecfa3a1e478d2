import { trialIndex } from '../../experiment/axes';
import type { Experiment } from '../../experiment/types';
import { median } from '../../view/curves';
import { shownResults, type Run } from '../map/run';
import { predictionBy, rateAxes, type Prediction } from './predictions';

/** Where a quadratic with the curvature of a trial's start would stop being stable. */
const LAW = {
  formula: 'η = 2/|λ|',
  words: 'measured where training starts: beyond, descent would leave a bowl that stays as curved as that',
};

/** Whether the curve is drawn of an experiment: it asks for the sharpness of its starts, on a map of learning rates. */
export function hasMeasuredCurve(experiment: Experiment): boolean {
  return experiment.measures.includes('sharpness_initial') && rateAxes(experiment) !== undefined;
}

/** The curve of each arm, as far as its sharpness is known; of several seeds by the median of their |λ|. */
export function measuredCurvesOf(run: Run): readonly (Prediction | undefined)[] {
  const { experiment } = run;
  const axes = rateAxes(experiment);
  if (!axes || !hasMeasuredCurve(experiment)) return experiment.arms.map(() => undefined);
  const { table, grid } = shownResults(run);
  const { across, along, isAlongX } = axes;
  /** Of a start, which is the same for each learning rate: that of the first trial that knows it. */
  const sharpnessOf = (arm: number, replicate: number, place: number) => {
    for (let rate = 0; rate < along.count; rate += 1) {
      const [ix, iy] = isAlongX ? [rate, place] : [place, rate];
      const value = Math.abs(table.sharpnessInitial[trialIndex(grid, { arm, replicate, ix, iy })]!);
      if (Number.isFinite(value)) return [value];
    }
    return [];
  };
  return experiment.arms.map((_, arm) => {
    const rates = Array.from({ length: across?.count ?? 1 }, (_place, place) => {
      const seeds = Array.from({ length: grid.replicates }, (_seed, seed) => sharpnessOf(arm, seed, place));
      return 2 / median(seeds.flat());
    });
    const prediction = predictionBy(axes, LAW, rates);
    return prediction && { ...prediction, isMeasured: true };
  });
}

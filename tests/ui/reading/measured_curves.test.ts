import { expect, test } from 'vitest';
import { cellOf } from '../../../src/experiment/axes';
import { presetExperiment } from '../../../src/experiment/presets';
import type { Experiment } from '../../../src/experiment/types';
import { batchOf } from '../../../src/scheduler/results';
import { withSide } from '../../../src/service/grid_choice';
import { axisPosition } from '../../../src/view/axis_ticks';
import { newRun, withOutcomes } from '../../../src/ui/map/run';
import { hasMeasuredCurve, measuredCurvesOf } from '../../../src/ui/reading/measured_curves';
import { rateAxes } from '../../../src/ui/reading/predictions';
import { Theories } from '../../../src/ui/reading/theories';
import { trialResult } from '../../trial_results';

const plain = { ...withSide(presetExperiment('init-gain'), 5), replicates: 3 };
const experiment: Experiment = { ...plain, measures: ['sharpness_initial'] };
const { along, isAlongX } = rateAxes(experiment)!;

/** A run of which the first arm is known but for its last row across, as the magnitude of its place and seed says. */
function someRun() {
  const run = newRun(experiment);
  const { grid } = run.results;
  const known = Array.from({ length: grid.trials }, (_, trial) => ({ trial, ...cellOf(grid, trial) }))
    .map(({ ix, iy, ...rest }) =>
      isAlongX ? { ...rest, rate: ix, place: iy } : { ...rest, rate: iy, place: ix },
    )
    .filter(({ arm, place, rate }) => arm === 0 && place < 4 && rate === 2);
  return withOutcomes(
    run,
    batchOf(
      known.map(({ trial, place, replicate }) =>
        trialResult({ trial, sharpnessInitial: -(10 ** place) * [2, 4, 1000][replicate]! }),
      ),
    ),
  );
}

test('2/|λ| of the starts, by the median of the seeds, where they are known', () => {
  const [curve, none] = measuredCurvesOf(someRun());
  expect(none).toBeUndefined();
  expect(curve!.formula).toBe('η = 2/|λ|');
  expect(curve!.constant).toBeUndefined();
  const [line, ...others] = curve!.lines;
  expect(others).toEqual([]);
  for (const [place, point] of line!.slice(1, -1).entries()) {
    const at = [(place + 0.5) / 5, axisPosition(along, 0.5 / 10 ** place)];
    expect(point).toEqual((isAlongX ? at.toReversed() : at).map((value) => expect.closeTo(value, 9)));
  }
  expect(line).toHaveLength(4 + 2);
});

test('it is drawn where it was asked for, on maps of learning rates', () => {
  expect(hasMeasuredCurve(experiment)).toBe(true);
  expect(hasMeasuredCurve(plain)).toBe(false);
  const { axes } = experiment;
  const elsewhere = { ...axes, [isAlongX ? 'x' : 'y']: { ...along, parameter: 'optimizer.momentum' } };
  expect(hasMeasuredCurve({ ...experiment, axes: elsewhere })).toBe(false);
});

test('it stands beside the laws, and is the same object as long as nothing new is measured', () => {
  const theories = new Theories();
  const arms = theories.of(experiment);
  const curves = measuredCurvesOf(someRun());
  const joined = theories.with(arms, undefined, curves);
  expect(joined[0]!.predictions).toEqual([...arms[0]!.predictions, curves[0]]);
  expect(joined[1]!.predictions).toEqual(arms[1]!.predictions);
  expect(theories.with(arms, undefined, curves)).toBe(joined);
  expect(theories.with(arms, undefined, [...curves])).not.toBe(joined);
  // Theory that is silent by itself has a curve where one is measured.
  const silent: Experiment = { ...plain, model: { ...plain.model, activation: 'tanh' } };
  expect(new Theories().of(silent)).toEqual([]);
  expect(new Theories().of({ ...silent, measures: ['sharpness_initial'] })).toHaveLength(2);
});

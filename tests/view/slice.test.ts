import { expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import type { Experiment } from '../../src/experiment/types';
import { sliceThrough } from '../../src/view/slice';
import { trialResult } from '../trial_results';
import { emptyResults } from './map_results';

const preset = presetExperiment('init-gain');
const experiment: Experiment = {
  ...preset,
  replicates: 3,
  axes: { x: { ...preset.axes.x, count: 3 }, y: { ...preset.axes.y!, count: 2 } },
};
const swapped: Experiment = { ...experiment, axes: { x: experiment.axes.y!, y: experiment.axes.x } };

/** Row 1 of the first arm: converged, of different losses, and at the largest rate mostly diverged. */
function results() {
  const made = emptyResults(experiment);
  for (const replicate of [0, 1, 2])
    for (const ix of [0, 2]) {
      const diverges = ix === 2 && replicate < 2;
      made.table.set(
        trialResult({
          trial: (replicate * 2 + 1) * 3 + ix,
          class: diverges ? 'diverged' : 'converged',
          lossFinal: 1 + replicate,
          lossInitial: 10 * (1 + replicate),
        }),
      );
    }
  return made;
}

test('a slice has the losses of all replicates along the learning rate, and their median', () => {
  const slice = sliceThrough(experiment, results(), { ix: 1, iy: 1 }, [])!;
  expect(slice.rates).toEqual([1e-4, expect.closeTo(0.0316, 3), 10]);
  expect(slice.arms[0]).toEqual({
    replicates: [
      [1, null, Infinity],
      [2, null, Infinity],
      [3, null, 3],
    ],
    median: [2, null, Infinity],
    initial: [20, null, 20],
  });
  expect(slice.arms[1]!.median).toEqual([null, null, null]);
  expect([slice.here, slice.across?.index, slice.along.parameter]).toEqual([
    slice.rates[1],
    1,
    'optimizer.learningRate',
  ]);
  expect(sliceThrough(experiment, results(), { ix: 1, iy: 0 }, [])!.arms[0]!.median).toEqual([
    null,
    null,
    null,
  ]);
});

test('states that are hidden are left out of it', () => {
  const [arm] = sliceThrough(experiment, results(), { ix: 0, iy: 1 }, ['diverged'])!.arms;
  expect(arm!.median).toEqual([2, null, 3]);
  expect(arm!.replicates[0]).toEqual([1, null, null]);
});

test('it runs along the axis that is a learning rate, if one is', () => {
  const slice = sliceThrough(swapped, emptyResults(swapped), { ix: 1, iy: 2 }, [])!;
  expect([slice.here, slice.across]).toEqual([10, { axis: swapped.axes.x, index: 1 }]);
  const { x } = experiment.axes;
  const none = { ...experiment, axes: { x: { ...x, parameter: 'optimizer.momentum', to: 0.9 } } };
  expect(sliceThrough(none, emptyResults(none), { ix: 0, iy: 0 }, [])).toBeUndefined();
});

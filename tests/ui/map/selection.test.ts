import { expect, test } from 'vitest';
import { batchOf } from '../../../src/scheduler/results';
import type { MapView } from '../../../src/ui/map/map_view';
import { newRun, withOutcomes, type Run } from '../../../src/ui/map/run';
import { Selection } from '../../../src/ui/map/selection';
import { boxOf } from '../../../src/view/lasso';
import { trialResult } from '../../trial_results';
import { smallExperiment } from './fake_client';

function selection() {
  const experiment = smallExperiment();
  const sweep: { run: Run | undefined } = { run: newRun(experiment) };
  let shown: Pick<MapView, 'brush' | 'hidden'> = { brush: [], hidden: [] };
  const selected = new Selection(
    sweep,
    () => shown,
    (change) => (shown = { ...shown, ...change }),
  );
  const finish = (...results: Parameters<typeof trialResult>[0][]) =>
    (sweep.run = withOutcomes(sweep.run!, batchOf(results.map(trialResult))));
  const box = () => selected.select(boxOf(experiment.axes, { ix: 0, iy: 0 }, { ix: 1, iy: 1 }));
  return { selected, sweep, finish, box };
}

test('nothing is selected at first, and all cells are counted', () => {
  const { selected, finish } = selection();
  finish({ trial: 0 }, { trial: 12, class: 'stalled', lossFinal: 2 });
  expect([selected.cells, selected.looked, selected.drawn]).toEqual([undefined, undefined, []]);
  expect(selected.counts.map(({ converged, stuck, unfinished }) => [converged, stuck, unfinished])).toEqual([
    [1, 0, 11],
    [0, 1, 11],
  ]);
});

test('an outline selects cells, of which those that have finished are drawn and all are counted', () => {
  const { selected, finish, box } = selection();
  box();
  finish({ trial: 0 }, { trial: 5, class: 'diverged' }, { trial: 7 }, { trial: 13 });
  expect(selected.cells?.map(({ ix, iy }) => iy * 4 + ix)).toEqual([0, 1, 4, 5]);
  expect(selected.drawn).toEqual([[0, 5], [13]]);
  expect(selected.counts[0]).toMatchObject({ converged: 1, diverged: 1, unfinished: 2 });
  expect(selected.drawn).toBe(selected.drawn);
  finish({ trial: 4 });
  expect(selected.drawn[0]).toEqual([0, 4, 5]);
  selected.clear();
  expect(selected.cells).toBeUndefined();
});

test('a state that is hidden reaches what is drawn and what is looked at', () => {
  const { selected, finish, box } = selection();
  box();
  finish({ trial: 0 }, { trial: 5, class: 'diverged' });
  selected.show('diverged', false);
  expect(selected.drawn[0]).toEqual([0]);
  expect([selected.shows(0), selected.shows(5), selected.shows(11)]).toEqual([true, false, true]);
  expect(selected.looked).toMatchObject({ hidden: ['diverged'], selected: new Set([0, 1, 4, 5]) });
  selected.show('diverged', true);
  expect(selected.looked?.hidden).toEqual([]);
});

test('the brush is told', () => {
  const { selected } = selection();
  let changes = 0;
  selected.addEventListener('change', () => (changes += 1));
  selected.choose('lasso');
  selected.turn(true);
  expect([selected.brush, selected.isOn, changes]).toEqual(['lasso', true, 2]);
});

test('without a run there is nothing to select', () => {
  const { selected, sweep, box } = selection();
  sweep.run = undefined;
  box();
  expect([selected.cells, selected.counts, selected.drawn, selected.shows(3)]).toEqual([
    undefined,
    [],
    [],
    true,
  ]);
});

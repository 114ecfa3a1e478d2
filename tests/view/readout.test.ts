import { expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import { withSide } from '../../src/service/grid_choice';
import { readoutOf } from '../../src/view/readout';
import { realisticBand } from '../../src/view/realistic_rates';
import { trialResult } from '../trial_results';
import { emptyResults } from './map_results';

const experiment = withSide(presetExperiment('init-gain'), 4);

test('a cell is told by its place, and arm by arm by state, loss and score', () => {
  const results = emptyResults(experiment);
  const at = () => readoutOf(experiment, results, { ix: 1, iy: 2 });
  expect(at().place).toEqual(['learning rate η = 0.00464', 'initial gain = 2']);
  expect(at().arms[0]).toEqual({ name: 'without batch norm', state: 'waiting', loss: '', score: '' });
  results.table.set(trialResult({ trial: 9, state: 'slow', class: 'stalled', lossFinal: 1 / 3, score: 80 }));
  results.table.set(trialResult({ trial: 25, class: 'training', lossFinal: 0.5 }));
  expect(at().arms).toEqual([
    { name: 'without batch norm', state: 'slow', loss: '0.333', score: '80' },
    { name: 'with batch norm', state: 'training', loss: '0.5', score: '' },
  ]);
});

test('realistic learning rates are a band of an axis that is one', () => {
  const { x, y } = experiment.axes;
  // Cells are centred on 10⁻⁴ … 10, so that 1 is at 4/5 of the way between the middles of the first and the last.
  expect(realisticBand(x)).toEqual({ from: 0, to: expect.closeTo((0.5 + 0.8 * 3) / 4, 12) });
  expect(realisticBand(y!)).toBeUndefined();
  expect(realisticBand({ ...x, from: 10, to: 1e-4 })).toEqual({ from: expect.closeTo(0.275, 12), to: 1 });
  expect(realisticBand({ ...x, from: 1e3, to: 1e6 })).toBeUndefined();
  expect(realisticBand({ ...x, parameter: 'optimizer.learningRate[1]', from: 1e-9, to: 1e3 })).toEqual({
    from: expect.closeTo(0.3125, 12),
    to: expect.closeTo(0.6875, 12),
  });
});

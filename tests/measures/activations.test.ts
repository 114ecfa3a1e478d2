import { expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import { trialDocument } from '../../src/experiment/trial';
import type { TrialDocument } from '../../src/experiment/types';
import { Activations, activationHistory } from '../../src/measures/activations';
import { planOf } from '../../src/training/planner';
import { WaveInputs } from '../../src/training/wave_input';

/** Two samples of one input, two units, one output, with weights that are known. */
function small(changes: Partial<TrialDocument['model']> = {}): TrialDocument {
  const document = trialDocument(presetExperiment('init-gain'), 0, 0, 0.05, 1);
  return {
    ...document,
    model: { ...document.model, inputs: 1, hidden: [2], outputs: 1, ...changes },
    data: { type: 'inline', x: [[1], [3]], y: [[0], [0]], inputScale: 1, inputShift: 0, noise: 0 },
  };
}

const of = (document: TrialDocument) => new Activations(new WaveInputs().of(planOf(document), [document]));

test('are those of each layer’s output: the mean, and the mean variance of a unit over the samples', () => {
  // ReLU of (1, −1)·x is (1, 0) and (3, 0); the output is 2·the first + 5·the second.
  const { mean, variance } = of(small()).at(Float64Array.of(1, -1, 2, 5));
  expect([...mean]).toEqual([1, 4]);
  expect([...variance]).toEqual([0.5, 4]);
});

test('batch norm makes them what it does, whatever the scale of the weights', () => {
  const model = small().model;
  const measured = of(
    small({ activation: 'identity', normalization: { ...model.normalization, type: 'batch', epsilon: 0 } }),
  );
  for (const scale of [1, 1e6]) {
    // W, then γ and β, then the output’s weights.
    const { mean, variance } = measured.at(Float64Array.of(scale, -scale, 3, 3, 1, 1, 1, 1));
    expect([mean[0], variance[0]]).toEqual([expect.closeTo(1), expect.closeTo(9)]);
  }
});

test('are of all samples where updates have some of them', () => {
  const document = small();
  const batched = { ...document, optimizer: { ...document.optimizer, batch: 1 } };
  const parameters = Float64Array.of(1, -1, 2, 5);
  expect(of(batched).at(parameters)).toEqual(of(document).at(parameters));
});

test('along training they are told layer by layer', () => {
  const look = (value: number) => ({
    mean: Float64Array.of(value, 10 * value),
    variance: Float64Array.of(-value, 0),
  });
  expect(activationHistory([0, 4], [look(1), look(2)])).toEqual({
    steps: Float64Array.of(0, 4),
    layers: [
      { mean: Float64Array.of(1, 2), variance: Float64Array.of(-1, -2) },
      { mean: Float64Array.of(10, 20), variance: Float64Array.of(0, 0) },
    ],
  });
});

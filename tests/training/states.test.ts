import { expect, test } from 'vitest';
import { parseExperiment } from '../../src/experiment/parse';
import { beginningState, STATE_ENTRIES, STATE_LENGTH, wordsOfState } from '../../src/reference/state';
import { beginningWords, emptyStates, statesOf, takeState } from '../../src/training/states';
import { ENGINES, runSweep } from '../sweeps';

test('what the GPU tells of each slot is what its twins would', () => {
  const trials = [1, 2, 3].map((slot) =>
    STATE_ENTRIES.map(([, { type }], at) => (type === 'f32' ? slot + at / 16 : 100 * slot + at)),
  );
  const expected = emptyStates(trials.length);
  for (const [slot, state] of trials.entries()) takeState(expected, slot, state);
  const words = new Uint32Array(trials.length * STATE_LENGTH);
  for (const [slot, state] of trials.entries()) words.set(wordsOfState(state), slot * STATE_LENGTH);
  expect(statesOf(words)).toEqual(expected);
  for (const [name] of STATE_ENTRIES) expect(new Set(expected[name]).size, name).toBe(trials.length);
});

test('trials of a wave begin as those that are not trained', () => {
  expect(statesOf(beginningWords(3))).toEqual(emptyStates(3));
  const taken = emptyStates(3);
  takeState(taken, 1, beginningState());
  expect(taken).toEqual(emptyStates(3));
});

const GPU = ['fused', 'fused in software', 'layered'] as const;

/** Its first update, by weight decay, takes the first layer's weights beyond float32 and turns their sign, which is right. */
const overflowing = {
  format: 'normscape/experiment',
  version: 1,
  model: {
    inputs: 1,
    hidden: [2],
    outputs: 1,
    activation: 'tanh',
    normalization: { type: 'none' },
    initialization: { type: 'inline', weights: [[[3e38, 3e38]], [[0.5], [0.5]]] },
  },
  data: { type: 'inline', x: [[1], [-1]], y: [[-1], [1]] },
  loss: 'half-mse',
  optimizer: { learningRate: [1, 0.02], weightDecay: 3, steps: 2 },
  axes: { x: { parameter: 'optimizer.learningRate[1]', scale: 'linear', from: 0.01, to: 0.02, count: 2 } },
  arms: [{ name: 'the only arm' }],
  rule: { type: 'sohl-dickstein' },
};

test.each(GPU)(
  '%s: weights that are not finite are dead, though the loss is finite all the time',
  async (engine) => {
    const { results } = await runSweep(parseExperiment(overflowing), ENGINES[engine]);
    for (const trial of [0, 1]) {
      expect([results.classOf(trial), results.stateOf(trial)]).toEqual(['converged', 'dead']);
      expect(results.lossMax[trial]).toBe(results.lossInitial[trial]);
    }
  },
);

/** A chain of two weights, nearly right from the start, but too steep there for its rate: it is thrown out, and lands in a flatter place. */
const catapult = {
  format: 'normscape/experiment',
  version: 1,
  model: {
    inputs: 1,
    hidden: [1],
    outputs: 1,
    activation: 'identity',
    normalization: { type: 'none' },
    initialization: { type: 'constant', gain: 1.0001 },
  },
  data: { type: 'linear', samples: 16 },
  loss: 'half-mse',
  optimizer: { learningRate: 0.5, steps: 100 },
  axes: { x: { parameter: 'optimizer.learningRate', scale: 'linear', from: 0.5, to: 1.3, count: 2 } },
  arms: [{ name: 'the only arm' }],
};

test.each(['reference', ...GPU] as const)(
  '%s: a loss that once was beyond 10⁶ times the first is dead, though it came down again',
  async (engine) => {
    const { results } = await runSweep(parseExperiment(catapult), ENGINES[engine]);
    expect([results.stateOf(0), results.stateOf(1)]).toEqual(['already', 'dead']);
    expect(results.classOf(1)).toBe('converged');
    expect(results.lossMax[1]! / results.lossInitial[1]!).toBeGreaterThan(1e6);
  },
);

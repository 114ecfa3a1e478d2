import { describe, expect, test } from 'vitest';
import { cellOf, trialIndex } from '../../src/experiment/axes';
import { parseExperiment } from '../../src/experiment/parse';
import { trialDocument } from '../../src/experiment/trial';
import { stepsOf, TrialSource } from '../../src/scheduler/trial_source';
import { minimalDocument } from '../experiment/documents';

const linear = (parameter: string, from: number, to: number, count: number) => ({
  parameter,
  scale: 'linear',
  from,
  to,
  count,
});
const RATE = linear('optimizer.learningRate', 0.1, 0.9, 5);
const DEPTH = linear('model.depth', 1, 3, 3);

function sourceOf(axes: Record<string, unknown>, rest: Record<string, unknown> = {}) {
  const experiment = parseExperiment({ ...minimalDocument(), replicates: 2, axes, ...rest });
  return { experiment, source: new TrialSource(experiment) };
}

describe('the documents of a sweep', () => {
  test.each([
    ['one axis', { x: RATE }],
    ['two', { x: RATE, y: linear('model.initialization.gain', 1, 2, 4) }],
    ['one of them a shape', { x: DEPTH, y: RATE }],
    ['the other one', { x: RATE, y: DEPTH }],
    ['both', { x: linear('model.width', 2, 4, 3), y: DEPTH }],
    ['a layer of a shape', { x: linear('optimizer.learningRate[1]', 0.1, 0.9, 5), y: DEPTH }],
    ['a batch', { x: RATE, y: linear('optimizer.batch', 1, 8, 3) }],
  ])('are those of its cells: %s', (_name, axes) => {
    const { experiment, source } = sourceOf(axes);
    const { grid } = source;
    for (let trial = 0; trial < grid.trials; trial += 1) {
      const { arm, replicate, ix, iy } = cellOf(grid, trial);
      const expected = trialDocument(experiment, arm, replicate, source.x[ix]!, source.y?.[iy]);
      expect(source.document(trial)).toEqual(expected);
      expect(source.document(trial), 'asked again').toEqual(expected);
    }
  });

  test('hold the values of their axes, and the seed of their replicate', () => {
    const { source, experiment } = sourceOf({ x: RATE, y: DEPTH });
    const document = source.document(trialIndex(source.grid, { arm: 1, replicate: 1, iy: 2, ix: 3 }));
    expect(document.optimizer.learningRate).toBeCloseTo(0.7, 12);
    expect(document.model.hidden).toEqual([16, 16, 16]);
    expect(document.model.normalization.type).toBe('batch');
    expect(document.seed).toBe(experiment.seed + 1);
  });

  test('share what no axis changes, within an arm', () => {
    const data = { type: 'inline', x: [[1], [2]], y: [[1], [0]] };
    const model = { ...minimalDocument().model, inputs: 1 };
    const { source } = sourceOf({ x: RATE, y: DEPTH }, { data, model });
    const inline = Array.from({ length: source.grid.trials }, (_, trial) => source.document(trial).data);
    expect(new Set(inline).size).toBe(2);
  });
});

test.each([
  ['the document', { x: RATE }, {}],
  ['an axis', { x: RATE, y: linear('optimizer.steps', 2, 6, 3) }, {}],
  [
    'arms',
    { x: RATE },
    { arms: [3, 5].map((steps) => ({ name: `${steps}`, set: { 'optimizer.steps': steps } })) },
  ],
])('a trial trains as many steps as %s says', (_name, axes, rest) => {
  const { experiment, source } = sourceOf(axes, rest);
  const steps = stepsOf(experiment);
  for (let trial = 0; trial < source.grid.trials; trial += 1)
    expect(steps(trial)).toBe(source.document(trial).optimizer.steps);
});

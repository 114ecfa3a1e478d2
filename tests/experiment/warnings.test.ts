import { describe, expect, test } from 'vitest';
import { bestConstantLoss, makeData } from '../../src/experiment/data';
import { parseExperiment } from '../../src/experiment/parse';
import { warningsOf } from '../../src/experiment/warnings';

const document = (data: object, more: object = {}) => ({
  format: 'normscape/experiment',
  version: 1,
  model: { inputs: 2, hidden: [3], outputs: 1, activation: 'tanh' },
  data,
  loss: 'half-mse',
  optimizer: { learningRate: 0.1, steps: 5 },
  axes: { x: { parameter: 'optimizer.learningRate', scale: 'log', from: 0.1, to: 1, count: 2 } },
  ...more,
});
const inline = (...y: number[]) => ({
  type: 'inline',
  x: y.map((_, i) => [i, 1]),
  y: y.map((value) => [value]),
});

describe('targets that are all the same are told, and only they', () => {
  const generated = ['gaussian', 'moons', 'circles', 'spiral'].flatMap((type) =>
    [1, 2, 5].flatMap((samples) => [0, 0.5].map((noise) => ({ type, samples, noise }))),
  );
  const standardised = [
    ...[2, 5].map((samples) => ({ type: 'teacher', samples })),
    ...[0, 1].flatMap((target) => [0, 0.5].map((noise) => ({ type: 'linear', samples: 4, target, noise }))),
  ];
  const given = [inline(3), inline(3, 3, 3), inline(3, 3, 4), { ...inline(3, 3), noise: 0.5 }];
  test.each([...generated, ...standardised, ...given].map((data) => [JSON.stringify(data), data] as const))(
    '%s',
    (_, data) => {
      const experiment = parseExperiment(document(data));
      const isSame = bestConstantLoss(makeData(experiment), experiment.loss) === 0;
      expect(warningsOf(experiment).some((words) => /^data: .*none is called converged/.test(words))).toBe(
        isSame,
      );
    },
  );
});

test('of an arm alone, and not under the other rule', () => {
  const arms = [
    { name: 'some', set: {} },
    { name: 'one', set: { 'data.samples': 1 } },
  ];
  const data = { type: 'gaussian', samples: 8 };
  expect(warningsOf(parseExperiment(document(data, { arms })))).toHaveLength(1);
  expect(warningsOf(parseExperiment(document(data, { arms, rule: { type: 'sohl-dickstein' } })))).toEqual([]);
});

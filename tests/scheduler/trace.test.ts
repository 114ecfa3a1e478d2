import { expect, test } from 'vitest';
import { traceOf } from '../../src/scheduler/trace';
import { planOf } from '../../src/training/planner';
import { trialWith } from '../experiment/documents';

test('a trace holds what was recorded: losses, and the norms over all layers and of each', () => {
  const plan = planOf(trialWith([['model', 'hidden'], [2]], [['optimizer', 'steps'], 4]), true);
  expect([plan.layers.length, plan.ring]).toEqual([2, 4]);
  // (steps × layers × (‖∇‖, ‖W‖)); the last step was not recorded.
  const norms = Float64Array.of(3, 6, 4, 8, 5, 1, 12, 0, 0, 7, 0, 24, 99, 99, 99, 99);
  const trace = traceOf(plan, 3, Float64Array.of(9, 8, 7, 99), norms);
  expect([...trace.loss]).toEqual([9, 8, 7]);
  expect([...trace.gradientNorm]).toEqual([5, 13, 0]);
  expect([...trace.weightNorm]).toEqual([10, 1, 25]);
  expect(trace.layers.map(({ gradientNorm }) => [...gradientNorm])).toEqual([
    [3, 5, 0],
    [4, 12, 0],
  ]);
  expect(trace.layers.map(({ weightNorm }) => [...weightNorm])).toEqual([
    [6, 1, 7],
    [8, 0, 24],
  ]);
});

import { describe, expect, test } from 'vitest';
import { WORKLOADS, workloadTrials } from '../../src/bench/workloads';
import { planKey } from '../../src/training/plan';
import { planOf } from '../../src/training/planner';
import { ReferenceEngine } from '../../src/training/reference_engine';
import { WaveInputs } from '../../src/training/wave_input';

test('the named workloads', () => {
  const shapes = WORKLOADS.map(({ id, ...workload }) => {
    const { layers, samples, activation } = planOf(workloadTrials({ id, ...workload }, 1)[0]!);
    const widths = [layers[0]!.fanIn, ...layers.map(({ fanOut }) => fanOut)].join('-');
    return [id, activation, widths, samples, layers.filter(({ normalized }) => normalized).length];
  });
  expect(shapes).toEqual([
    ['A', 'tanh', '16-16-1', 16, 0],
    ["A'", 'tanh', '16-16-1', 272, 0],
    ['B', 'relu', '8-32-32-32-32-1', 64, 0],
    ['C', 'relu', '8-32-32-32-32-1', 64, 4],
    ['D', 'identity', '1-1-1-1-1-1', 64, 4],
    ['T', 'relu', '8-16-16-16-16-1', 128, 0],
    ['T+BN', 'relu', '8-16-16-16-16-1', 128, 4],
  ]);
});

describe.each(WORKLOADS.map((workload) => [workload.id, workload] as const))('%s', (_, workload) => {
  test('has as many different trials of one plan as are asked for', () => {
    const trials = workloadTrials(workload, 11);
    expect(new Set(trials.map((trial) => JSON.stringify(trial))).size).toBe(11);
    expect(new Set(trials.map((trial) => planKey(trial))).size).toBe(1);
  });

  test('no trial diverges, so that each step is a whole one', async () => {
    const trials = workloadTrials(workload, 4);
    const engine = new ReferenceEngine();
    const wave = await engine.open(new WaveInputs().of(planOf(trials[0]!), trials));
    const { divergedAt, lossInitial, lossLast } = await wave.run(40);
    expect([...divergedAt]).toEqual([-1, -1, -1, -1]);
    for (const [slot, last] of lossLast.entries()) expect(last).toBeLessThan(lossInitial[slot]!);
  });
});

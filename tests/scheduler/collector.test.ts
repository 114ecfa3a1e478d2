import { expect, test } from 'vitest';
import { Collector, type SweepListener } from '../../src/scheduler/collector';
import { ProgressMeter } from '../../src/scheduler/progress';
import { rowsOf, type ResultBatch } from '../../src/scheduler/results';
import type { WaveWork } from '../../src/scheduler/wave_work';
import { EngineFaultError } from '../../src/training/engine';
import { planOf } from '../../src/training/planner';
import { ReferenceEngine } from '../../src/training/reference_engine';
import { WaveInputs } from '../../src/training/wave_input';
import { chainExperiment } from './chain_experiment';
import { TrialSource } from '../../src/scheduler/trial_source';

const source = new TrialSource(chainExperiment({ steps: 6 }));
const TRIALS = Uint32Array.of(3, 2, 8);

/** A wave of three trials that have made their steps, and a collector that tells it. */
async function trained(listener: Partial<SweepListener>, tracing = false) {
  const documents = Array.from(TRIALS, (trial) => source.document(trial));
  const plan = planOf(documents[0]!, tracing);
  const input = new WaveInputs().of(plan, documents);
  const wave = await new ReferenceEngine().open(input);
  const work: WaveWork = {
    kind: { key: plan.key, trial: 3 },
    plan,
    trials: TRIALS,
    rules: documents.map(({ rule }) => rule),
    input,
    measured: undefined,
    bytes: 0,
    kept: Uint32Array.of(0, 1, 2),
    step: 6,
  };
  const meter = new ProgressMeter({ trials: 4, steps: 24 });
  const collector = new Collector(meter, { results: () => undefined, ...listener }, tracing);
  return { wave, work, meter, collector, states: await wave.run(6) };
}

test('trials that are over are told with their own indices, and leave the wave', async () => {
  const told: ResultBatch[] = [];
  const { wave, work, meter, collector, states } = await trained({ results: (batch) => told.push(batch) });
  await collector.finish(wave, work, states, Uint32Array.of(0, 2));
  expect(told.flatMap((batch) => rowsOf(batch)).map(({ trial }) => trial)).toEqual([3, 8]);
  expect([...work.kept]).toEqual([1]);
  expect(meter.finished).toBe(2);
  expect(meter.read([]).fraction).toBe(0.5);
});

test('how the others stand is made only for whoever asks', async () => {
  const made: (() => ResultBatch)[] = [];
  const fractions: number[] = [];
  const { work, collector, states } = await trained({
    standing: (wave, batch) => {
      expect(wave).toBe(work);
      made.push(batch);
    },
    progress: ({ fraction }) => fractions.push(fraction),
  });
  collector.stand(work, states, [work]);
  work.kept = Uint32Array.of();
  const rows = rowsOf(made[0]!());
  expect(rows.map(({ trial, class: name }) => [trial, name])).toEqual([3, 2, 8].map((t) => [t, 'training']));
  expect(rows.map(({ lossFinal }) => lossFinal)).toEqual([...states.lossLast]);
  expect(fractions).toEqual([0.75]);
});

test('losses that contradict the state are a fault, and nothing is told', async () => {
  const told: ResultBatch[] = [];
  const { wave, work, meter, collector, states } = await trained({ results: (batch) => told.push(batch) });
  states.lossLast[1] = 7;
  await expect(collector.finish(wave, work, states, work.kept)).rejects.toThrow(EngineFaultError);
  expect([told, meter.finished, work.kept.length]).toEqual([[], 0, 3]);
});

test('traces are told when tracing', async () => {
  const traced: [number, number][] = [];
  const { wave, work, collector, states } = await trained(
    { trace: (trial, { loss }) => traced.push([trial, loss.length]) },
    true,
  );
  await collector.finish(wave, work, states, Uint32Array.of(1));
  expect(traced).toEqual([[2, states.recorded[1]]]);
});

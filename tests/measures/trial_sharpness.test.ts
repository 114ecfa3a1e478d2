import { afterEach, describe, expect, test, vi } from 'vitest';
import { cellOf } from '../../src/experiment/axes';
import type { Experiment } from '../../src/experiment/types';
import { sharpness } from '../../src/measures/sharpness';
import { TrialSharpness } from '../../src/measures/trial_sharpness';
import { Sweep } from '../../src/scheduler/sweep';
import { TrialSource } from '../../src/scheduler/trial_source';
import { allBut } from '../../src/scheduler/trials';
import { CLASS_NUMBER, ResultTable, type ResultBatch } from '../../src/scheduler/results';
import { Evaluator } from '../../src/training/evaluator';
import { ExactHessian } from '../../src/training/exact_hessian';
import { planOf } from '../../src/training/planner';
import { ReferenceEngine } from '../../src/training/reference_engine';
import { WaveInputs } from '../../src/training/wave_input';
import { trialLines } from '../../src/view/trials_csv';
import { tried } from '../every';
import { chainExperiment } from '../scheduler/chain_experiment';
import { ENGINES, runSweep } from '../sweeps';

const MEASURES = ['sharpness_final', 'sharpness_initial'] as const;
const STEPS = 12;
const experiment = chainExperiment(
  { nx: 5, ny: 3, steps: STEPS, replicates: 1 },
  { measures: MEASURES, optimizer: { learningRate: 1, steps: STEPS, momentum: 0.2 } },
);

afterEach(() => vi.restoreAllMocks());

describe.each(tried(['reference', 'fused in software'] as const, ['layered', 'fused'] as const))(
  '%s',
  (name) => {
    test('both are those of the Hessian at the parameters with which a trial begins and ends', async () => {
      const { source, results } = await runSweep(experiment, ENGINES[name], experiment);
      const trials = Array.from({ length: source.grid.trials }, (_, trial) => trial);
      const plain = trials.filter((trial) => cellOf(source.grid, trial).arm === 0);
      for (const trial of plain) {
        // Of ŷ = w·w·x with target x: s·p²/w² on the diagonal, s·p·(2p − 1)/w² beside it, p = w².
        const square = source.document(trial).model.initialization.gain ** 2;
        const ends = [3 * square - 1, 1 - square].sort((a, b) => Math.abs(b) - Math.abs(a));
        expect(Math.abs(results.sharpnessInitial[trial]! - ends[0]!)).toBeLessThan(1e-6);
      }
      const [stopped, whole] = [true, false].map((isStopped) =>
        trials.filter((trial) => (results.class[trial] === CLASS_NUMBER.diverged) === isStopped),
      );
      expect([stopped!.length, whole!.length].every((count) => count > 0)).toBe(true);
      for (const trial of stopped!) expect(results.sharpnessFinal[trial]).toBeNaN();
      const engine = new ReferenceEngine();
      for (const trial of whole!) {
        const document = source.document(trial);
        const wave = await engine.open(new WaveInputs().of(planOf(document), [document]));
        await wave.run(STEPS);
        const evaluator = await Evaluator.open(engine, [document]);
        const [exact] = await sharpness(evaluator, await wave.read('parameters'));
        // What float32 has trained ends elsewhere, by as much as its rounding has grown.
        const allowed = (name === 'reference' ? 1e-9 : 1e-4) * Math.abs(exact!.value);
        expect(Math.abs(results.sharpnessFinal[trial]! - exact!.value)).toBeLessThanOrEqual(allowed);
      }
    });
  },
);

test('under a rule that stops nothing a trial that diverges has one as long as its loss is finite', async () => {
  const endless = { ...experiment, rule: { type: 'sohl-dickstein' } } as const;
  const { results } = await runSweep(endless, ENGINES.reference, endless);
  const isLost = Array.from(results.lossMax, (loss) => !Number.isFinite(loss));
  expect(new Set(isLost)).toEqual(new Set([true, false]));
  for (const [trial, lost] of isLost.entries())
    expect(Number.isNaN(results.sharpnessFinal[trial]!)).toBe(lost);
  expect(results.sharpnessInitial.every(Number.isFinite)).toBe(true);
});

test('trials that begin alike are measured once there, and the norms of nothing are traced for it', async () => {
  const initial: Experiment = { ...experiment, measures: ['sharpness_initial'] };
  const at = vi.spyOn(ExactHessian.prototype, 'at');
  await runSweep(initial, ENGINES.reference, initial);
  // A start for each gain and arm, whatever the learning rate.
  expect(at).toHaveBeenCalledTimes(3 * 2);
});

/** The CSV after a sweep in waves of some size, which was ended after some outcomes and taken up again. */
async function table(memory: number, endAfter: number): Promise<string> {
  const source = new TrialSource(experiment);
  const results = new ResultTable(source.grid.trials);
  const told: number[] = [];
  const run = async (trials: typeof source | ReturnType<typeof allBut>, most: number) => {
    const sweep: Sweep = new Sweep(
      trials,
      ENGINES.reference,
      {
        results: (batch: ResultBatch) => {
          results.enter(batch);
          told.push(...batch.trial);
          if (told.length >= most) sweep.stop();
        },
      },
      { memory, measures: experiment.measures },
    );
    return await sweep.run();
  };
  const end = await run(source, endAfter);
  expect(end).toBe(endAfter < Infinity ? 'stopped' : 'done');
  if (end === 'stopped') await run(allBut(source, Uint32Array.from(told)), Infinity);
  expect(told.toSorted((a, b) => a - b)).toEqual(Array.from({ length: source.grid.trials }, (_, i) => i));
  return [...trialLines({ source, table: () => results })].join('');
}

test('the table is the same in waves of any size, in parts of them, and after an end in between', async () => {
  const whole = await table(2 ** 28, Infinity);
  expect(whole.split('\n')[0]).toMatch(/,state,sharpness_final,sharpness_initial$/);
  expect(await table(2 ** 12, Infinity)).toBe(whole);
  vi.spyOn(TrialSharpness.prototype, 'atOnce', 'get').mockReturnValue(2);
  expect(await table(2 ** 28, Infinity)).toBe(whole);
  expect(await table(2 ** 28, 5)).toBe(whole);
});

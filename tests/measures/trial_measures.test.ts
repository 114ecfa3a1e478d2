import { describe, expect, test } from 'vitest';
import { parseExperiment } from '../../src/experiment/parse';
import type { Experiment } from '../../src/experiment/types';
import { trialLines } from '../../src/view/trials_csv';
import { EVERY } from '../every';
import { chainExperiment } from '../scheduler/chain_experiment';
import { ENGINES, runSweep } from '../sweeps';

/** More steps than the plan keeps norms of at once. */
const STEPS = 70;
/** From rates that are too low to rates that diverge. */
const rates = (steps: number, rest: Record<string, unknown> = {}): Experiment =>
  chainExperiment({ nx: 5, ny: 1, steps, replicates: 1 }, rest);
const MEASURES = ['weight_norm_final', 'gradient_norm_max'] as const;

describe.each(Object.entries(ENGINES))('%s', (name, makeEngine) => {
  // What stops a trial differs, not how an engine goes on.
  const rules = name === 'reference' || EVERY ? ['threshold', 'sohl-dickstein'] : ['threshold'];
  test.each(rules)('measures are those of the trace, by the rule %s', async (type) => {
    const rule = type === 'threshold' ? {} : { rule: { type } };
    const experiment = rates(STEPS, rule);
    const [{ source, results }, { traces }, longer] = [
      await runSweep(experiment, makeEngine, { measures: MEASURES }),
      await runSweep(experiment, makeEngine, { tracing: true }),
      await runSweep(rates(STEPS + 1, rule), makeEngine, { tracing: true }),
    ];
    expect(new Set(results.class).size).toBeGreaterThan(1);
    let stopped = 0;
    for (let trial = 0; trial < source.grid.trials; trial += 1) {
      const { gradientNorm, weightNorm } = traces.get(trial)!;
      const close = (found: number, wanted: number) =>
        expect(Object.is(found, wanted) ? 0 : Math.abs(found - wanted)).toBeLessThanOrEqual(
          1e-6 * (Number.isFinite(wanted) ? wanted : 1),
        );
      close(results.gradientNormMax[trial]!, Math.max(...gradientNorm));
      // What update STEPS − 1 leaves is what update STEPS begins with.
      const isStopped = gradientNorm.length < STEPS;
      if (isStopped) stopped += 1;
      close(
        results.weightNormFinal[trial]!,
        isStopped ? weightNorm.at(-1)! : longer.traces.get(trial)!.weightNorm[STEPS]!,
      );
    }
    expect(stopped).toBeGreaterThan(0);
  });
});

test('nothing else of an outcome changes, and what was not asked for is NaN', async () => {
  const experiment = rates(STEPS);
  const [{ results: measured }, { results: plain }] = [
    await runSweep(experiment, ENGINES.reference, { measures: ['gradient_norm_max'] }),
    await runSweep(experiment, ENGINES.reference),
  ];
  expect({ ...measured, gradientNormMax: plain.gradientNormMax }).toEqual({ ...plain });
  expect(plain.gradientNormMax.every(Number.isNaN)).toBe(true);
});

test('the table of trials has a column for each, in the order in which the document names them', async () => {
  const experiment = parseExperiment({ ...rates(12), measures: MEASURES });
  const { source, results } = await runSweep(experiment, ENGINES.reference, experiment);
  const [header = '', first = ''] = [...trialLines({ source, table: () => results })].join('').split('\n');
  expect(header).toMatch(/,diverged_at,state,weight_norm_final,gradient_norm_max$/);
  expect(first.split(',').slice(-2)).toEqual([
    String(results.weightNormFinal[0]),
    String(results.gradientNormMax[0]),
  ]);
});

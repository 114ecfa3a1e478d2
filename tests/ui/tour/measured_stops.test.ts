import { describe, expect, test } from 'vitest';
import { alongTraining, type AlongPart } from '../../../src/measures/along_training';
import { invariance, type InvariancePart } from '../../../src/measures/invariance';
import { REACHES } from '../../../src/measures/landscape';
import { normLaw, type NormLawPart } from '../../../src/measures/norm_law';
import { batchOf } from '../../../src/scheduler/results';
import { withSide } from '../../../src/service/grid_choice';
import { ReferenceEngine } from '../../../src/training/reference_engine';
import { invarianceRequest, normLawRequest } from '../../../src/ui/invariance/invariance_view';
import { comparedOf } from '../../../src/ui/landscape/landscape_networks';
import { lookSteps } from '../../../src/ui/landscape/landscape_view';
import { newRun } from '../../../src/ui/map/run';
import { decodeView } from '../../../src/ui/page/view_state';
import type { FoundBy, Stop } from '../../../src/ui/tour/stop';
import { STOPS } from '../../../src/ui/tour/stops';
import { LookTable } from '../../../src/view/looks';
import { tried } from '../../every';
import { runSweep } from '../../sweeps';
import { trialResult } from '../../trial_results';

const stopOn = (title: string) => STOPS.find((stop) => stop.title === title)!;
const states = (stop: Stop, found: unknown) =>
  stop.checked((() => found) as unknown as FoundBy).map(({ state }) => state);

describe('scale invariance, and the brake', async () => {
  const stop = stopOn('Scale invariance, and the brake');
  const { invariance: view } = decodeView(stop.link);
  const engine = new ReferenceEngine();
  const [scales, growths]: [InvariancePart[], NormLawPart[]] = [[], []];
  const isWanted = () => true;
  await invariance(engine, invarianceRequest(view), (part) => scales.push(part), isWanted);
  await normLaw(engine, normLawRequest(view), (part) => growths.push(part), isWanted);
  const found = (scaling: readonly InvariancePart[], growth: readonly NormLawPart[]) => ({
    scaling: { request: invarianceRequest(view), parts: scaling },
    growth: { request: normLawRequest(view), parts: growth },
    rate: view.rate,
  });

  test('hold as they are measured', () => {
    expect(states(stop, found(scales, growths))).toEqual(['holds', 'holds', 'holds']);
    expect(states(stop, found([], []))).toEqual(['open', 'open', 'open']);
  });

  test('fail where the layer has no batch norm, though it is said to', () => {
    const plain = scales.map((part) => ({ ...scales[0]!, normalized: part.normalized }));
    const traces = growths.map((part) => ({ ...growths[0]!, normalized: part.normalized }));
    expect(states(stop, found(plain, growths))).toEqual(['fails', 'holds', 'holds']);
    expect(states(stop, found(scales, traces))).toContain('fails');
  });
});

describe.each(['The landscape', 'Covariate shift is not the reason'])('%s', (title) => {
  const stop = stopOn(title);
  const view = decodeView(stop.link);
  const compared = comparedOf(view);
  const foundOf = (parts: readonly AlongPart[], state: string) => {
    const table = new LookTable(2);
    for (const part of parts) table.enter(part);
    return { compared, path: { table, state } };
  };
  /** What is measured of arms where batch norm does as it is claimed to, or the other way round. */
  const parts = (isTrue: boolean): AlongPart[] =>
    [0, 5].map((step) => {
      const look = (trial: number) => {
        const isBetter = (trial === 1) === isTrue;
        const shift = { gradient: 1, after: 1, difference: 0, cosine: isBetter ? 0.2 : 0.9 };
        return {
          trial,
          step,
          loss: isBetter ? 1 / (1 + step) : 1 + step,
          gradientNorm: 1,
          landscape: { loss: [0, 1], predictiveness: [0, 1], beta: isBetter ? 5 : 100 } as const,
          shift: [shift, shift],
        };
      };
      return { looks: [look(0), look(1)], diverged: step === 0 ? [] : [{ trial: isTrue ? 0 : 1, step: 3 }] };
    });

  test('its claims follow what was measured', () => {
    expect(states(stop, foundOf(parts(true), 'done'))).toEqual(['holds', 'holds']);
    expect(states(stop, foundOf(parts(false), 'done'))).toEqual(['fails', 'fails']);
    expect(states(stop, foundOf([], 'waits'))).toEqual(['open', 'open']);
  });

  test.each(tried([], ['measured']))('and hold, %s', async () => {
    const trials = compared.arms.map(({ trial }) => trial);
    const told: AlongPart[] = [];
    const request = {
      trials,
      looks: lookSteps(view.landscape),
      probes: ['landscape', 'shift'],
      reach: REACHES[view.landscape.reach],
      points: 8,
    } as const;
    await alongTraining(
      new ReferenceEngine(),
      request,
      (part) => told.push(part),
      () => true,
    );
    expect(states(stop, foundOf(told, 'done'))).toEqual(['holds', 'holds']);
  });
});

describe('the sharpness paradox', () => {
  const stop = stopOn('The sharpness paradox');
  const experiment = withSide(decodeView(stop.link).experiment, 8);

  test.each([
    [10, 1000, ['holds', 'holds']],
    [1000, 100, ['fails', 'holds']],
    [10, 0.5, ['fails', 'fails']],
  ])('its claims follow sharpness: %d without batch norm, %d with it', (plain, normed, wanted) => {
    const { results } = newRun(experiment);
    const { nx, trials } = results.grid;
    const all = Array.from({ length: trials }, (_, trial) =>
      trialResult({
        trial,
        class: trial % nx < nx - 2 ? 'converged' : 'diverged',
        sharpnessInitial: trial < trials / 2 ? plain : -normed,
      }),
    );
    results.table.enter(batchOf(all));
    expect(states(stop, { experiment, results, isDone: true })).toEqual(wanted);
  });

  test.each(tried([], ['measured']))('and hold, %s', async () => {
    const { results } = await runSweep(experiment, async () => new ReferenceEngine(), {
      measures: experiment.measures,
    });
    const found = { ...newRun(experiment).results, table: results };
    expect(states(stop, { experiment, results: found, isDone: true })).toEqual(['holds', 'holds']);
  });
});

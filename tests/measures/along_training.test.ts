import { describe, expect, test } from 'vitest';
import type { TrialDocument } from '../../src/experiment/types';
import {
  alongTraining,
  isResolved,
  operationsAlong,
  stepLengths,
  type AlongPart,
  type AlongTraining,
  type Look,
} from '../../src/measures/along_training';
import { covariateShift } from '../../src/measures/covariate_shift';
import { landscapes, REACHES } from '../../src/measures/landscape';
import type { Engine } from '../../src/training/engine';
import { Evaluator } from '../../src/training/evaluator';
import { planOf } from '../../src/training/planner';
import { ReferenceEngine } from '../../src/training/reference_engine';
import { WaveInputs } from '../../src/training/wave_input';
import { comparedOf } from '../../src/ui/landscape/landscape_networks';
import type { LandscapeView } from '../../src/ui/landscape/landscape_view';
import { meanCosine } from '../../src/view/looks';
import { tried } from '../every';
import { shownWith } from '../landscape_views';
import { ENGINES } from '../sweeps';

const engine = new ReferenceEngine();

/** The tab's networks, an arm a trial. */
function trialsOf(change: Partial<LandscapeView>, seed = 1): TrialDocument[] {
  return comparedOf(shownWith(change)).arms.map(({ trial }) => ({ ...trial, seed }));
}

async function measured(
  request: AlongTraining,
  by: Engine = engine,
): Promise<{ parts: AlongPart[]; of(trial: number): Look[] }> {
  const parts: AlongPart[] = [];
  await alongTraining(
    by,
    request,
    (part) => parts.push(part),
    () => true,
  );
  const looks = parts.flatMap((part) => part.looks);
  return { parts, of: (trial) => looks.filter((look) => look.trial === trial) };
}

const base = { reach: REACHES.vgg, points: 8 } as const;

describe('along training', () => {
  test('it is measured what training itself comes to', async () => {
    const trials = trialsOf({ steps: 12 });
    const request = { ...base, trials, looks: [0, 3, 11], probes: ['landscape', 'shift'] } as const;
    const found = await measured(request);
    expect(found.parts.map(({ looks }) => looks.map(({ trial, step }) => [trial, step]))).toEqual(
      [0, 3, 11].flatMap((step) => [[[0, step]], [[1, step]]]),
    );
    for (const [trial, document] of trials.entries()) {
      const wave = await engine.open(new WaveInputs().of(planOf(document), [document]));
      const evaluator = await Evaluator.open(engine, [document]);
      await wave.run(3);
      const parameters = await wave.read('parameters');
      await wave.run(1);
      const after = await wave.read('parameters');
      const [landscape] = await landscapes(evaluator, parameters, [stepLengths(base, document)]);
      const update = after.map((value, i) => value - parameters[i]!);
      const [shift] = await covariateShift(evaluator, parameters, update);
      expect(found.of(trial)[1]).toEqual({
        trial,
        step: 3,
        loss: landscape!.loss,
        gradientNorm: landscape!.gradientNorm,
        landscape: {
          loss: [Math.min(...landscape!.losses), Math.max(...landscape!.losses)],
          predictiveness: [Math.min(...landscape!.predictiveness), Math.max(...landscape!.predictiveness)],
          beta: landscape!.effectiveBeta,
        },
        shift,
      });
    }
  });

  test('a trial that diverges is told once, and those beside it go on', async () => {
    const [plain] = trialsOf({ rate: 1, steps: 20 });
    const slow = { ...plain!, optimizer: { ...plain!.optimizer, learningRate: 1e-4 } };
    const { parts, of } = await measured({
      ...base,
      trials: [plain!, slow],
      looks: [0, 10, 19],
      probes: ['shift'],
    });
    expect(parts.flatMap(({ diverged }) => diverged)).toEqual([{ trial: 0, step: 2 }]);
    expect([of(0).map(({ step }) => step), of(1).map(({ step }) => step)]).toEqual([[0], [0, 10, 19]]);
  });

  test('it ends where it stands once nobody wants it', async () => {
    let wanted = true;
    const parts: AlongPart[] = [];
    const tell = (part: AlongPart) => {
      parts.push(part);
      wanted = parts.length < 3;
    };
    const trials = trialsOf({ steps: 20 });
    await alongTraining(engine, { ...base, trials, looks: [0, 5, 10], probes: [] }, tell, () => wanted);
    expect(parts).toHaveLength(3);
  });

  test('step lengths run evenly on a log scale, from the largest of several rates', () => {
    const [document] = trialsOf({ net: 'linear' });
    const optimizer = { ...document!.optimizer, learningRate: [0.01, 0.1, 0.001] };
    const lengths = stepLengths({ reach: [0.01, 100], points: 3 }, { ...document!, optimizer });
    expect([...lengths]).toEqual([0.001, 0.1, 10].map((length) => expect.closeTo(length, 12)));
  });

  test('float32 resolves no step that rounding hides; float64 does', () => {
    const [step, norm] = [1e-6, 10];
    expect([2 ** -24, 2 ** -53].map((roundoff) => isResolved(step, norm, roundoff))).toEqual([false, true]);
  });

  // A GPU in software compiles for half a minute.
  test.each(tried<keyof typeof ENGINES>([], ['fused in software', 'layered', 'fused']))(
    'what a GPU finds (%s) is what float64 finds, or it says that rounding hides it',
    async (name) => {
      const [, normed] = trialsOf({ steps: 4 });
      const trials = [1e-6, 1e-3, 1e-2].map((learningRate) => ({
        ...normed!,
        optimizer: { ...normed!.optimizer, learningRate },
      }));
      const request = { ...base, trials, looks: [0, 3], probes: ['landscape'] } as const;
      const [exact, found] = [await measured(request), await measured(request, await ENGINES[name]())];
      expect(found.of(0).map(({ landscape }) => landscape!.beta)).toEqual([NaN, NaN]);
      for (const trial of [1, 2])
        for (const [i, { landscape }] of found.of(trial).entries())
          expect(landscape!.beta / exact.of(trial)[i]!.landscape!.beta).toBeCloseTo(1, 2);
    },
  );

  test('what it costs follows from networks, looks and probes', () => {
    const request = (probes: AlongTraining['probes'], trials = trialsOf({})) =>
      operationsAlong({ ...base, trials, looks: [0], probes });
    const [none, landscape, sharpness] = [request([]), request(['landscape']), request(['sharpness'])];
    expect(landscape).toBe(10 * none);
    expect(sharpness).toBeGreaterThan(5 * landscape);
    expect(request([], trialsOf({ net: 'linear' }))).toBeGreaterThan(none);
  });
});

/** Predictions of Santurkar et al. 2018, at the seeds that are named: those of other seeds differ, without batch norm by powers of ten. */
describe('predictions', () => {
  test('at its start the test bed has a hundred times the effective β without batch norm', async () => {
    for (const [seed, beta] of [
      [1, [125.5, 5.49]],
      [4, [166.7, 3.03]],
    ] as const) {
      const trials = trialsOf({ rate: 0.1 }, seed);
      const { of } = await measured({ ...base, trials, looks: [0], probes: ['landscape'] });
      for (const arm of [0, 1]) expect(of(arm)[0]!.landscape!.beta / beta[arm]!).toBeCloseTo(1, 2);
    }
  });

  test('in the deep linear network batch norm turns gradients further, and it is sharper', async () => {
    const trials = trialsOf({ net: 'linear', steps: 6 });
    const looks = [0, 5];
    const { of } = await measured({ ...base, trials, looks, probes: ['shift', 'landscape'] });
    const middle = (arm: number) => of(arm).map(({ shift }) => shift![12]!.cosine);
    for (const look of of(0)) expect(meanCosine(look)).toBeGreaterThan(0.98);
    expect(Math.min(...middle(0))).toBeGreaterThan(0.98);
    expect(middle(1)[0]).toBeGreaterThan(0.7);
    expect(middle(1)[0]).toBeLessThan(0.9);
    expect(Math.min(...middle(1))).toBeLessThan(-0.2);
    expect(of(1)[0]!.landscape!.beta).toBeGreaterThan(2 * of(0)[0]!.landscape!.beta);
  });
});

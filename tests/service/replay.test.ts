import { describe, expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import { trialDocument } from '../../src/experiment/trial';
import type { TrialDocument } from '../../src/experiment/types';
import { traceOf } from '../../src/scheduler/trace';
import { emptyBatch } from '../../src/scheduler/results';
import { withSide } from '../../src/service/grid_choice';
import { lookSteps, replay, replaySteps } from '../../src/service/replay';
import { SweepHost } from '../../src/service/sweep_host';
import { MANY } from '../../src/training/manner';
import type { SweepEvent } from '../../src/service/sweep_protocol';
import { planOf } from '../../src/training/planner';
import { ReferenceEngine } from '../../src/training/reference_engine';
import { WaveInputs } from '../../src/training/wave_input';

function trial(steps: number, rate: number, changes: Partial<TrialDocument> = {}): TrialDocument {
  const document = trialDocument(presetExperiment('init-gain'), 1, 0, rate, 1);
  return {
    ...document,
    model: { ...document.model, hidden: [4, 3] },
    data: teacher(6),
    ...changes,
    optimizer: { ...document.optimizer, ...changes.optimizer, steps, learningRate: rate },
  };
}

const teacher = (samples: number): TrialDocument['data'] => ({
  type: 'teacher',
  samples,
  inputScale: 1,
  inputShift: 0,
  noise: 0,
});

const always = () => true;

describe('a replay', () => {
  test('has the very losses and norms of the reference engine, looked at or not', async () => {
    const document = trial(150, 0.05);
    const plan = planOf(document, true);
    const wave = await new ReferenceEngine().open(new WaveInputs().of(plan, [document]));
    await wave.run(150);
    const trace = traceOf(plan, 150, await wave.read('history'), await wave.read('norms'));
    const replayed = (await replay(document, always))!;
    expect(replayed.trace).toEqual(trace);
    expect(replayed.steps).toBe(150);
    expect([...replayed.activations.steps]).toEqual(lookSteps(150));
    expect(replayed.activations.layers.map(({ mean }) => mean.length)).toEqual([128, 128, 128]);
  });

  test('ends where the trial diverges', async () => {
    const { trace, activations } = (await replay(
      trial(5000, 1e3, {
        model: { ...trial(1, 1).model, normalization: { ...trial(1, 1).model.normalization, type: 'none' } },
      }),
      always,
    ))!;
    expect(trace.loss.length).toBeLessThan(40);
    expect(activations.steps.length).toBeLessThan(40);
  });

  test('makes no more steps than a person waits for', () => {
    expect(replaySteps(trial(1000, 0.01))).toBe(1000);
    expect(replaySteps(trial(1_000_000, 0.01))).toBe(50_000);
    const large = trial(1_000_000, 0.01, { data: teacher(4000) });
    expect(replaySteps(large)).toBeGreaterThan(1000);
    expect(replaySteps(large)).toBeLessThan(5000);
  });

  test('that is no longer wanted stops', async () => {
    let asked = 0;
    expect(await replay(trial(5000, 0.05), () => (asked += 1) < 2)).toBeUndefined();
    expect(asked).toBe(2);
  });
});

test.each([1, 5, 32, 33, 40, 128, 5000])('of %i steps it is looked at some, each once', (steps) => {
  const looks = lookSteps(steps);
  expect([looks[0], looks.at(-1)]).toEqual([0, steps - 1]);
  expect(looks.slice(1).every((step, i) => step > looks[i]!)).toBe(true);
  expect(looks).toHaveLength(Math.min(steps, 128));
});

test('a sweep worker replays the trials of a run, and only the latest that were asked for', async () => {
  const events: SweepEvent[] = [];
  let wake = () => {};
  const host = new SweepHost(
    () => async () => new ReferenceEngine(),
    (event) => {
      events.push(event);
      wake();
    },
  );
  const replays = () => events.flatMap((event) => (event.type === 'replay' ? [event.trial] : []));
  const until = async (isThere: () => boolean) => {
    while (!isThere()) await new Promise<void>((resolve) => (wake = resolve));
  };
  host.handle({ type: 'open', engine: 'reference' });
  host.handle({
    type: 'start',
    run: 1,
    experiment: withSide(presetExperiment('chain'), 3),
    memory: 2 ** 28,
    share: { index: 0, count: 1 },
    known: emptyBatch(0),
    manner: MANY,
  });
  await until(() => events.some(({ type }) => type === 'done'));
  host.handle({ type: 'replay', run: 1, trials: [1, 2] });
  host.handle({ type: 'replay', run: 1, trials: [4, 13] });
  await until(() => replays().length === 2);
  expect(replays()).toEqual([4, 13]);
  const [first] = events.filter((event) => event.type === 'replay');
  expect(first!.replay.trace.loss.length).toBeGreaterThan(0);
});

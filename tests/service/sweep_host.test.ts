import { describe, expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import { parseExperiment } from '../../src/experiment/parse';
import { gridOf } from '../../src/experiment/axes';
import { GpuUnavailableError } from '../../src/gpu/errors';
import { emptyBatch, ResultTable } from '../../src/scheduler/results';
import type { Needs, Wave, WaveInput } from '../../src/training/engine';
import { ReferenceEngine } from '../../src/training/reference_engine';
import { withSetting } from '../../src/ui/experiment/edit_experiment';
import { withSide } from '../../src/service/grid_choice';
import { SweepHost } from '../../src/service/sweep_host';
import { MANY } from '../../src/training/manner';
import type { SweepEvent, SweepRequest } from '../../src/service/sweep_protocol';
import { runSweep } from '../sweeps';

type StartRequest = Extract<SweepRequest, { type: 'start' }>;

const experiment = withSide(withSetting(presetExperiment('chain'), 'optimizer.steps', 30), 6);
const { trials } = gridOf(experiment);
const memory = 2 ** 28;
/** The whole of it, of which nothing is known. */
const start = (run: number, change: Partial<StartRequest> = {}): StartRequest => ({
  type: 'start',
  run,
  experiment,
  memory,
  share: { index: 0, count: 1 },
  known: emptyBatch(0),
  manner: MANY,
  ...change,
});

/** Of the memory, what a trial of these hosts takes: an eighth of a worker's, where there are four. */
const TRIAL = memory / 4 / 8;

/** A host on the reference engine, its events, and how many trials its waves had. */
function reference() {
  const events: SweepEvent[] = [];
  const waves: number[] = [];
  let wake = () => {};
  class Asked extends ReferenceEngine {
    override needs(): Needs {
      return { trial: TRIAL, wave: 0, initial: 0, most: Infinity };
    }
    override open(input: WaveInput): Promise<Wave> {
      waves.push(input.trials.length);
      return super.open(input);
    }
  }
  const host = new SweepHost(
    () => async () => new Asked(),
    (event) => {
      events.push(event);
      wake();
    },
  );
  host.handle({ type: 'open', engine: 'reference' });
  const until = async <Type extends SweepEvent['type']>(type: Type, run: number) => {
    const find = () => events.find((event) => event.type === type && 'run' in event && event.run === run);
    while (!find()) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { host, events, until, waves };
}

function tableOf(events: readonly SweepEvent[], run: number): ResultTable {
  const table = new ResultTable(trials);
  for (const event of events) if (event.type === 'results' && event.run === run) table.enter(event.batch);
  return table;
}

const finished = (table: ResultTable) =>
  Array.from({ length: trials }, (_, trial) => table.isFinished(trial));

describe('a sweep worker', () => {
  test('tells its adapter and the outcome of every trial', async () => {
    const { host, events, until } = reference();
    host.handle(start(1));
    await until('done', 1);
    expect(events[0]).toEqual({ type: 'adapter', engine: 'reference', adapter: 'CPU, float64' });
    expect(finished(tableOf(events, 1)).every(Boolean)).toBe(true);
    expect(events.findLast((event) => event.type === 'progress')).toMatchObject({
      progress: { trials, finished: trials, fraction: 1 },
    });
  });

  test('trains its share only', async () => {
    const { host, events, until } = reference();
    host.handle(start(1, { share: { index: 1, count: 3 } }));
    await until('done', 1);
    expect(finished(tableOf(events, 1))).toEqual(
      Array.from({ length: trials }, (_, trial) => trial % 3 === 1),
    );
  });

  test('trains some trials ten times as long as each of them was trained', async () => {
    const { host, events, until } = reference();
    const arms = [20, 40].map((steps) => ({ name: `${steps}`, set: { 'optimizer.steps': steps } }));
    const two = parseExperiment({ ...experiment, arms });
    host.handle(start(1, { experiment: two }));
    await until('done', 1);
    const wanted = [3, trials / 2 + 3];
    host.handle({ type: 'longer', run: 1, trials: wanted });
    const told = () => events.flatMap((event) => (event.type === 'longer' ? [...event.batch.trial] : []));
    while (told().length < wanted.length)
      await until('longer', 1).then(() => new Promise((resolve) => setTimeout(resolve)));
    expect(told().sort((a, b) => a - b)).toEqual(wanted);
    const longer = new ResultTable(trials);
    for (const event of events) if (event.type === 'longer') longer.enter(event.batch);
    const long = arms.map(({ name, set }) => ({
      name,
      set: { 'optimizer.steps': 10 * set['optimizer.steps'] },
    }));
    const { results } = await runSweep(
      parseExperiment({ ...experiment, arms: long }),
      async () => new ReferenceEngine(),
    );
    for (const trial of wanted)
      expect([longer.score[trial], longer.lossFinal[trial]]).toEqual([
        results.score[trial],
        results.lossFinal[trial],
      ]);
  });

  test('measures which grid it fills in a time', async () => {
    const { host, events, until } = reference();
    host.handle({ type: 'measure', run: 1, experiment, memory, seconds: 10, workers: 2 });
    await until('measured', 1);
    expect(events.at(-1)).toMatchObject({
      side: expect.any(Number),
      seconds: expect.any(Number),
      manner: MANY, // of which the reference has no others
    });
  });

  test('a new run ends the one before', async () => {
    const { host, events, until } = reference();
    const long = withSetting(experiment, 'optimizer.steps', 1_000_000);
    host.handle(start(1, { experiment: long }));
    host.handle(start(2));
    await until('done', 2);
    expect(finished(tableOf(events, 2)).every(Boolean)).toBe(true);
  });

  test('a new run ends the one before, which has not even begun', async () => {
    const { host, events, until, waves } = reference();
    const long = withSetting(experiment, 'optimizer.steps', 1_000_000);
    host.handle(start(1, { experiment: long }));
    await Promise.resolve(); // it waits for its engine
    await Promise.resolve();
    host.handle(start(2));
    await until('done', 2);
    expect(events.filter((event) => event.type === 'results' && event.run === 1)).toEqual([]);
    expect(waves.reduce((sum, count) => sum + count, 0)).toBe(trials);
  });

  test('looks for edges beside the sweep, and no more for a line that is no longer asked for', async () => {
    const { host, events, until } = reference();
    host.handle(start(1));
    await until('progress', 1);
    const line = (across: number) => ({ along: 'x', across }) as const;
    host.handle({ type: 'edges', run: 1, line: line(1), seeds: 1 });
    host.handle({ type: 'edges', run: 1, line: line(2), seeds: 1 });
    host.handle({ type: 'edges', run: 7, line: line(3), seeds: 1 });
    const edges = () => events.flatMap((event) => (event.type === 'edges' ? [event] : []));
    while (!edges().some(({ sharp }) => sharp)) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(new Set(edges().map((event) => event.line.across))).toEqual(new Set([2]));
    expect(edges().at(-1)!.edges).toHaveLength(experiment.arms.length);
  });

  test('does not begin what was stopped while it waited for its engine', async () => {
    const { host, events, until } = reference();
    host.handle(start(1));
    host.handle({ type: 'stop' });
    await until('done', 1);
    expect(events.at(-1)).toEqual({ type: 'done', run: 1, end: 'stopped' });
    expect(finished(tableOf(events, 1)).some(Boolean)).toBe(false);
    host.handle(start(2));
    await until('done', 2);
    expect(events.at(-1)).toEqual({ type: 'done', run: 2, end: 'done' });
  });

  test('traces trials, also beside a sweep that runs or is paused', async () => {
    const { host, events, until } = reference();
    const long = withSetting(experiment, 'optimizer.steps', 2000);
    host.handle(start(1, { experiment: long }));
    await until('progress', 1);
    host.handle({ type: 'pause' });
    host.handle({ type: 'trace', run: 1, trials: [0] });
    await until('trace', 1);
    const [trace] = events.filter((event) => event.type === 'trace');
    expect(trace).toMatchObject({ trial: 0 });
    expect(trace?.trace.loss).toHaveLength(2000);
    expect(trace?.trace.layers).toHaveLength(5);
    host.handle({ type: 'stop' });
    await until('done', 1);
    expect(events.at(-1)).toEqual({ type: 'done', run: 1, end: 'stopped' });
  });

  test('trains all trials together, step by step, from before the sweep has begun until after it was stopped', async () => {
    const { host, events, until } = reference();
    const frames = () => events.flatMap((event) => (event.type === 'frame' ? [event.frame] : []));
    const enough = 2 * trials * TRIAL;
    host.handle(start(1, { memory: enough }));
    host.handle({ type: 'advance', run: 1, step: 0 });
    await until('frame', 1);
    host.handle({ type: 'stop' });
    await until('done', 1);
    host.handle({ type: 'advance', run: 1, step: 29 });
    while (frames().length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    const { results, traces } = await runSweep(experiment, async () => new ReferenceEngine(), {
      tracing: true,
    });
    const [first, last] = frames();
    expect([...first!.loss]).toEqual([...results.lossInitial].map(Math.fround));
    expect([...last!.divergedAt]).toEqual([...results.divergedAt]);
    expect([...last!.loss]).toEqual(
      Array.from(last!.loss, (_, trial) => Math.fround(traces.get(trial)!.loss.at(-1)!)),
    );
    host.handle({ type: 'stand-still', run: 1 });
    // Seven eighths of it are too little for all.
    host.handle(start(2, { memory: 8 * TRIAL }));
    host.handle({ type: 'advance', run: 2, step: 0 });
    await until('no-frame', 2);
    expect(events.find((event) => event.type === 'no-frame')?.words).toMatch(
      /^grid: found 6 × 6 cells, .*about 1 × 1/,
    );
  });

  test('shares the memory with the other workers, and between the sweep and its traces', async () => {
    const { host, until, waves } = reference();
    host.handle(start(1, { share: { index: 0, count: 4 } }));
    await until('done', 1);
    expect(Math.max(...waves)).toBe(3); // two waves at once, and seven eighths of the memory
    waves.length = 0;
    host.handle({ type: 'trace', run: 1, trials: Array.from({ length: 8 }, (_, trial) => 4 * trial) });
    await until('trace', 1);
    expect(Math.max(...waves)).toBe(1);
  });

  test('names the state when there is no GPU, and the message when something else fails', async () => {
    const events: SweepEvent[] = [];
    const errors = [new GpuUnavailableError('no-adapter', 'none'), new Error('burnt')];
    for (const error of errors) {
      const host = new SweepHost(
        () => () => Promise.reject(error),
        (event) => events.push(event),
      );
      host.handle({ type: 'open', engine: 'layered' });
      await new Promise((resolve) => setTimeout(resolve));
    }
    expect(events).toEqual([
      { type: 'unavailable', state: 'no-adapter', message: 'none' },
      { type: 'error', run: 0, message: 'burnt' },
    ]);
  });
});

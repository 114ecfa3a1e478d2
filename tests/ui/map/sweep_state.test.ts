import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Experiment } from '../../../src/experiment/types';
import { SweepState, type Asked } from '../../../src/ui/map/sweep_state';
import { GpuTurns, type GpuUser } from '../../../src/service/gpu_turns';
import { MANY } from '../../../src/training/manner';
import { FakeClient, smallExperiment } from './fake_client';
import { isBeyondFloat32, WHOLE_MAP, zoomedAxis } from '../../../src/experiment/zoom';

let client: FakeClient;
let gpu: GpuTurns;
let frames: (() => void)[];

beforeEach(() => {
  client = new FakeClient();
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
  vi.stubGlobal('cancelAnimationFrame', () => (frames = []));
});
afterEach(() => void vi.unstubAllGlobals());

const asked = (change: Partial<Asked> = {}): Asked => ({
  experiment: smallExperiment(),
  grid: 'document',
  memory: 64,
  zoom: WHOLE_MAP,
  ...change,
});

function begun(change: Partial<Asked> = {}): SweepState {
  gpu = new GpuTurns(); // nobody else wants it
  return new SweepState(asked(change), gpu, client.connect);
}

function aBenchmark(): { benchmark: GpuUser; hasTurn: () => boolean } {
  let isOn = false;
  return {
    benchmark: { use: 'benchmark', go: () => (isOn = true), hold: () => (isOn = false) },
    hasTurn: () => isOn,
  };
}

function counted(sweep: SweepState, event: string): () => number {
  let count = 0;
  sweep.addEventListener(event, () => (count += 1));
  return () => count;
}

test('a grid that is known is trained at once; an automatic one is measured before', () => {
  expect(begun().phase).toBe('training');
  expect(client.news).toEqual(['start 4 × 3, 64']);
  expect(begun({ grid: 5 }).run?.results.grid).toMatchObject({ nx: 5, ny: 5 });
  expect(client.news).toEqual(['start 5 × 5, 64']);

  const sweep = begun({ grid: 'auto' });
  expect([sweep.phase, sweep.run, sweep.estimate]).toEqual(['measuring', undefined, undefined]);
  client.listener.measured(6, 2.5, MANY);
  expect(client.news).toEqual(['measure', 'start 6 × 6, 64']);
  expect(sweep.estimate).toMatchObject({ side: 6, seconds: 2.5 });
  expect(sweep.phase).toBe('training');
});

test('trains in the manner that was measured for these trials; what another made is not taken over', () => {
  const computes = { float32: { adapter: 'here', engine: 'fused', workers: 1 } };
  const shape = 'workgroup-32-workgroup-columns';
  Object.assign(client.computes, computes);
  const sweep = begun({ grid: 6 });
  expect(client.manner).toBe(MANY);
  client.finish({ trial: 0 });
  sweep.follow(asked({ grid: 'auto' }));
  client.listener.measured(6, 2.5, shape);
  expect([client.manner, sweep.run?.reused]).toEqual([shape, 0]);
  client.listener.shape(shape);
  expect(sweep.shape).toBe(shape);
  sweep.follow(asked({ grid: 5 }));
  expect([client.manner, sweep.shape]).toEqual([shape, undefined]);
  sweep.follow(asked({ experiment: { ...smallExperiment(), seed: 9 }, grid: 5 }));
  expect(client.manner).toBe(MANY);
});

test('what alters no trial trains nothing', () => {
  const sweep = begun({ grid: 'auto' });
  client.listener.measured(6, 2.5, MANY);
  void client.news;
  const renamed = { ...smallExperiment(), name: 'another' };
  sweep.follow(asked({ experiment: renamed, grid: 'auto', memory: 128 }));
  sweep.follow(asked({ experiment: renamed, grid: 6 }));
  expect(client.news).toEqual([]);
  expect(sweep.run?.experiment.name).toBe('another');
  sweep.follow(asked({ experiment: { ...renamed, seed: 2 }, grid: 6 }));
  expect(client.news).toEqual(['start 6 × 6, 64']);
});

test('while a grid is measured only other trials begin anew', () => {
  const sweep = begun({ grid: 'auto' });
  sweep.follow(asked({ experiment: { ...smallExperiment(), name: 'another' }, grid: 'auto' }));
  expect(client.news).toEqual(['measure']);
  sweep.follow(asked({ experiment: { ...smallExperiment(), seed: 2 }, grid: 'auto' }));
  sweep.follow(asked({ grid: 3 }));
  expect(client.news).toEqual(['measure', 'start 3 × 3, 64']);
});

test('outcomes are told of at once, and drawn with the next frame', () => {
  const sweep = begun();
  const [changes, outcomes] = [counted(sweep, 'change'), counted(sweep, 'outcomes')];
  client.finish({ trial: 0 });
  client.finish({ trial: 1 });
  expect([changes(), outcomes(), frames.length]).toEqual([0, 2, 1]);
  frames[0]!();
  expect(changes()).toBe(1);
  expect(sweep.run?.results.counts.arms[0]).toMatchObject({ converged: 2 });
  client.listener.done();
  expect([sweep.phase, outcomes()]).toEqual(['done', 3]);
});

test('pause, resume and stop; what was stopped does not end as done', () => {
  const sweep = begun();
  sweep.pause();
  expect(sweep.phase).toBe('paused');
  sweep.resume();
  expect(sweep.phase).toBe('training');
  sweep.stop();
  client.listener.done();
  expect(sweep.phase).toBe('stopped');
  expect(client.news.slice(1)).toEqual(['pause', 'resume', 'stop']);
});

test('nothing trains while something holds the GPU, nor afterwards what is paused', () => {
  const sweep = begun();
  void client.news;
  const { benchmark, hasTurn } = aBenchmark();
  gpu.enter(benchmark);
  expect(client.news).toEqual(['pause']);
  expect(hasTurn()).toBe(true);
  sweep.follow(asked({ grid: 2 }));
  expect(client.news).toEqual(['start 2 × 2, 64', 'pause']);
  gpu.leave(benchmark);
  expect(client.news).toEqual(['resume']);
  sweep.pause();
  gpu.enter(benchmark);
  sweep.resume();
  expect(client.news).toEqual(['pause']);
  gpu.leave(benchmark);
  expect(client.news).toEqual(['resume']);
});

test('a benchmark waits until the sweep has timed itself, and then goes before it', () => {
  const sweep = begun({ grid: 'auto' });
  const { benchmark, hasTurn } = aBenchmark();
  gpu.enter(benchmark);
  expect(hasTurn()).toBe(false);
  client.listener.measured(6, 2.5, MANY);
  expect(hasTurn()).toBe(true);
  expect(client.news).toEqual(['measure', 'start 6 × 6, 64', 'pause']);
  gpu.leave(benchmark);
  expect([client.news, sweep.phase]).toEqual([['resume'], 'training']);
});

test('the sweep times itself when a benchmark has ended', () => {
  const sweep = begun();
  const { benchmark } = aBenchmark();
  gpu.enter(benchmark);
  void client.news;
  sweep.follow(asked({ grid: 'auto' }));
  sweep.follow(asked({ grid: 'auto', experiment: { ...smallExperiment(), seed: 2 } }));
  expect([sweep.phase, client.news]).toEqual(['measuring', []]);
  gpu.leave(benchmark);
  expect(client.news).toEqual(['measure']);
  expect(client.experiment?.seed).toBe(2);
});

test('a failure is told until another training, which follows any change', () => {
  const sweep = begun();
  client.listener.error('no more memory');
  expect([sweep.phase, sweep.failure]).toEqual(['failed', 'no more memory']);
  sweep.follow(asked());
  expect([sweep.phase, sweep.failure]).toEqual(['training', undefined]);
  const huge = { ...smallExperiment(), replicates: 4096 };
  sweep.follow(asked({ experiment: huge, grid: 1024 }));
  expect(sweep.phase).toBe('failed');
  expect(sweep.failure).toMatch(/^axes: found \d+ trials/);
});

test('Restart begins with what failed anew, and measures again', () => {
  const sweep = begun({ grid: 'auto' });
  client.listener.measured(6, 2.5, MANY);
  client.listener.fault('wrong once');
  client.listener.unavailable('no-webgpu');
  client.listener.adapter({ adapter: 'a CPU', engine: 'reference', workers: 2 });
  expect(sweep.unavailable).toBe('no-webgpu');
  client.listener.adapter({ adapter: 'a GPU', engine: 'fused', workers: 1 });
  client.listener.checked();
  expect(sweep.unavailable).toBeUndefined();
  expect(sweep.compute).toMatchObject({ engine: 'fused', checked: true });
  expect(sweep.faults).toEqual(['wrong once']);
  void client.news;
  sweep.restart();
  expect(client.news).toEqual(['renew', 'measure']);
  expect(sweep.faults).toEqual([]);
});

test('slow trials are trained for longer', () => {
  const sweep = begun();
  client.finish({ trial: 7, class: 'stalled', state: 'slow' }, { trial: 8 });
  client.listener.done();
  void client.news;
  sweep.trainLonger();
  expect(client.news).toEqual(['longer 7']);
  sweep.showLonger(false);
  expect(sweep.run?.longer).toMatchObject({ trials: 1, isShown: false });
});

describe('outcomes of cells that are trained already', () => {
  const aGpu = { adapter: 'a GPU', engine: 'fused', workers: 1 };
  const aCpu = { adapter: 'a CPU', engine: 'reference', workers: 2 };
  const zoomed = (level: number): Experiment => {
    const experiment = smallExperiment();
    const { x, y } = experiment.axes;
    return { ...experiment, axes: { x: zoomedAxis(x, { level, centre: 0.3 }), y: y! } };
  };

  const trained = (experiment = smallExperiment()) => {
    client.computes.float32 = aGpu;
    client.computes.float64 = aCpu;
    const sweep = begun({ experiment });
    client.listener.adapter(aGpu);
    client.finish(...Array.from({ length: 24 }, (_, trial) => ({ trial })));
    client.listener.done();
    void client.news;
    return sweep;
  };

  test('are taken over from what trains the new maps too', () => {
    const sweep = trained();
    sweep.follow(asked({ grid: 7 }));
    sweep.follow(asked());
    expect(client.news.at(-1)).toMatch(/^start 4 × 3, 64 but 0,1,2,/);
  });

  test('but not from what does not', () => {
    const sweep = trained();
    client.computes.float32 = aCpu;
    sweep.follow(asked({ grid: 7 }));
    sweep.follow(asked());
    expect(client.news.at(-1)).toBe('start 4 × 3, 64');
  });

  test('nor from float32 in a map that needs float64', () => {
    const levels = Array.from({ length: 40 }, (_, level) => level);
    const deepest = levels.findLast((level) => !isBeyondFloat32(zoomed(level).axes.x))!;
    const sweep = trained(zoomed(deepest));
    sweep.follow(asked({ experiment: zoomed(deepest - 1) }));
    expect(client.news.at(-1)).toMatch(/ but /); // the views share cells
    sweep.follow(asked({ experiment: zoomed(deepest + 1) }));
    expect(sweep.run?.precision).toBe('float64');
    expect(client.news.at(-1)).toBe('start 4 × 3, 64');
    client.listener.adapter(aCpu);
    client.finish({ trial: 0 });
    sweep.follow(asked({ experiment: zoomed(deepest) }));
    expect(client.news.at(-1)).toMatch(/ but (\d+,){23}\d+$/); // what the GPU trained, all of it
  });
});

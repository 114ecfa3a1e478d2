import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WHOLE_MAP } from '../../../src/experiment/zoom';
import type { Experiment } from '../../../src/experiment/types';
import { rowsOf, batchOf, finishedOf } from '../../../src/scheduler/results';
import type { BrowserStore } from '../../../src/service/browser_store';
import { GpuTurns } from '../../../src/service/gpu_turns';
import { KeptSweeps } from '../../../src/service/kept_sweeps';
import { sweepAddress } from '../../../src/service/result_address';
import { MANY } from '../../../src/training/manner';
import { Keeping } from '../../../src/ui/keeping/keeping';
import { SweepState } from '../../../src/ui/map/sweep_state';
import { storeInMemory } from '../../browser_store';
import { trialResult } from '../../trial_results';
import { FakeClient, smallExperiment } from '../map/fake_client';

const CPU = { adapter: 'a CPU', engine: 'reference', workers: 2 };
const GPU = { adapter: 'a GPU', engine: 'fused', workers: 1 };
const experiment = smallExperiment();

let store: BrowserStore;
let client: FakeClient;

beforeEach(async () => {
  vi.stubGlobal('requestAnimationFrame', () => 1); // nothing is drawn
  vi.stubGlobal('cancelAnimationFrame', () => undefined);
  store = await storeInMemory();
});
afterEach(() => void vi.unstubAllGlobals());

/** A page that is opened, and what it keeps. */
function opened(of: Experiment = experiment, kept: BrowserStore | null = store) {
  client = new FakeClient();
  const asked = { experiment: of, grid: 'document', memory: 64, zoom: WHOLE_MAP } as const;
  const sweep = new SweepState(asked, new GpuTurns(), client.connect);
  const keeping = new Keeping(sweep, Promise.resolve(kept ?? undefined));
  return { sweep, keeping, asked };
}

/** Waits until nothing is under way with the store. */
async function settled(keeping: Keeping): Promise<void> {
  keeping.flush();
  await keeping.settled;
}

/** What has been trained since the last call, whatever it was held for. */
const started = () => client.news.filter((what) => what !== 'pause' && what !== 'resume');

const keptAs = (made: { engine: string; adapter: string }, of = experiment) =>
  new KeptSweeps(store).outcomes(sweepAddress(of, { ...made, manner: MANY }), 24);

test('a sweep that was interrupted goes on where it was', async () => {
  const before = opened();
  client.listener.adapter(CPU);
  client.finish({ trial: 3, lossFinal: 0.1 }, { trial: 5, class: 'diverged' });
  await settled(before.keeping);
  expect(before.keeping.size).toMatchObject({ sweeps: 1 });

  const { sweep, keeping } = opened();
  expect(client.news).toEqual(['start 4 × 3, 64']);
  client.listener.adapter(CPU);
  await settled(keeping);
  expect(client.news).toEqual(['pause', 'start 4 × 3, 64 but 3,5', 'resume']);
  expect(keeping.words).toBe('Taken up where it was left: 2 of 24 trials');
  expect(rowsOf(finishedOf(sweep.run!.results.table))).toEqual([
    trialResult({ trial: 3, lossFinal: 0.1 }),
    trialResult({ trial: 5, class: 'diverged' }),
  ]);
  expect(sweep.run!.results.counts.arms[0]).toMatchObject({ converged: 1, diverged: 1 });
  client.finish({ trial: 0 });
  await settled(keeping);
  expect([...(await keptAs(CPU))!.trial]).toEqual([3, 5, 0]); // each once
});

test('what has finished meanwhile is not taken over, and not trained again', async () => {
  const before = opened();
  client.listener.adapter(CPU);
  client.finish({ trial: 3, lossFinal: 0.1 }, { trial: 5 });
  await settled(before.keeping);
  const { sweep, keeping } = opened();
  client.listener.adapter(CPU);
  client.finish({ trial: 3, lossFinal: 0.1 }, { trial: 7 });
  await settled(keeping);
  expect(started().at(-1)).toBe('start 4 × 3, 64 but 3,5,7');
  expect(sweep.run!.results.counts.arms[0]).toMatchObject({ converged: 3 });
});

test('outcomes are taken over only where all that made them is the same', async () => {
  const before = opened();
  client.listener.adapter(CPU);
  client.finish({ trial: 3 });
  await settled(before.keeping);
  for (const [of, made] of [
    [{ ...experiment, seed: 2 }, CPU],
    [{ ...experiment, rule: { ...experiment.rule, divergence: 99 } } as Experiment, CPU],
    [experiment, GPU],
  ] as const) {
    const { keeping } = opened(of);
    client.listener.adapter(made);
    await settled(keeping);
    expect([started(), keeping.words]).toEqual([['start 4 × 3, 64'], undefined]);
  }
  const { keeping } = opened({ ...experiment, name: 'another name' });
  client.listener.adapter(CPU);
  await settled(keeping);
  expect(keeping.words).toMatch(/^Taken up/);
});

test('what another engine trains has its own place', async () => {
  const { keeping } = opened();
  client.listener.adapter(GPU);
  client.finish({ trial: 1 });
  client.listener.adapter(CPU);
  client.finish({ trial: 2 });
  await settled(keeping);
  expect([[...(await keptAs(GPU))!.trial], [...(await keptAs(CPU))!.trial]]).toEqual([[1], [2]]);
});

test('Restart owes nothing to what was kept', async () => {
  const before = opened();
  client.listener.adapter(CPU);
  client.finish({ trial: 3 });
  await settled(before.keeping);
  before.sweep.restart();
  await settled(before.keeping);
  expect(started().slice(-1)).toEqual(['start 4 × 3, 64']);
  expect(await keptAs(CPU)).toBeUndefined();
  client.finish({ trial: 3 });
  await settled(before.keeping);
  expect([...(await keptAs(CPU))!.trial]).toEqual([3]);
});

test('damage is told, and the sweep trained anew', async () => {
  await new KeptSweeps(store).add(
    sweepAddress(experiment, { ...CPU, manner: MANY }),
    '{}',
    batchOf([trialResult({ trial: 99 })]),
  );
  const { keeping } = opened();
  client.listener.adapter(CPU);
  await settled(keeping);
  expect(keeping.words).toBe(
    'What was kept of this sweep was damaged (no such trial: 99): it is trained anew',
  );
  expect(started()).toEqual(['start 4 × 3, 64']);
});

test('a full disk is told, and costs no outcome', async () => {
  const { sweep, keeping } = opened();
  client.listener.adapter(CPU);
  await settled(keeping);
  vi.spyOn(store, 'transaction').mockImplementation(() => {
    throw new DOMException('no room', 'QuotaExceededError');
  });
  client.finish({ trial: 3 });
  await settled(keeping);
  expect(keeping.problem).toBe('This browser keeps no more of the sweep: no room');
  client.finish({ trial: 4 });
  await settled(keeping);
  expect(sweep.run!.results.counts.arms[0]).toMatchObject({ converged: 2 });
  vi.restoreAllMocks();
});

test('all that is kept is forgotten, what is shown too', async () => {
  const { keeping } = opened();
  client.listener.adapter(CPU);
  client.finish({ trial: 3 });
  await settled(keeping);
  keeping.forget();
  await settled(keeping);
  expect(keeping.size).toEqual({ sweeps: 0, bytes: 0 });
});

test('without a store everything trains as it does', async () => {
  const { sweep, keeping } = opened(experiment, null);
  client.listener.adapter(CPU);
  client.finish({ trial: 3 });
  await settled(keeping);
  expect([keeping.size, keeping.words, keeping.problem, started()]).toEqual([
    undefined,
    undefined,
    undefined,
    ['start 4 × 3, 64'],
  ]);
  expect(sweep.phase).toBe('training');
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { GpuTurns } from '../../../src/service/gpu_turns';
import { Player } from '../../../src/ui/playing/player';
import { newRun, type Run } from '../../../src/ui/map/run';
import { withSetting } from '../../../src/ui/experiment/edit_experiment';
import { FakeClient, smallExperiment } from '../map/fake_client';

let client: FakeClient;
let turns: GpuTurns;
let player: Player;
let sweepHas: boolean;
const run: Run = newRun(withSetting(smallExperiment(), 'optimizer.steps', 30));

beforeEach(() => {
  vi.useFakeTimers();
  client = new FakeClient();
  turns = new GpuTurns();
  turns.enter({ use: 'sweep', go: () => (sweepHas = true), hold: () => (sweepHas = false) });
  player = new Player({ run, client: client.connect({}) }, turns);
});
afterEach(() => void vi.useRealTimers());

/** Answers as long as something is asked, at most so often; the steps that were asked for. */
function answer(most = Infinity): number[] {
  const steps: number[] = [];
  while (steps.length < most) {
    vi.advanceTimersByTime(50);
    const [asked] = client.news;
    if (asked === undefined) break;
    const step = Number(/^advance to (\d+)$/.exec(asked)![1]);
    steps.push(step);
    frame(step);
  }
  return steps;
}

function frame(step: number): void {
  const trials = run.results.grid.trials;
  player.take({
    step,
    loss: new Float32Array(trials).fill(1 / (step + 1)),
    divergedAt: new Int32Array(trials).fill(-1),
  });
}

const upTo = (last: number) => Array.from({ length: last + 1 }, (_, step) => step);

test('single steps and leaps train all cells on together, while the sweep waits', () => {
  expect([player.step, player.shown, player.lastStep, sweepHas]).toEqual([undefined, undefined, 29, true]);
  player.move(1);
  expect([sweepHas, player.isWaiting]).toEqual([false, true]);
  expect(answer()).toEqual([0]);
  player.move(1);
  player.move(10);
  expect(answer()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect([player.step, player.reached, player.isWaiting]).toEqual([10, 10, false]);
  expect(player.shown).toMatchObject({ step: 10 });
  expect(player.shown).toBe(player.shown);
  expect(player.shown!.initial[0]).toBe(1);
});

test('a step that was reached is shown at once; one that was not is trained for, and what lies between is kept', () => {
  player.show(6);
  expect(answer()).toEqual(upTo(6));
  player.show(2);
  expect([player.step, client.news]).toEqual([2, []]);
  expect(player.shown!.loss[0]).toBeCloseTo(1 / 3);
  player.show(99);
  expect(answer()).toEqual(upTo(29).slice(7));
  expect(player.step).toBe(29);
  player.show(-5);
  expect(player.step).toBe(0);
});

test('play goes on to the end, from a pause on, and from the start again', () => {
  player.play();
  expect(answer(5)).toHaveLength(5);
  expect(player.isPlaying).toBe(true);
  player.pause();
  const at = player.step!;
  expect(at).toBeGreaterThan(2);
  answer();
  expect([player.step, player.isPlaying]).toEqual([at, false]);
  player.play();
  answer();
  vi.advanceTimersByTime(10_000);
  expect([player.step, player.isPlaying]).toEqual([29, false]);
  player.play();
  expect(player.step).toBe(0);
  vi.advanceTimersByTime(50 * 10);
  expect([player.step, player.isPlaying, client.news]).toEqual([10, true, []]);
});

test('the trained maps come back, and the sweep goes on', () => {
  player.move(1);
  answer();
  player.leave();
  expect([player.step, player.shown, sweepHas, client.news]).toEqual([
    undefined,
    undefined,
    true,
    ['stand still'],
  ]);
  player.leave();
  expect(client.news).toEqual([]);
  frame(0); // which was on its way
  expect(player.reached).toBe(0);
  expect(player.shown).toBeUndefined();
});

test('nothing is asked while another has the GPU', () => {
  const benchmark = { use: 'benchmark' as const, go: () => undefined, hold: () => undefined };
  turns.enter(benchmark);
  player.move(1);
  expect([client.news, player.isWaiting]).toEqual([[], false]);
  turns.leave(benchmark);
  expect(client.news).toEqual(['advance to 0']);
});

test('a refusal is told until something else is asked for, and the sweep goes on', () => {
  player.play();
  vi.advanceTimersByTime(50);
  player.refuse('too many');
  expect([player.refusal, player.step, sweepHas, player.isPlaying]).toEqual([
    'too many',
    undefined,
    true,
    false,
  ]);
  player.refuse('once more');
  expect(player.refusal).toBe('too many');
  player.move(1);
  expect(player.refusal).toBeUndefined();
});

test('another run is begun from its own start', () => {
  player.show(3);
  answer();
  player.forget();
  expect([player.step, player.reached, sweepHas]).toEqual([undefined, 0, true]);
  player.move(1);
  expect(answer()).toEqual([0]);
});

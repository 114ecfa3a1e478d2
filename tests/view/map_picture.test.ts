import { describe, expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import { cellWords } from '../../src/view/cell_words';
import type { Colouring } from '../../src/view/colouring';
import { differenceAt, differenceOf } from '../../src/view/difference';
import { withSide } from '../../src/service/grid_choice';
import { finishedShare, mapColours, paintArm, paintDifference } from '../../src/view/map_picture';
import { outcomeWords } from '../../src/view/outcome_words';
import { PALETTES } from '../../src/view/palettes';
import { representative } from '../../src/view/representative';
import { Shading } from '../../src/view/shading';
import type { TrialResult } from '../../src/scheduler/results';
import type { TrialState } from '../../src/training/outcome';
import { trialResult } from '../trial_results';
import { emptyResults, result } from './map_results';

const experiment = withSide(presetExperiment('init-gain'), 4);
const colours = mapColours(PALETTES[0]);
const ends = [1, 0.01] as const;

const emptyCanvas = () => ({ pixels: new Uint32Array(16), unfinished: new Uint32Array(16) });

function canvasOf(results: ReturnType<typeof emptyResults>, colouring: Colouring = 'outcome') {
  const canvas = emptyCanvas();
  const shading = new Shading(results, { colouring, range: undefined, equalize: false }, ends);
  expect([...paintArm(canvas, results, 0, colours, shading)], 'a turn a row').toHaveLength(4);
  return canvas;
}
const painted = (results: ReturnType<typeof emptyResults>) => canvasOf(results).pixels;

describe('one arm', () => {
  test('is transparent where nothing is known', () => {
    expect(painted(emptyResults(experiment))).toEqual(new Uint32Array(16));
  });

  test('has its first row at the bottom, and a cell stands for its block until others are known', () => {
    const results = emptyResults(experiment);
    results.table.set(result(0, 'stalled'));
    results.table.set(trialResult({ trial: 2, class: 'diverged', divergedAt: 0 }));
    const { stuck, diverged } = colours;
    const early = diverged[0]!;
    // Cell 2 stands for its block of two by two; the others belong to the block of four.
    const upper = [stuck, stuck, stuck, stuck];
    const lower = [stuck, stuck, early, early];
    expect([...painted(results)]).toEqual([...upper, ...upper, ...lower, ...lower]);
    const own = (at: number) => at === 12 || at === 14;
    expect([...canvasOf(results).unfinished].map((value, at) => (value === 0) === own(at))).not.toContain(
      false,
    );
  });

  test('takes no block that the coarsest picture did not mean', () => {
    const results = { ...emptyResults(experiment), coarsest: 1 };
    results.table.set(result(0, 'stalled'));
    expect([...painted(results)].filter(Boolean)).toHaveLength(1);
  });

  test('shades converged trials by their mean loss, on a log scale, and clips', () => {
    const results = emptyResults(experiment);
    const { steps } = experiment.optimizer;
    for (const [trial, mean] of [10, 1, 0.1, 0.01, 1e-5].entries())
      results.table.set(result(trial, 'converged', -mean * steps));
    const pixels = painted(results);
    const { converged } = colours;
    expect([...pixels.subarray(12)]).toEqual([converged[0], converged[0], converged[64], converged[127]]);
    expect(pixels[8]).toBe(converged[127]);
  });

  test('shades diverged trials by how long they lasted', () => {
    const results = emptyResults(experiment);
    const { steps } = experiment.optimizer;
    results.table.set(trialResult({ trial: 0, class: 'diverged', divergedAt: 0 }));
    results.table.set(trialResult({ trial: 1, class: 'diverged', divergedAt: steps }));
    // Where no loss ended it, by its score.
    results.table.set(trialResult({ trial: 2, class: 'diverged', divergedAt: -1, score: 0 }));
    results.table.set(trialResult({ trial: 3, class: 'diverged', divergedAt: -1, score: steps }));
    const [early, late] = [colours.diverged[0], colours.diverged.at(-1)];
    expect([...painted(results).subarray(12)]).toEqual([early, late, early, late]);
  });

  test('shades slow trials by how far they have come; the stuck, the dead and those below the target at once are flat', () => {
    const results = emptyResults(experiment);
    const { table } = results;
    for (const [trial, left] of [1, 0.1, 1e-3, Math.sqrt(0.1)].entries())
      table.set(trialResult({ trial, class: 'stalled', state: 'slow', lossFinal: left }));
    for (const [at, state] of (['stuck', 'dead', 'already', 'stuck'] as const).entries())
      table.set(trialResult({ trial: 4 + at, state, lossFinal: at === 3 ? 1.5 : 0.9 }));
    const { slow, stuck, dead, already, risen } = colours;
    const pixels = painted(results);
    expect([...pixels.subarray(12)]).toEqual([slow[0], slow[127], slow[127], slow[63]]);
    expect([...pixels.subarray(8, 12)]).toEqual([stuck, dead, already, risen]);
  });

  test('shades by the share of saturated units, where there was a last step', () => {
    const results = emptyResults(experiment);
    for (const [trial, saturation] of [0, 1, Number.NaN, 0.5].entries())
      results.table.set(trialResult({ trial, class: trial === 2 ? 'diverged' : 'stalled', saturation }));
    const { amount, diverged } = colours;
    expect([...canvasOf(results, 'saturation').pixels.subarray(12)]).toEqual([
      amount[0],
      amount[127],
      diverged[64],
      amount[64],
    ]);
  });

  test('shows by what became of it a trial without a number to shade by', () => {
    const results = emptyResults(experiment);
    for (const [trial, state] of (['stuck', 'dead', 'diverged', 'converged'] as const).entries())
      results.table.set(trialResult({ trial, state, saturation: Number.NaN }));
    const { stuck, dead, diverged, converged } = colours;
    const looks = [stuck, dead, diverged[64], converged[64]];
    expect([...canvasOf(results, 'saturation').pixels.subarray(12)]).toEqual(looks);
    // So it does where nothing but that is asked for.
    expect([...canvasOf(results, 'class').pixels.subarray(12)]).toEqual(looks);
  });

  test('shows a trial that still trains by its losses so far', () => {
    const results = emptyResults(experiment);
    results.table.set(result(0, 'training', -experiment.optimizer.steps));
    results.table.set(result(1, 'training', experiment.optimizer.steps));
    const { pixels, unfinished } = canvasOf(results);
    expect([pixels[12], pixels[13]]).toEqual([colours.converged[0], colours.stuck]);
    expect(unfinished).not.toContain(0);
  });
});

test('the difference map needs both outcomes', () => {
  const results = emptyResults(experiment);
  const { table, grid } = results;
  const pairs = [
    ['diverged', 'converged', 'rescued'],
    ['converged', 'stalled', 'broken'],
    ['converged', 'converged', 'both'],
    ['stalled', 'diverged', 'neither'],
  ] as const;
  for (const [ix, [first, second, difference]] of pairs.entries()) {
    table.set(result(ix, first));
    expect(differenceOf(table, grid, ix, 0)).toBeUndefined();
    table.set(result(ix + 16, 'training'));
    expect(differenceOf(table, grid, ix, 0)).toBeUndefined();
    table.set(result(ix + 16, second));
    expect(differenceOf(table, grid, ix, 0)).toBe(difference);
  }
  const { pixels, unfinished } = emptyCanvas();
  expect([...paintDifference({ pixels, unfinished }, results)], 'a turn a row').toHaveLength(4);
  expect(new Set(pixels.subarray(12)).size).toBe(4);
  expect([...unfinished].map((value) => value === 0)).toEqual(Array.from(unfinished, (_, at) => at >= 12));
});

test('the dead are not rescued, whatever their class; what is below the target at once is as good as trained', () => {
  const results = emptyResults(experiment);
  const { table, grid } = results;
  const of = (second: TrialState, first: TrialState = 'diverged') => {
    table.set(trialResult({ trial: 0, class: 'converged', state: first }));
    table.set(trialResult({ trial: 16, class: 'converged', state: second }));
    return differenceAt(table, grid, 0, 0, ['without batch norm', 'with batch norm']);
  };
  expect(of('converged')).toBe('rescued: trains only with batch norm');
  expect(of('already')).toBe('rescued: trains only with batch norm');
  expect(of('diverged', 'converged')).toBe('broken: trains only without batch norm');
  expect(of('dead')).toBe('neither: diverged and dead');
  expect(of('slow', 'slow')).toBe('neither: slow');
  expect(of('converged', 'converged')).toBe('both: converged');
  expect(of('already', 'converged')).toBe('both: converged and already');
  expect(differenceAt(table, grid, 1, 0, [])).toBe('not yet trained in both');
});

test.each<[Partial<TrialResult>, string]>([
  [{ score: -2 }, 'converged, mean loss 0.02 of initial'],
  [{ state: 'already', lossFinal: 0.125 }, 'already below the target at step 0, loss 0.13'],
  [{ state: 'slow', lossFinal: 3, lossInitial: 4 }, 'slow, loss at 0.75 of initial'],
  [{ state: 'stuck', lossFinal: 1 }, 'stuck, loss at 1 of initial'],
  [{ state: 'stuck', lossFinal: 12.5, lossInitial: 0.94 }, 'stuck, loss risen to 13 times the initial'],
  [{ class: 'diverged', divergedAt: 7 }, 'diverged at step 7'],
  [{ class: 'diverged', divergedAt: -1, score: 12.4 }, 'diverged after about 12 steps'],
  [{ state: 'dead', lossMax: 7e35 }, 'dead: its loss once was 7e35'],
  [{ state: 'dead', lossMax: Infinity }, 'dead: its numbers once were not finite'],
  [{ state: 'dead', lossMax: 3 }, 'dead: its weights were not finite'],
])('%o in words', (fields, words) => {
  const results = { ...emptyResults(experiment), stepsOf: () => 100 };
  results.table.set(trialResult(fields));
  expect(outcomeWords(results, 0)).toBe(words);
});

test('the share of finished trials counts an arm’s own', () => {
  const results = emptyResults(experiment);
  results.table.set(result(16, 'converged'));
  results.table.set(result(17, 'training'));
  expect([finishedShare(results, 0), finishedShare(results, 1)]).toEqual([0, 1 / 16]);
});

test('the median outcome of its replicates stands for a cell', () => {
  const results = emptyResults({ ...experiment, replicates: 3 });
  const { table, grid } = results;
  expect(representative(table, grid, 0, 1, 0)).toBeUndefined();
  table.set(result(17, 'training'));
  expect(representative(table, grid, 0, 1, 0)).toBe(17);
  table.set(result(1, 'diverged'));
  expect(representative(table, grid, 0, 1, 0)).toBe(1);
  table.set(result(33, 'converged'));
  table.set(result(17, 'stalled'));
  expect(representative(table, grid, 0, 1, 0)).toBe(17);
});

test('a cell reads out its place and both outcomes', () => {
  const results = emptyResults(experiment);
  results.table.set(result(0, 'diverged'));
  expect(cellWords(experiment, results, { ix: 0, iy: 0 })).toBe(
    'learning rate η = 1e−4, initial gain = 0.5; without batch norm: diverged at step 7, score 20, final loss 0.25, 50 % inactive units (φ′ < 0.05), largest gradient norm 0.5, final weight norm 4, sharpness at the start −2, sharpness at the end 8; with batch norm: waiting',
  );
});

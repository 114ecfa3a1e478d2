import { expect, test } from 'vitest';
import {
  frameDifference,
  frameWords,
  paintFrame,
  paintFrameDifference,
  type ShownFrame,
} from '../../src/view/frame_picture';
import { DIFFERENCES, mapColours, type Canvas } from '../../src/view/map_picture';
import { PALETTES } from '../../src/view/palettes';

const colours = mapColours(PALETTES[0]);

/** Two arms of 2 × 2 cells; loss 0 is 2 everywhere. */
function shown(loss: number[], change: Partial<ShownFrame> = {}): ShownFrame {
  return {
    grid: { arms: 2, replicates: 1, nx: 2, ny: 2, cells: 4, trials: 8 },
    step: 5,
    loss: Float32Array.from(loss),
    initial: new Float32Array(loss.length).fill(2),
    divergedAt: new Int32Array(loss.length).fill(-1),
    stepsOf: () => 10,
    ...change,
  };
}

function painted(rows: (canvas: Canvas) => Generator<void>, cells = 4): number[] {
  const canvas = { pixels: new Uint32Array(cells), unfinished: new Uint32Array(cells) };
  const painting = rows(canvas);
  while (!painting.next().done);
  expect(canvas.unfinished.every((pixel) => pixel === 0)).toBe(true);
  return [...canvas.pixels];
}

test('cells have the colour of their loss by the initial one, and of having diverged only once they have', () => {
  const frame = shown([2, 0.002, 0.0002, 3, Infinity, 9e9, 1, Number.NaN], {
    divergedAt: Int32Array.of(-1, -1, -1, -1, 0, 5, 6, -1),
  });
  const [worst, best] = [colours.converged[0]!, colours.converged.at(-1)!];
  // The grid's last row is painted first.
  expect(painted((canvas) => paintFrame(canvas, frame, 0, colours))).toEqual([
    best,
    colours.risen,
    worst,
    best,
  ]);
  const [training, unknown, atOnce, late] = painted((canvas) => paintFrame(canvas, frame, 1, colours));
  expect(colours.converged).toContain(training); // it is to diverge a step later
  expect([atOnce, unknown]).toEqual([colours.diverged[0], colours.diverged[0]]);
  expect(colours.diverged.indexOf(late!)).toBeGreaterThan(0);
  expect([0, 1].map((ix) => frameWords(frame, 1, ix, 0))).toEqual([
    'diverged at step 0',
    'diverged at step 5',
  ]);
  expect([0, 1].map((ix) => frameWords(frame, 1, ix, 1))).toEqual([
    'loss 0.5 of initial at step 5',
    'not finite',
  ]);
});

test('the difference is where the loss has come below the initial one', () => {
  const frame = shown([1, 1, 2, Infinity, 1, 3, 1, 2]);
  expect([0, 1].map((ix) => frameDifference(frame, ix, 0))).toEqual(['both', 'broken']);
  expect(painted((canvas) => paintFrameDifference(canvas, frame))).toEqual(
    (['rescued', 'neither', 'both', 'broken'] as const).map((name) => DIFFERENCES[name]),
  );
});

test('of replicates the median stands for a cell, those that diverged being the worst', () => {
  const grid = { arms: 1, replicates: 3, nx: 1, ny: 1, cells: 1, trials: 3 };
  const frame = (loss: number[]) => shown(loss, { grid });
  expect(frameWords(frame([Infinity, 0.5, 1]), 0, 0, 0)).toMatch(/^loss 0.5 of initial/);
  expect(frameWords(frame([0.5, Infinity, Number.NaN]), 0, 0, 0)).toBe('not finite');
});

test('what began at no loss has lost nothing', () => {
  const frame = shown(
    Array.from({ length: 8 }, () => 0),
    { initial: new Float32Array(8) },
  );
  expect(frameWords(frame, 0, 0, 0)).toMatch(/^loss 1 of initial/);
});

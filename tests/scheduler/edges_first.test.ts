import { expect, test } from 'vitest';
import { cellOf } from '../../src/experiment/axes';
import { presetExperiment } from '../../src/experiment/presets';
import { edgesFirst } from '../../src/scheduler/edges_first';
import { CLASS_NUMBER } from '../../src/scheduler/results';
import { TrialSource } from '../../src/scheduler/trial_source';
import { someOf } from '../../src/scheduler/trials';
import { withSide } from '../../src/service/grid_choice';

const SIDE = 32;
const source = new TrialSource(withSide(presetExperiment('chain'), SIDE));
const { grid } = source;

/** A map that trains left of a slanted line. */
const classAt = (trial: number) => {
  const { ix, iy } = cellOf(grid, trial);
  return ix < 10 + iy / 4 ? CLASS_NUMBER.converged : CLASS_NUMBER.diverged;
};

const nothingKnown = () => new Uint8Array(grid.trials).fill(CLASS_NUMBER.waiting);

/** The order in which trials are asked for, where each is known as soon as the next are. */
function order(): number[] {
  const known = nothingKnown();
  const asked: number[] = [];
  for (const level of edgesFirst(source, grid, known).levels()) {
    const trials = [...level];
    asked.push(...trials);
    for (const trial of trials) known[trial] = classAt(trial);
  }
  return asked;
}

test('every trial comes once', () => {
  expect(order().toSorted((a, b) => a - b)).toEqual(Array.from({ length: grid.trials }, (_, trial) => trial));
});

test('both sides of the edge are known at every row long before the rest of the map', () => {
  const asked = order();
  const last = Math.max(
    ...Array.from(asked.keys()).filter((at) => {
      const { ix, iy } = cellOf(grid, asked[at]!);
      const edge = Math.ceil(10 + iy / 4);
      return ix === edge || ix === edge - 1;
    }),
  );
  expect(last).toBeLessThan(0.4 * grid.trials);
});

test('what is known from the start counts', () => {
  const isEven = (trial: number) => {
    const { ix, iy } = cellOf(grid, trial);
    return ix % 2 === 0 && iy % 2 === 0;
  };
  const known = nothingKnown().map((unknown, trial) => (isEven(trial) ? classAt(trial) : unknown));
  const left = someOf(source, (trial) => !isEven(trial));
  const [first] = edgesFirst(left, grid, known).levels();
  const columns = [...first!].map((trial) => {
    const { ix, iy } = cellOf(grid, trial);
    return Math.abs(ix - (10 + iy / 4));
  });
  expect(columns.length).toBeGreaterThan(2 * SIDE);
  expect(Math.min(...columns)).toBeLessThan(1);
  expect(columns.filter((distance) => distance > 4)).toHaveLength(0);
});

test('where nothing is known, coarse cells come first', () => {
  const levels = Array.from(edgesFirst(source, grid, nothingKnown()).levels(), (level) => [...level]);
  expect(levels).toEqual(Array.from(source.levels(), (level) => [...level]));
});

import { expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import { withSide } from '../../src/service/grid_choice';
import { boundaryMask, contour, sidesOf } from '../../src/view/boundary';
import { emptyResults, result } from './map_results';

/** Sides of a picture of 4 × 4 cells, its first line uppermost: # trains, . does not, ? is not known. */
function sides(...lines: readonly string[]) {
  const { table, grid } = emptyResults(withSide(presetExperiment('init-gain'), 4));
  for (const [row, line] of lines.entries())
    for (const [ix, mark] of [...line].entries()) {
      const trial = 16 + (3 - row) * 4 + ix; // of the second arm
      if (mark !== '?')
        table.set(result(trial, mark === '#' ? 'converged' : ix % 2 ? 'diverged' : 'stalled'));
    }
  return sidesOf(table, grid, 1);
}

test('the contour runs along the edges between cells that train and cells that do not, neighbours joined', () => {
  expect(contour(sides('....', '....', '##..', '##..'))).toBe('M2 4V2M0 2H2');
  expect(contour(sides('#...', '....', '....', '...#'))).toBe('M1 1V0M3 4V3M3 3H4M0 1H1');
  expect(contour(sides('####', '####', '####', '####'))).toBe('');
});

test('there is no contour beside what is not known', () => {
  expect(contour(sides('????', '????', '##??', '##??'))).toBe('');
  expect(contour(sides('?.??', '????', '#.??', '????'))).toBe('M1 3V2');
});

test('the boundary as a set: squares of which some cells train and some do not', () => {
  const mask = boundaryMask(sides('....', '.??.', '##..', '##..'));
  expect([mask.width, mask.height]).toEqual([3, 3]);
  // Rows from below.
  expect([...mask.cells]).toEqual([0, 1, 0, 1, 1, 0, 0, 0, 0]);
});

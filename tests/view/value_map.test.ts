import { expect, test } from 'vitest';
import type { Look } from '../../src/measures/along_training';
import { LookTable } from '../../src/view/looks';
import { mapColours } from '../../src/view/map_picture';
import { PALETTES } from '../../src/view/palettes';
import {
  measuredShare,
  paintValues,
  valueAtCell,
  valueRange,
  type RateLooks,
} from '../../src/view/value_map';

const look = (trial: number, step: number, loss: number): Look => ({ trial, step, loss, gradientNorm: 1 });
const LOSS = ({ loss }: Look) => loss;

/** Two rates, two rows, one arm: the first rate ends at step 7, the second is no number in its second row. */
function looks(): RateLooks {
  const table = new LookTable(2);
  table.enter({ looks: [look(0, 0, 1), look(1, 0, 100)], diverged: [] });
  table.enter({ looks: [look(1, 10, Number.NaN)], diverged: [{ trial: 0, step: 7 }] });
  return { table, rates: 2, steps: [0, 10] };
}

test('a cell is a value, has diverged, is no number, or waits', () => {
  const of = (ix: number, iy: number) => valueAtCell(looks(), 0, ix, iy, LOSS);
  expect(of(0, 0)).toEqual({ kind: 'value', value: 1 });
  expect(of(0, 1)).toEqual({ kind: 'diverged', step: 7 });
  expect(of(1, 1)).toEqual({ kind: 'none' });
  const waiting = { ...looks(), steps: [0, 10, 20] };
  expect(valueAtCell(waiting, 0, 1, 2, LOSS)).toEqual({ kind: 'waits' });
  expect(measuredShare(waiting, 0)).toBeCloseTo(5 / 6);
});

test('the ramp leaves out a twentieth of the values at either end', () => {
  expect(valueRange(looks(), 1, LOSS)).toEqual([1, 100]);
  const table = new LookTable(1);
  for (let step = 0; step <= 100; step += 1)
    table.enter({ looks: [look(0, step, step === 100 ? 1e30 : step + 1)], diverged: [] });
  expect(valueRange({ table, rates: 1, steps: [] }, 1, LOSS)).toEqual([6, 96]);
  expect(valueRange({ table: new LookTable(1), rates: 1, steps: [] }, 1, LOSS)).toBeUndefined();
});

test('the last row is painted first, each cell as what it is', () => {
  const colours = mapColours(PALETTES[0]);
  const [pixels, unfinished] = [new Uint32Array(4), new Uint32Array(4)];
  for (const _ of paintValues({ pixels, unfinished }, looks(), 0, LOSS, [1, 100], colours));
  expect(colours.diverged).toContain(pixels[0]);
  expect(pixels[1]).toBe(colours.risen);
  expect([pixels[2], pixels[3]]).toEqual([colours.amount[0], colours.amount.at(-1)]);
  expect([...unfinished]).toEqual([0, 0, 0, 0]);
});

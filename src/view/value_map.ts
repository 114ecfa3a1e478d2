import type { LookTable, Pick } from './looks';
import { paintCells, shade, type Canvas, type MapColours } from './map_picture';

/** Trials by learning rate, looked at along their training: an arm's map has a column a rate and a row a look. */
export interface RateLooks {
  readonly table: LookTable;
  /** Columns; trial arm·rates + i is that of rate i. */
  readonly rates: number;
  /** The steps of the rows, ascending. */
  readonly steps: readonly number[];
}

/** What a cell of such a map is. */
export type ValueCell =
  | { readonly kind: 'value'; readonly value: number }
  /** Before this step. */
  | { readonly kind: 'diverged'; readonly step: number }
  /** It was measured, and is no number: rounding hides it, or it is not finite. */
  | { readonly kind: 'none' }
  | { readonly kind: 'waits' };

/** @param iy the row, by its step */
export function valueAtCell(
  { table, rates, steps }: RateLooks,
  arm: number,
  ix: number,
  iy: number,
  pick: Pick,
): ValueCell {
  const trial = arm * rates + ix;
  const step = steps[iy]!;
  const diverged = table.divergedAt(trial);
  const look = table.of(trial)[iy]; // every trial is looked at in every row, until it diverges
  if (look) {
    const value = pick(look);
    return value !== undefined && Number.isFinite(value) ? { kind: 'value', value } : { kind: 'none' };
  }
  return diverged !== undefined && diverged <= step
    ? { kind: 'diverged', step: diverged }
    : { kind: 'waits' };
}

/** Shares of the values between which the ramp lies: near divergence a few are larger by many powers of ten. */
const WITHIN = [0.05, 0.95] as const;

/** The ends of a logarithmic ramp, of all arms' values above 0 the twentieth and the last but so many; nothing before the first. */
export function valueRange(
  looks: RateLooks,
  arms: number,
  pick: Pick,
): readonly [number, number] | undefined {
  const values = Array.from({ length: arms * looks.rates }, (_, trial) => looks.table.of(trial))
    .flatMap((row) => row.map(pick))
    .filter((value): value is number => value !== undefined && value > 0 && value < Infinity)
    .sort((a, b) => a - b);
  const [low, high] = WITHIN.map((share) => values[Math.round(share * (values.length - 1))]);
  return low !== undefined && high !== undefined ? [low, high] : undefined;
}

/** Transparent. */
const UNKNOWN = 0;

/** Draws an arm's map, a row at every turn: what is picked on a logarithmic ramp; what lies beyond an end has its colour. */
export function paintValues(
  canvas: Canvas,
  looks: RateLooks,
  arm: number,
  pick: Pick,
  [low, high]: readonly [number, number],
  colours: MapColours,
): Generator<void> {
  const span = Math.log(high / low) || 1;
  const grid = { nx: looks.rates, ny: looks.steps.length };
  return paintCells(canvas, { grid, coarsest: 1 }, (ix, iy) => {
    const cell = valueAtCell(looks, arm, ix, iy, pick);
    switch (cell.kind) {
      case 'value':
        return { colour: shade(colours.amount, Math.log(cell.value / low) / span), isFinished: true };
      case 'diverged':
        return { colour: shade(colours.diverged, DIVERGED_SHADE), isFinished: true };
      case 'none':
        return { colour: colours.risen, isFinished: true };
      case 'waits':
        return { colour: UNKNOWN, isFinished: false };
    }
  });
}

/** Where on the ramp of divergence a cell lies for which only that is told. */
export const DIVERGED_SHADE = 0.8;

/** Share of an arm's cells that are known. */
export function measuredShare(looks: RateLooks, arm: number): number {
  let known = 0;
  for (let ix = 0; ix < looks.rates; ix += 1)
    for (let iy = 0; iy < looks.steps.length; iy += 1)
      if (valueAtCell(looks, arm, ix, iy, ({ loss }) => loss).kind !== 'waits') known += 1;
  return known / (looks.rates * looks.steps.length);
}

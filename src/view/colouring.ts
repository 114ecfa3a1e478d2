import type { Measure } from '../experiment/kinds';
import type { Activation } from '../experiment/types';
import {
  COLOURED_COLUMNS,
  columnOf,
  OUTCOME_COLUMNS,
  type ColouredColumn,
} from '../training/outcome_columns';

/**
 * What the maps of the arms can be coloured by: what became of a trial and how well, only what became of it, its score, a column of its
 * outcome, or how many of the cell's seeds train.
 */
export type Colouring = 'outcome' | 'class' | 'score' | ColouredColumn | 'share';
export const COLOURINGS: readonly ['outcome', ...Colouring[]] = [
  'outcome',
  'class',
  'score',
  ...COLOURED_COLUMNS,
  'share',
];

/** What a map is coloured by, in words. */
export function colouringWords(colouring: Colouring, activation: Activation): string {
  switch (colouring) {
    case 'outcome':
      return 'outcome';
    case 'class':
      return 'class only';
    case 'score':
      return 'score';
    case 'share':
      return 'share of seeds that train';
    default:
      return OUTCOME_COLUMNS[colouring].colour.name(activation);
  }
}

/** What a document must measure for a colouring; nothing where it is known of every trial. */
export function measureOf(colouring: Colouring): Measure | undefined {
  const column = COLOURED_COLUMNS.find((name) => name === colouring);
  return column && columnOf(column).measure;
}

/** Why a colouring has nothing to tell of an experiment; nothing where it has. */
export function colouringRefusal(
  colouring: Colouring,
  { replicates }: { readonly replicates: number },
): string | undefined {
  return colouring === 'share' && replicates === 1 ? 'with 2 seeds or more' : undefined;
}

/** The ends of a colour range, in the numbers that it colours. */
export type Range = readonly [from: number, to: number];

export type Scale = 'linear' | 'log';

/** How the numbers of a colouring lie on its ramp; nothing where its colours are flat. */
export function scaleOf(colouring: Colouring): Scale | undefined {
  if (colouring === 'class') return undefined;
  if (colouring === 'share') return 'linear';
  return colouring === 'outcome' || colouring === 'score' ? 'log' : OUTCOME_COLUMNS[colouring].colour.scale;
}

/** Where between two ends a number lies: 0 at the first, 1 at the second, and beyond what lies beyond. */
export function shareOf(scale: Scale, [from, to]: Range, value: number): number {
  return scale === 'linear'
    ? (value - from) / (to - from)
    : (Math.log(value) - Math.log(from)) / (Math.log(to) - Math.log(from));
}

/** The number at a share of the way between two ends. */
export function valueAt(scale: Scale, [from, to]: Range, share: number): number {
  return scale === 'linear' ? from + share * (to - from) : from ** (1 - share) * to ** share;
}

import type { Activation } from '../experiment/types';
import {
  COLOURED_COLUMNS,
  OUTCOME_COLUMNS,
  type ColouredColumn,
  type ColumnColour,
} from '../training/outcome_columns';

/** What the maps of the arms can be coloured by: what became of a trial, or a column of its outcome. */
export type Colouring = 'outcome' | ColouredColumn;
export const COLOURINGS: readonly ['outcome', ...Colouring[]] = ['outcome', ...COLOURED_COLUMNS];

/** What a map is coloured by, in words. */
export function colouringWords(colouring: Colouring, activation: Activation): string {
  return colouring === 'outcome' ? colouring : OUTCOME_COLUMNS[colouring].colour.name(activation);
}

/** Where on its ramp a column's value is: 0 the least, 1 the most, and beyond what lies beyond. */
export function shareOfRamp(name: ColouredColumn): (value: number) => number {
  const { scale, from, to }: ColumnColour = OUTCOME_COLUMNS[name].colour;
  return scale === 'linear'
    ? (value) => (value - from) / (to - from)
    : (value) => Math.log(value / from) / Math.log(to / from);
}

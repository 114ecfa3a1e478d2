import type { Activation, Rule } from '../experiment/types';
import { STATES } from '../training/outcome';
import { COLOURED_COLUMNS, columnOf, type ColouredColumn } from '../training/outcome_columns';
import type { StateCounts } from './cell_counts';
import { colouringWords, type Colouring } from './colouring';
import { differenceWords, type Difference } from './difference';
import { DIFFERENCE_COLOURS, oklchToRgb, RAMP_STEPS, rampColours, type Palette, type Rgb } from './palettes';
import type { Look } from './shading';

/** What a colour of the maps means, or a ramp of them. */
export interface LegendRow {
  /** The state that it is of, if it is of one. */
  readonly state?: keyof StateCounts;
  /** One, or those of a ramp, evenly spaced. */
  readonly colours: readonly Rgb[];
  readonly name: string;
  /** What else is to be said. */
  readonly words: string;
}

/** What the colours follow from. */
export interface Legend {
  readonly palette: Palette;
  readonly colouring: Colouring;
  readonly rule: Rule;
  readonly activation: Activation;
}

/** Colours that tell a ramp. */
const STOPS = 9;

const DEAD = ['dead', 'blew up, whatever came after'] as const;

/**
 * What the colours of the maps mean, as far as they can occur.
 * @param total cells that are in a state
 */
export function legendRows(legend: Legend, total: (state: keyof StateCounts) => number): LegendRow[] {
  const { colouring, activation } = legend;
  const seen = (state: keyof StateCounts) => total(state) > 0;
  switch (colouring) {
    case 'outcome':
      return outcomeRows(legend, seen, false);
    case 'class':
      return outcomeRows(legend, seen, true);
    case 'score':
      return scoreRows(legend, seen);
    case 'share':
      return [{ colours: coloursOf(legend, 'amount'), name: 'seeds that train', words: 'none to all' }];
    default: {
      const { missing } = columnOf(colouring).colour!;
      const states = STATES.filter((state) => missing[state] !== undefined && seen(state));
      const name = colouringWords(colouring, activation);
      return [
        { colours: coloursOf(legend, 'amount'), name, words: 'least to most' },
        ...states.map((state) => stateRow(legend, state, true, state, missing[state]!)),
      ];
    }
  }
}

/** What the ramp of a colouring that can be stretched is of, in words. */
export function rampWords(colouring: Colouring, activation: Activation): { name: string; about?: string } {
  if (rampOf(colouring) === 'converged') return { name: 'mean loss of what converged, of initial' };
  const about = isColumn(colouring) ? columnOf(colouring).colour!.about : undefined;
  return { name: colouringWords(colouring, activation), ...(about && { about }) };
}

/** Colours of that ramp, evenly spaced. */
export function rampStops(palette: Palette, colouring: Colouring): readonly Rgb[] {
  return rampColours(palette[rampOf(colouring)], STOPS);
}

/** What the colours of the third map mean. */
export function differenceRows(
  arms: readonly string[],
): readonly (LegendRow & { readonly difference: Difference })[] {
  return (['rescued', 'broken', 'both', 'neither'] as const).map((difference) => ({
    difference,
    colours: [DIFFERENCE_COLOURS[difference]],
    name: differenceWords(difference, arms),
    words: '',
  }));
}

function rampOf(colouring: Colouring): 'converged' | 'amount' {
  return colouring === 'outcome' || colouring === 'score' ? 'converged' : 'amount';
}

/** @param isFlat every class has one colour */
function outcomeRows(
  legend: Legend,
  seen: (state: keyof StateCounts) => boolean,
  isFlat: boolean,
): LegendRow[] {
  const isThreshold = legend.rule.type === 'threshold';
  const row = (state: Look & keyof StateCounts, isShown: boolean, name: string, words: string) =>
    isShown ? [stateRow(legend, state, isFlat, name, words)] : [];
  return [
    ...row('converged', true, 'converged', isFlat ? '' : 'poorly to well'),
    ...row('already', isThreshold && seen('already'), 'already', 'below the target at step 0'),
    ...row('slow', isThreshold, 'slow', 'there within ten times the steps'),
    ...row('stuck', isThreshold, 'stuck', 'not even then'),
    ...row('risen', isThreshold && seen('risen'), 'stuck', 'above the initial loss'),
    ...row('diverged', true, 'diverged', isFlat ? '' : 'at once to late'),
    ...row('dead', seen('dead'), ...DEAD),
  ];
}

function scoreRows(legend: Legend, seen: (state: keyof StateCounts) => boolean): LegendRow[] {
  const other = 'Σ initial / loss: none to as many as steps';
  return [
    stateRow(legend, 'converged', false, 'converged', 'Σ loss / initial: many to few'),
    { colours: coloursOf(legend, 'diverged'), name: 'not converged', words: other },
    ...(seen('dead') ? [stateRow(legend, 'dead', false, ...DEAD)] : []),
  ];
}

function stateRow(
  legend: Legend,
  state: Look & keyof StateCounts,
  isFlat: boolean,
  name: string,
  words: string,
): LegendRow {
  return { state, colours: coloursOf(legend, state, isFlat), name, words };
}

/** @param isFlat the middle of a ramp stands for all of it */
function coloursOf({ palette }: Legend, look: Look, isFlat = false): readonly Rgb[] {
  const colour = palette[look];
  if (!('from' in colour)) return [oklchToRgb(colour)];
  return isFlat ? [rampColours(colour)[RAMP_STEPS / 2]!] : rampColours(colour, STOPS);
}

function isColumn(colouring: Colouring): colouring is ColouredColumn {
  return COLOURED_COLUMNS.some((name) => name === colouring);
}

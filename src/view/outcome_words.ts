import { cellOf, type Grid } from '../experiment/axes';
import type { Activation } from '../experiment/types';
import { CLASS_NUMBER, type ResultTable } from '../scheduler/results';
import { DEADLY } from '../training/outcome';
import { COLUMN_NAMES, columnOf, type DetailWords } from '../training/outcome_columns';
import type { Colouring } from './colouring';
import { formatNumber } from './number_format';
import { seedsThatTrain } from './representative';

/** What both maps and words tell of trials. */
export interface Told {
  readonly table: ResultTable;
  /** Training steps of a trial. */
  readonly stepsOf: (trial: number) => number;
}

/** The same, of the cells of maps. */
export interface Shaded extends Told {
  readonly grid: Grid;
}

/** The mean over the steps of loss / initial loss, by which converged trials are coloured. */
export function meanLoss({ table, stepsOf }: Told, trial: number): number {
  return -table.score[trial]! / stepsOf(trial);
}

/** The loss at the end over the initial one, by which slow trials are coloured. */
export function lossLeft(table: ResultTable, trial: number): number {
  return table.lossFinal[trial]! / table.lossInitial[trial]!;
}

/** Steps that a diverged trial lasted, by which it is coloured; where no loss ended it, those in which it was not far above its initial loss. */
export function stepsLasted(table: ResultTable, trial: number): number {
  const step = table.divergedAt[trial]!;
  return step >= 0 ? step : table.score[trial]!;
}

/** Whether a trial that did not train ended above its initial loss. */
export function hasRisen(table: ResultTable, trial: number): boolean {
  return lossLeft(table, trial) > 1;
}

/** What else is known of a finished trial: the details among the columns of its outcome. */
export function detailWords(table: ResultTable, trial: number, activation: Activation): string {
  if (!table.isFinished(trial)) return '';
  const words = detailWordsFor(activation);
  return COLUMN_NAMES.flatMap((name) => columnOf(name).detail?.(table[name][trial]!, words) ?? []).join(', ');
}

function detailWordsFor(activation: Activation): DetailWords {
  return { number: (value) => formatNumber(value, 2), activation };
}

function deathWords(most: number, initial: number): string {
  if (!Number.isFinite(most)) return 'dead: its numbers once were not finite';
  return most > DEADLY * initial
    ? `dead: its loss once was ${formatNumber(most, 2)}`
    : 'dead: its weights were not finite';
}

/** One trial's outcome in words, with the number by which it is coloured; nothing known is said so. */
export function outcomeWords(told: Told, trial: number | undefined): string {
  if (trial === undefined) return 'waiting';
  const { table } = told;
  const number = (value: number) => formatNumber(value, 2);
  if (table.class[trial] === CLASS_NUMBER.training)
    return `training, loss ${number(table.lossFinal[trial]!)} so far`;
  const left = lossLeft(table, trial);
  switch (table.stateOf(trial)) {
    case 'converged':
      return `converged, mean loss ${number(meanLoss(told, trial))} of initial`;
    case 'already':
      return `already below the target at step 0, loss ${number(table.lossFinal[trial]!)}`;
    case 'slow':
      return `slow, loss at ${number(left)} of initial`;
    case 'stuck':
      return hasRisen(table, trial)
        ? `stuck, loss risen to ${number(left)} times the initial`
        : `stuck, loss at ${number(left)} of initial`;
    case 'diverged': {
      const lasted = stepsLasted(table, trial);
      return table.divergedAt[trial]! >= 0
        ? `diverged at step ${lasted}`
        : `diverged after about ${number(lasted)} steps`;
    }
    case 'dead':
      return deathWords(table.lossMax[trial]!, table.lossInitial[trial]!);
    case undefined:
      return 'waiting';
  }
}

/** What a trial's colour says: the number by which the maps are coloured, where it has one, and else its outcome. */
export function colourWords(
  results: Shaded,
  trial: number | undefined,
  colouring: Colouring,
  activation: Activation,
): string {
  if (trial === undefined || colouring === 'outcome' || !results.table.isFinished(trial))
    return outcomeWords(results, trial);
  const { table } = results;
  switch (colouring) {
    case 'class':
      return table.stateOf(trial)!;
    case 'score':
      return `${table.stateOf(trial)}, score ${formatNumber(table.score[trial]!)}`;
    case 'share':
      return shareWords(results, trial);
    default: {
      const value = table[colouring][trial]!;
      const { least = -Infinity, words } = columnOf(colouring).colour!;
      return value >= least ? words(value, detailWordsFor(activation)) : outcomeWords(results, trial);
    }
  }
}

function shareWords({ table, grid }: Shaded, trial: number): string {
  const { arm, iy, ix } = cellOf(grid, trial);
  const { trained, finished } = seedsThatTrain(table, grid, arm, ix, iy);
  return `${trained} of ${finished} seeds train`;
}

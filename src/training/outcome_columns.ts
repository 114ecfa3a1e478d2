import { ACTIVATIONS } from '../experiment/kinds';
import type { Activation, Measure } from '../experiment/types';
import type { StateName } from '../reference/state';
import { CLASSES, CLIP, logLine, STATES, type FinishedTrial, type TrialState } from './outcome';
import type { TrialStates } from './states';

/** The arrays that a column may be. */
export const COLUMN_ARRAYS = {
  u8: Uint8Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;

/** One number a trial, of which its outcome is made up. */
export interface OutcomeColumn {
  readonly type: keyof typeof COLUMN_ARRAYS;
  /** What its numbers stand for, where they are indices. */
  readonly names?: readonly string[];
  /** The least that it can be, where there is one; an index is never below 0. */
  readonly least?: number;
  /** Of a trial of which nothing is known yet; 0 unless told. */
  readonly unknown?: number;
  /** Of trials of a wave that have been judged. */
  readonly finished: (states: TrialStates) => (trial: FinishedTrial) => number;
  /** Of trials of a wave, by slot, that are to make `steps` steps and still train, as far as they have come. */
  readonly training: (states: TrialStates, steps: number) => (slot: number) => number;
  /** Its header in `trials.csv`, where only those stand that the contract names. */
  readonly csv?: string;
  /** What it holds, where the document asks for it: NaN elsewhere. Its header in `trials.csv` too, after those of every document. */
  readonly measure?: Measure;
  /** In words, where it is a detail to be told of a finished trial; nothing where there is nothing to tell. */
  readonly detail?: (value: number, words: DetailWords) => string | undefined;
  /** What colours mean, where maps can be coloured by it. */
  readonly colour?: ColumnColour;
}

export interface DetailWords {
  /** A number in few digits. */
  readonly number: (value: number) => string;
  readonly activation: Activation;
}

/** A column on the ramp from least to most. */
export interface ColumnColour {
  /** What it is called where units have this activation. */
  readonly name: (activation: Activation) => string;
  readonly scale: 'linear' | 'log';
  /** What of a number lies on the ramp: its magnitude, or all of it. */
  readonly lies?: 'by magnitude';
  /** The ends of the ramp, what lies beyond having the colour of the end; they follow from the trials where none are told. */
  readonly ends?: readonly [least: number, most: number];
  /** What else there is to say of the ramp. */
  readonly about?: string;
  /** A number on it in words. */
  readonly words: (value: number, words: DetailWords) => string;
  /** Below it the column says that there is no number; NaN says so everywhere. */
  readonly least?: number;
  /** The states of which no trial has a number here, and why. */
  readonly missing: Readonly<Partial<Record<TrialState, string>>>;
}

/** A word of the state, as it is. */
function word(name: StateName): Pick<OutcomeColumn, 'finished' | 'training'> {
  return {
    finished:
      ({ [name]: word }) =>
      ({ slot }) =>
        word[slot]!,
    training:
      ({ [name]: word }) =>
      (slot) =>
        word[slot]!,
  };
}

/**
 * The column of one of the document's measures.
 * @param name what it is called in words
 */
function measured(measure: Measure, name: string) {
  return {
    type: 'f64',
    unknown: Number.NaN,
    measure,
    finished: () => (trial: FinishedTrial) => trial.measured?.[measure] ?? Number.NaN,
    training: () => () => Number.NaN,
    detail: (value: number, { number }: DetailWords) =>
      Number.isNaN(value) ? undefined : `${name} ${number(value)}`,
    colour: {
      name: () => name,
      scale: 'log',
      about: 'over all weights',
      words: (value: number, { number }: DetailWords) => `${name} ${number(value)}`,
      missing: {},
    },
  } as const satisfies OutcomeColumn;
}

/**
 * The column of a sharpness λ, of which a map tells besides up to where descent on it is stable.
 * @param place where in training
 */
function sharp(measure: Measure, place: string, missing: ColumnColour['missing']) {
  const column = measured(measure, `sharpness ${place}`);
  return {
    ...column,
    colour: {
      ...column.colour,
      lies: 'by magnitude',
      about: '|λ|, in float64',
      words: (value: number, { number }: DetailWords) =>
        `sharpness λ ${place} ${number(value)}, 2/|λ| ${number(2 / Math.abs(value))}`,
      missing,
    },
  } as const satisfies OutcomeColumn;
}

/**
 * The columns of an outcome, in the order of `trials.csv`. Batches and tables of results, the CSV, the checkpoint, the page's
 * details and its choice of colours follow from this list.
 */
export const OUTCOME_COLUMNS = {
  class: {
    type: 'u8',
    names: [...CLASSES, 'training'],
    unknown: CLASSES.length + 1,
    finished: () => (trial) => CLASSES.indexOf(trial.class),
    training: () => () => CLASSES.length,
    csv: 'class',
  },
  /** For colour: converged −Σv, otherwise +Σ1/v, v of arXiv 2402.06184; steps after a stop count as v = 10⁶. */
  score: {
    type: 'f64',
    finished:
      ({ sumV, sumInverseV }) =>
      (trial) =>
        trial.class === 'converged'
          ? -(sumV[trial.slot]! + trial.unrecorded * CLIP)
          : sumInverseV[trial.slot]! + trial.unrecorded / CLIP,
    // What it would be if the rest went on as the part so far did.
    training:
      ({ sumV, sumInverseV, recorded, lossInitial, lossLast }, steps) =>
      (slot) =>
        (steps / Math.max(1, recorded[slot]!)) *
        (lossLast[slot]! < lossInitial[slot]! ? -sumV[slot]! : sumInverseV[slot]!),
    csv: 'score',
    detail: (score, { number }) => `score ${number(score)}`,
  },
  lossInitial: { type: 'f64', ...word('lossInitial'), csv: 'loss_initial' },
  /** The mean of the last `window` losses recorded; of a trial that still trains the last. */
  lossFinal: {
    type: 'f64',
    finished: () => (trial) => trial.lossFinal,
    training: word('lossLast').training,
    csv: 'loss_final',
    detail: (loss, { number }) => `final loss ${number(loss)}`,
    colour: {
      name: () => 'final loss',
      scale: 'log',
      words: (loss, { number }) => `final loss ${number(loss)}`,
      about: 'where it is NaN by class',
      missing: {},
    },
  },
  lossMin: { type: 'f64', ...word('lossMin'), csv: 'loss_min' },
  /** Step, or −1. */
  divergedAt: {
    type: 'i32',
    least: -1,
    unknown: -1,
    ...word('divergedAt'),
    csv: 'diverged_at',
    colour: {
      name: () => 'step of divergence',
      scale: 'log',
      least: 0,
      words: (step) => `diverged at step ${step}`,
      missing: Object.fromEntries(
        STATES.filter((state) => state !== 'diverged').map((state) => [state, 'did not']),
      ),
    },
  },
  /** Means nothing before the trial has finished. */
  state: {
    type: 'u8',
    names: STATES,
    finished: () => (trial) => STATES.indexOf(trial.state),
    training: () => () => 0,
    csv: 'state',
  },
  /** NaN above all. */
  lossMax: { type: 'f32', ...word('lossMax') },
  /** Share of the hidden units and samples with φ′ below 0.05 at the last step; NaN where no unit has an activation, or before that step. */
  saturation: {
    type: 'f32',
    finished:
      ({ saturated }) =>
      ({ slot, isExamined }) =>
        isExamined ? saturated[slot]! : Number.NaN,
    training: () => () => Number.NaN,
    detail: (share, words) => (Number.isNaN(share) ? undefined : saturationDetail(share, words)),
    colour: {
      name: saturationWords,
      scale: 'linear',
      ends: [0, 1],
      about: 'φ′ below 0.05',
      words: saturationDetail,
      missing: { diverged: 'before the last step' },
    },
  },
  /**
   * Decades by which the loss falls in a step, by the least-squares line of the logarithms of the last `window` losses, as the
   * state `slow` is judged by; NaN where the trial diverged, or one loss is all there is.
   */
  descent: {
    type: 'f32',
    finished: () => (trial) =>
      trial.class === 'diverged'
        ? Number.NaN
        : -logLine(trial.latest.map((loss) => Math.max(loss, LEAST_LOSS))).slope / Math.LN10,
    training: () => () => Number.NaN,
    colour: {
      name: () => 'descent at the end',
      scale: 'log',
      ends: [1e-5, 0.1],
      about: 'decades a step',
      words: (rate, { number }) => `descent ${number(rate)} decades a step`,
      missing: { diverged: 'left out' },
    },
  },
  gradientNormMax: measured('gradient_norm_max', 'largest gradient norm'),
  weightNormFinal: measured('weight_norm_final', 'final weight norm'),
  /** The Hessian's eigenvalue of largest magnitude, with its sign. */
  sharpnessInitial: sharp('sharpness_initial', 'at the start', {}),
  sharpnessFinal: sharp('sharpness_final', 'at the end', { diverged: 'stopped before' }),
} as const satisfies Record<string, OutcomeColumn>;

/** Which has a logarithm: of what float32 can tell from 0. */
const LEAST_LOSS = 2 ** -149;

/** What the share of units with a derivative below 0.05 is called. */
function saturationWords(activation: Activation): string {
  return `${ACTIVATIONS[activation].flat} units`;
}

function saturationDetail(share: number, { activation }: DetailWords): string {
  return `${Math.round(100 * share)} % ${saturationWords(activation)} (φ′ < 0.05)`;
}

export type ColumnName = keyof typeof OUTCOME_COLUMNS;
/** Of a column by which maps can be coloured. */
export type ColouredColumn = {
  [Name in ColumnName]: (typeof OUTCOME_COLUMNS)[Name] extends { readonly colour: ColumnColour }
    ? Name
    : never;
}[ColumnName];

export const COLUMN_NAMES = Object.keys(OUTCOME_COLUMNS) as ColumnName[];
/** The columns of which a document that asks for these measures has numbers. */
export function columnsFor(measures: readonly Measure[]): ColumnName[] {
  return COLUMN_NAMES.filter((name) => {
    const { measure } = columnOf(name);
    return measure === undefined || measures.includes(measure);
  });
}

/** The columns of `trials.csv`, in order, by their headers: those of every document, then its measures as it names them. */
export function csvColumns(measures: readonly Measure[]): [header: string, name: ColumnName][] {
  const byHeader = (header: (column: OutcomeColumn) => string | undefined) =>
    new Map(COLUMN_NAMES.map((name) => [header(columnOf(name)), name]));
  const common = [...byHeader(({ csv }) => csv)].flatMap(([header, name]): [string, ColumnName][] =>
    header === undefined ? [] : [[header, name]],
  );
  const measured = byHeader(({ measure }) => measure);
  return [...common, ...measures.map((measure): [string, ColumnName] => [measure, measured.get(measure)!])];
}

export const COLOURED_COLUMNS = COLUMN_NAMES.filter(isColoured);

/** A column of the list, its optional members too. */
export function columnOf(name: ColumnName): OutcomeColumn {
  return OUTCOME_COLUMNS[name];
}

function isColoured(name: ColumnName): name is ColouredColumn {
  return columnOf(name).colour !== undefined;
}

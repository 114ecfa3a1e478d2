import { cellOf } from '../experiment/axes';
import { CLASS_NUMBER } from '../scheduler/results';
import { LONGER } from '../training/outcome';
import { columnOf, type ColouredColumn } from '../training/outcome_columns';
import { scaleOf, shareOf, type Colouring, type Range, type Scale } from './colouring';
import { hasRisen, lossLeft, meanLoss, stepsLasted, type Shaded, type Told } from './outcome_words';
import { seedsThatTrain } from './representative';

/** Trials of which a range or a ranking is made: enough to tell every colour of a ramp apart. */
const SAMPLE = 8192;
/** Steps of a ranking: colours of equally many trials. */
const RANKS = 128;
/** Share of the trials at either end that may lie beyond an automatic range. */
const TAIL = 0.05;
/** Before there is anything to colour. */
const EMPTY: Range = [0.01, 1];

/** Ramps of a palette; what is on none has a flat colour. */
export type RampName = 'converged' | 'diverged' | 'slow' | 'amount';
/** What a trial is coloured as: a ramp, or a flat colour. */
export type Look = RampName | 'stuck' | 'risen' | 'already' | 'dead';

export interface ShadingChoice {
  readonly colouring: Colouring;
  /** The ends of the range; automatic where none are told. */
  readonly range: Range | undefined;
  /** Colours by rank, so that each is on equally many trials. */
  readonly equalize: boolean;
}

/** The numbers on one ramp. */
interface Reading {
  readonly scale: Scale;
  /** NaN for none. */
  readonly value: (trial: number) => number;
  /** Automatic where none are told. */
  readonly ends?: Range;
}

/** How a colouring reads trials. */
interface Readings {
  /** Nothing of a trial of which nothing is known. */
  readonly lookOf: (trial: number) => Look | undefined;
  /** Ramps without one show their middle. */
  readonly ramps: Readonly<Partial<Record<RampName, Reading>>>;
  /** The ramp whose range can be chosen. */
  readonly main: RampName | undefined;
}

/** How the trials of all arms are coloured, but for the palette. All arms share one range and one ranking. */
export class Shading {
  private readonly readings: Readings;
  private readonly typical = new Map<RampName, Float64Array>();
  private readonly sorted = new Map<RampName, Float64Array>();
  private readonly ranks = new Map<RampName, Float64Array>();
  private chosen: Range | undefined;

  /** @param converged the automatic ends of the mean relative loss */
  constructor(
    private readonly results: Shaded,
    private readonly choice: ShadingChoice,
    converged: Range,
  ) {
    this.readings = readingsOf(results, choice.colouring, converged);
    this.chosen = choice.range;
  }

  /** How a trial looks, and where on its ramp it is, 0 to 1 and beyond; nothing of a trial of which nothing is known. */
  of(trial: number): { look: Look; share: number } | undefined {
    const look = this.readings.lookOf(trial);
    if (!look) return undefined;
    const ramp = this.rampOf(look);
    return { look, share: ramp ? this.shareOn(ramp, trial) : 0.5 };
  }

  /** The ends of the main ramp; nothing where all colours are flat. */
  get range(): Range | undefined {
    const { main } = this.readings;
    return main && (this.chosen ??= this.automatic(main));
  }

  get scale(): Scale | undefined {
    return scaleOf(this.choice.colouring);
  }

  /**
   * Numbers on the main ramp, of a sample of the trials, least first, as far as its scale can show them: without those that diverged, unless
   * these are all there are.
   */
  get numbers(): Float64Array {
    const { main } = this.readings;
    return main ? this.typicalOn(main) : new Float64Array();
  }

  private rampOf(look: Look): RampName | undefined {
    return Object.hasOwn(this.readings.ramps, look) ? (look as RampName) : undefined;
  }

  private shareOn(ramp: RampName, trial: number): number {
    const { scale, value, ends } = this.readings.ramps[ramp]!;
    const number = value(trial);
    const range = ramp === this.readings.main ? this.range! : ends!;
    if (!this.choice.equalize) return shareOf(scale, range, number);
    const rank = rankIn(this.ranksOn(ramp), number);
    // A ramp may run from the most to the least.
    return range[0] <= range[1] ? rank : 1 - rank;
  }

  private automatic(ramp: RampName): Range {
    const { scale, ends } = this.readings.ramps[ramp]!;
    if (ends) return ends;
    const numbers = this.typicalOn(ramp);
    if (numbers.length === 0) return EMPTY;
    const [from, to] = [TAIL, 1 - TAIL].map((share) => numbers[Math.round(share * (numbers.length - 1))]!);
    if (to! > from!) return [from!, to!];
    return scale === 'log' ? [from! / 2, from! * 2] : [from! - 0.5, from! + 0.5];
  }

  /** What diverged would take the contrast from all else. */
  private typicalOn(ramp: RampName): Float64Array {
    return memo(this.typical, ramp, () => {
      const { table } = this.results;
      const others = this.numbersOf(ramp, (trial) => table.class[trial] !== CLASS_NUMBER.diverged);
      return others.length > 0 ? others : this.numbersOn(ramp);
    });
  }

  private numbersOn(ramp: RampName): Float64Array {
    return memo(this.sorted, ramp, () => this.numbersOf(ramp, () => true));
  }

  private numbersOf(ramp: RampName, isWanted: (trial: number) => boolean): Float64Array {
    const { table } = this.results;
    const { scale, value } = this.readings.ramps[ramp]!;
    const isShown = (number: number) => Number.isFinite(number) && (scale === 'linear' || number > 0);
    return Float64Array.from(sample(table.trials))
      .filter((trial) => table.isFinished(trial) && this.readings.lookOf(trial) === ramp && isWanted(trial))
      .map(value)
      .filter(isShown)
      .sort();
  }

  private ranksOn(ramp: RampName): Float64Array {
    return memo(this.ranks, ramp, () => {
      const numbers = this.numbersOn(ramp);
      const last = numbers.length - 1;
      return Float64Array.from(
        { length: last < 0 ? 0 : RANKS },
        (_, i) => numbers[Math.round((i / (RANKS - 1)) * last)]!,
      );
    });
  }
}

function memo<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = known.get(key);
  if (value === undefined) known.set(key, (value = make()));
  return value;
}

/** Trials spread evenly over all of them, whatever the sides of the maps: all where there are few. */
function sample(trials: number): number[] {
  if (trials <= SAMPLE) return Array.from({ length: trials }, (_, trial) => trial);
  const golden = (Math.sqrt(5) - 1) / 2;
  return Array.from({ length: SAMPLE }, (_, i) => Math.floor(((i * golden) % 1) * trials));
}

/** Share of the ranks that a number is above, half counting where it is the same. */
function rankIn(ranks: Float64Array, number: number): number {
  if (ranks.length === 0 || Number.isNaN(number)) return 0.5;
  return (
    (position(ranks, (rank) => rank < number) + position(ranks, (rank) => rank <= number)) / 2 / ranks.length
  );
}

/** How many of some sorted numbers come before the first that is not below. */
function position(sorted: Float64Array, isBelow: (rank: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBelow(sorted[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function readingsOf(results: Shaded, colouring: Colouring, converged: Range): Readings {
  switch (colouring) {
    case 'outcome':
      return { ...byOutcome(results, converged), main: 'converged' };
    case 'class':
      return { lookOf: (trial) => lookOf(results, trial), ramps: {}, main: undefined };
    case 'score':
      return { ...byScore(results, converged), main: 'converged' };
    case 'share':
      return byShare(results);
    default:
      return byColumn(results, colouring);
  }
}

/** What became of a trial; of one that still trains what would, if it went on so. */
function lookOf({ table }: Told, trial: number): Look | undefined {
  const state = table.stateOf(trial);
  const stuck = () => (hasRisen(table, trial) ? 'risen' : 'stuck');
  if (state) return state === 'stuck' ? stuck() : state;
  if (table.class[trial] !== CLASS_NUMBER.training) return undefined;
  return table.score[trial]! < 0 ? 'converged' : stuck();
}

function byOutcome(results: Shaded, converged: Range): Omit<Readings, 'main'> {
  const { table, stepsOf } = results;
  return {
    lookOf: (trial) => lookOf(results, trial),
    ramps: {
      converged: { scale: 'log', value: (trial) => meanLoss(results, trial), ends: converged },
      // Light where it is down to a tenth.
      slow: { scale: 'log', value: (trial) => lossLeft(table, trial), ends: [1, 1 / LONGER] },
      diverged: logSteps(stepsOf, (trial) => stepsLasted(table, trial)),
    },
  };
}

/** As arXiv 2402.06184 colours: Σv of what converged, Σ1/v of all else. */
function byScore(results: Shaded, converged: Range): Omit<Readings, 'main'> {
  const { table, stepsOf } = results;
  return {
    lookOf: (trial) => {
      if (table.class[trial] === CLASS_NUMBER.waiting) return undefined;
      if (table.stateOf(trial) === 'dead') return 'dead';
      return table.score[trial]! < 0 ? 'converged' : 'diverged';
    },
    ramps: {
      converged: { scale: 'log', value: (trial) => meanLoss(results, trial), ends: converged },
      diverged: logSteps(stepsOf, (trial) => table.score[trial]!),
    },
  };
}

/** Numbers from 0 to a trial's steps, by the logarithm. */
function logSteps(stepsOf: Told['stepsOf'], number: (trial: number) => number): Reading {
  const value = (trial: number) => Math.log(number(trial) + 1) / Math.log(stepsOf(trial) + 1);
  return { scale: 'linear', value, ends: [0, 1] };
}

/** Where a trial has no number in the column it has the colour of what became of it. */
function byColumn(results: Shaded, name: ColouredColumn): Readings {
  const { table } = results;
  const { scale, ends, lies, least = -Infinity } = columnOf(name).colour!;
  const values = table[name];
  const onRamp = lies === 'by magnitude' ? Math.abs : (value: number) => value;
  const hasNumber = (trial: number) => values[trial]! >= least;
  return {
    lookOf: (trial) => {
      if (!table.isFinished(trial)) return undefined;
      return hasNumber(trial) ? 'amount' : lookOf(results, trial);
    },
    ramps: { amount: { scale, value: (trial) => onRamp(values[trial]!), ...(ends && { ends }) } },
    main: 'amount',
  };
}

function byShare(results: Shaded): Readings {
  const { table, grid } = results;
  const value = (trial: number) => {
    const { arm, iy, ix } = cellOf(grid, trial);
    const { trained, finished } = seedsThatTrain(table, grid, arm, ix, iy);
    return trained / finished;
  };
  return {
    lookOf: (trial) => (table.isFinished(trial) ? 'amount' : undefined),
    ramps: { amount: { scale: 'linear', value, ends: [0, 1] } },
    main: 'amount',
  };
}

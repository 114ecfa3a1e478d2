/** Milliseconds that a slice is meant to last; slices grow up to this length. */
export const TARGET = 40;
/** Milliseconds beyond which a slice is too long, and the next one is made shorter. */
const LONGEST = 50;

/** A measured time includes the wait for the device to answer. It says how long the work took if the work took this many waits. */
const WAITS_WORTH = 3;

/**
 * Milliseconds that work should last to be measured.
 * @param wait that the device takes to answer, even with nothing to do
 * @param wanted that the work should last anyway
 */
export function shortestTelling(wait: number, wanted: number): number {
  return Math.max(wanted, WAITS_WORTH * wait);
}

/** How many slices to submit before one wait: more than one where the wait would be longer than half a slice. */
export function slicesOfWait(wait: number): number {
  return 2 * wait <= TARGET ? 1 : Math.ceil(shortestTelling(wait, TARGET) / TARGET);
}

/**
 * How much of a wave to submit at once: from one step upwards, at most doubling, halved when a slice lasted too long, so that neither
 * the page's frames nor the system's GPU watchdog ever wait. Where one step of all trials is too long, it is submitted in parts.
 */
export class Pace {
  /** Steps of the next slice. */
  steps = 1;
  private readonly division: Division;

  /**
   * @param parts into how many the wave's trials are divided for the first step
   * @param before the pace of an earlier wave of the same plan, which has learned whether larger parts make slices longer
   */
  constructor(parts = 1, before?: Pace) {
    this.division = new Division(parts, before?.division.costly);
  }

  /** Into how many parts the trials are to be divided, each of which has slices of its own; 1 but for single steps. */
  get parts(): number {
    return this.division.parts;
  }

  /** Takes notice that a slice of `steps`, of one of `parts` of the trials, lasted `milliseconds`. */
  measured(steps: number, milliseconds: number, parts = 1): void {
    if (parts > 1 || (steps === 1 && milliseconds > LONGEST)) {
      this.steps = 1;
      this.division.measured(parts, milliseconds);
    } else if (milliseconds > LONGEST) {
      this.steps = Math.floor(Math.min(this.steps, steps) / 2);
    } else {
      const fitting = Math.floor((steps * TARGET) / Math.max(milliseconds, 0.1));
      this.steps = Math.max(1, Math.min(fitting, 2 * this.steps));
    }
  }
}

/** What a single step may last before it is divided: a frame that comes late, and far from what a watchdog minds. */
const LONGEST_STEP = 100;
/**
 * A division by two pays if half the trials take less than this share of the time that all of them took. If they take more, the device
 * was not full, and smaller parts would leave even more of it idle.
 */
const LITTLE = 0.75;

/** How a single step that lasts too long is divided, by halves, as long as that makes it shorter. */
class Division {
  /** The first step that was measured in its number of parts; the step before it had another number. */
  private last: { parts: number; milliseconds: number } | undefined;
  /** Half the trials took hardly less time than all of them, so the step is divided no further. */
  private useless = false;

  /** @param costly whether twice as many trials in a part took much longer, so that parts are not joined again without need */
  constructor(
    public parts: number,
    public costly = false,
  ) {}

  measured(parts: number, milliseconds: number): void {
    const { last } = this;
    if (parts === 2 * (last?.parts ?? 0) && milliseconds > LITTLE * last!.milliseconds) this.useless = true;
    if (2 * parts === last?.parts) this.costly = last.milliseconds < LITTLE * milliseconds;
    if (last?.parts !== parts) this.last = { parts, milliseconds };
    if (milliseconds > LONGEST_STEP && !this.useless) this.parts = 2 * parts;
    else if (milliseconds > LONGEST_STEP && this.costly && last) this.parts = Math.max(parts, last.parts);
    else if (milliseconds <= LONGEST || !this.costly) this.parts = Math.max(1, parts / 2);
  }
}

/** Trials that a wave has at least, where they fit: fewer would leave most of a GPU idle. */
const SMALLEST_WAVE = 32;
/** Multiply-adds that any adapter does well within a slice. */
const FIRST_WORK = 2 ** 26;
/** How much larger than the latest wave of its plan a wave may be. */
const GROWTH = 4;
/** Of a slice's 40 ms, what one step of a wave may take: several steps a slice, so that pacing has something to pace. */
const STEP_MILLISECONDS = 12;
/** How much an earlier slice counts beside the next one: when a single one ended is not always told at once. */
const MEMORY = 0.5;

/** How many trials of one plan to train together, from how fast they have trained so far. */
export class WavePace {
  private size = SMALLEST_WAVE;
  private work = 0;
  private time = 0;

  /** Trials that may make a step together; any number, once that was seen to be short. */
  private together: number;
  private latest: Pace | undefined;

  /** @param operations multiply-adds of one step of a trial */
  constructor(operations: number) {
    this.together = FIRST_WORK / operations;
  }

  /** Takes notice that a slice made `steps` of `trials`, one of `parts` of the wave, in `milliseconds`. */
  measured(trials: number, steps: number, milliseconds: number, parts = 1): void {
    this.work = MEMORY * this.work + trials * steps;
    this.time = MEMORY * this.time + Math.max(0, milliseconds);
    this.together = parts > 1 ? trials : Infinity;
  }

  /** Trials of the next wave, of which no more than `fitting` fit. */
  next(fitting: number): number {
    if (this.work > 0) {
      const paced = Math.floor((this.work * STEP_MILLISECONDS) / Math.max(this.time, 0.1));
      // Growing step by step keeps a wave from being absurdly large where a rate was measured wrongly.
      this.size = Math.max(SMALLEST_WAVE, Math.min(paced, GROWTH * this.size));
    }
    return Math.min(this.size, fitting);
  }

  /** The pace at which a wave of `trials` begins: one step, in parts of as many trials as the latest slice had. */
  begin(trials: number): Pace {
    const parts = Math.max(1, trials / this.together);
    this.latest = new Pace(2 ** Math.ceil(Math.log2(parts)), this.latest);
    return this.latest;
  }
}

/**
 * When work that shares one queue really ran: a slice begins when it is submitted, or when the one before it ends.
 */
export class QueueClock {
  private free = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Runs `work`; milliseconds that it had the queue for itself. */
  async time<Result>(work: () => Promise<Result>): Promise<{ result: Result; milliseconds: number }> {
    const submitted = this.now();
    const result = await work();
    const done = this.now();
    const milliseconds = done - Math.max(submitted, this.free);
    this.free = done;
    return { result, milliseconds };
  }
}

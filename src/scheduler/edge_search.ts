/** Of two neighbouring rates that were tried, the larger over the smaller at which an edge is sharp enough: 2 %. */
export const SHARP = 1.02;
/** Rates of a series that are tried first, evenly over the logarithm of the range; and between two of them each time after that. */
const FIRST = 24;
const BETWEEN = 5;
/** Trials of a series, where training ends once and for all. */
export const USUAL_TRIALS = FIRST + 2 * BETWEEN;

/** Between two rates, of which the lower trains and the upper, where there is one, does not. */
export interface Bracket {
  readonly low: number;
  /** Infinity: the largest rate of the range trains. */
  readonly high: number;
}

/** What is known of where a series of trials, which differ in their learning rates alone, stops training. */
export interface Edge {
  /** Every rate that was tried trains, from the lowest that does up to here. */
  readonly all: Bracket;
  /** No rate above trains; `all` again, where no rate in between fails. */
  readonly any: Bracket;
}

/** One trial that the search wants. */
export interface Wanted {
  readonly series: number;
  readonly rate: number;
}

/**
 * Looks for the largest learning rate that trains, in many series at once, from rounds of trials. The rates that it tries depend on
 * the range and on what was found, never on a grid: so it finds the same on every one.
 */
export class EdgeSearch {
  /** By series, in the order of their rates. */
  private readonly tried: { readonly rate: number; readonly trains: boolean }[][] = [];
  private readonly first: readonly number[];

  /** @param range both ends above 0 */
  constructor(range: { from: number; to: number }) {
    this.first = range.from === range.to ? [range.to] : spaced(range.from, range.to, FIRST - 2, true);
  }

  /** The next round of the first so many series; empty when all of them are sharp. */
  next(series: number): Wanted[] {
    return Array.from({ length: series }, (_, at) =>
      this.ratesOf(at).map((rate) => ({ series: at, rate })),
    ).flat();
  }

  private ratesOf(series: number): readonly number[] {
    if (!this.tried[series]) return this.first;
    const edge = this.edge(series);
    if (!edge) return [];
    const brackets = edge.any.low === edge.all.low ? [edge.all] : [edge.all, edge.any];
    return brackets
      .filter((bracket) => !isSharp(bracket))
      .flatMap(({ low, high }) => spaced(low, high, BETWEEN));
  }

  take({ series, rate }: Wanted, trains: boolean): void {
    const tried = (this.tried[series] ??= []);
    tried.push({ rate, trains });
    tried.sort((a, b) => a.rate - b.rate);
  }

  /** Series of which something is known: the first ones. */
  get begun(): number {
    return this.tried.length;
  }

  /** Nothing where no rate trains. */
  edge(series: number): Edge | undefined {
    return edgeOf(this.tried[series] ?? []);
  }
}

/** @param tried in the order of their rates */
export function edgeOf(tried: readonly { rate: number; trains: boolean }[]): Edge | undefined {
  const lowest = tried.findIndex(({ trains }) => trains);
  if (lowest < 0) return undefined;
  const highest = tried.findLastIndex(({ trains }) => trains);
  const failing = tried.findIndex(({ trains }, at) => at > lowest && !trains);
  const bracket = (at: number): Bracket => ({
    low: tried[at]!.rate,
    high: tried[at + 1]?.rate ?? Number.POSITIVE_INFINITY,
  });
  return { all: bracket(failing < 0 ? highest : failing - 1), any: bracket(highest) };
}

export function isSharp({ low, high }: Bracket): boolean {
  return high === Number.POSITIVE_INFINITY || high <= SHARP * low;
}

/** `count` numbers between two, evenly over their logarithm; and with the ends. */
function spaced(from: number, to: number, count: number, ends = false): number[] {
  const inner = Array.from(
    { length: count },
    (_, i) => from ** ((count - i) / (count + 1)) * to ** ((i + 1) / (count + 1)),
  );
  return ends ? [from, ...inner, to] : inner;
}

/** What a measurement says of a claim: not yet, that it holds, or that it does not. */
export interface Verdict {
  readonly state: 'open' | 'holds' | 'fails';
  /** The number that was measured and the one that theory has; or what is missing. */
  readonly words: string;
}

/** A claim of the tour, checked against what a tab has found. */
export interface Claim<Found> {
  /** In one sentence. */
  readonly claim: string;
  /** @param found nothing while the tab has found nothing */
  check(found: Found): Verdict;
}

/** @param words what is missing */
export function open(words: string): Verdict {
  return { state: 'open', words };
}

export function decided(holds: boolean, words: string): Verdict {
  return { state: holds ? 'holds' : 'fails', words };
}

/** How many of its own standard errors a measured number may be off, and what share of what theory has besides. */
const ERRORS = 3;
const SHARE = 0.05;

/** Whether a measured number is what theory says, as well as it was measured. */
export function agrees(measured: number, error: number, theory: number, share = SHARE): boolean {
  return Math.abs(measured - theory) <= ERRORS * error + share * Math.abs(theory);
}

/**
 * A claim of a number, where the measurement can tell it from what there would be if the claim were false.
 * @param rival that number
 * @param holds instead of agreeing with theory
 */
export function weighed(
  { measured, error, theory, rival, share = SHARE }: Weighed,
  words: string,
  holds = agrees(measured, error, theory, share),
): Verdict {
  const reach = ERRORS * error + share * Math.abs(theory);
  if (reach >= Math.abs(theory - rival)) return open(`${words}; too coarse to tell: choose a finer grid`);
  return decided(holds, words);
}

export interface Weighed {
  readonly measured: number;
  /** Of `measured`. */
  readonly error: number;
  readonly theory: number;
  readonly rival: number;
  readonly share?: number;
}

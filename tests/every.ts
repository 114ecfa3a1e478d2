/**
 * How much is tried: `npm run test:every` leaves nothing out (TESTS=every); `npm test` tries what tells the most, and fewer of many that
 * are alike; and half of that where it runs on a second implementation (TESTS=few).
 */
const TESTS = process.env['TESTS'];
export const EVERY = TESTS === 'every';
const FEW = TESTS === 'few';

/** Those that are tried by `npm test`, and with the others by `npm run test:every`. */
export function tried<Case>(always: readonly Case[], others: readonly Case[]): readonly Case[] {
  if (FEW) return always.filter((_, index) => index % 2 === 0);
  return EVERY ? [...always, ...others] : always;
}

/**
 * Of many cases, each in several ways, all but `left` of its ways for each case, in turns; `npm run test:every` leaves none out.
 */
export function takingTurns<Way>(ways: readonly Way[], index: number, left = 1): readonly Way[] {
  const turn = index % ways.length;
  const turned = [...ways.slice(turn), ...ways.slice(0, turn)];
  return tried(turned.slice(left), turned.slice(0, left));
}

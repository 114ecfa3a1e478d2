/** Set by `npm run test:every`, which leaves nothing out; `npm test` tries what tells the most, and fewer of many that are alike. */
export const EVERY = process.env['TESTS'] === 'every';

/** Those that are tried by `npm test`, and with the others by `npm run test:every`. */
export function tried<Case>(always: readonly Case[], others: readonly Case[]): readonly Case[] {
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

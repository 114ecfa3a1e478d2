/** Set by `npm run test:every`, which leaves nothing out; `npm test` tries what tells the most, and fewer of many that are alike. */
export const EVERY = process.env['TESTS'] === 'every';

/** Those that are tried by `npm test`, and with the others by `npm run test:every`. */
export function tried<Case>(always: readonly Case[], others: readonly Case[]): readonly Case[] {
  return EVERY ? [...always, ...others] : always;
}

/** Of many cases by as many ways, all but one way for each case, in turns; `npm run test:every` leaves none out. */
export function takingTurns<Way>(ways: readonly Way[], index: number): readonly Way[] {
  const [left, ...others] = [...ways.slice(index % ways.length), ...ways.slice(0, index % ways.length)];
  return tried(others, [left!]);
}

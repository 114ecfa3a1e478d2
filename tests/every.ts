/** Set by `npm run test:every`, which leaves nothing out; `npm test` tries what tells the most, and fewer of many that are alike. */
export const EVERY = process.env['TESTS'] === 'every';

/** Those that are tried by `npm test`, and with the others by `npm run test:every`. */
export function tried<Case>(always: readonly Case[], others: readonly Case[]): readonly Case[] {
  return EVERY ? [...always, ...others] : always;
}

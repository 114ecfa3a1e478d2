/** Set by `npm run test:pages`, which tries the page at every size and moment; `npm test` tries those that tell the most. */
const EVERY = process.env['TEST_PAGES'] === 'every';

/** Those that are tried by `npm test`, and with the others by `npm run test:pages`. */
export function tried<Case>(always: readonly Case[], others: readonly Case[]): readonly Case[] {
  return EVERY ? [...always, ...others] : always;
}

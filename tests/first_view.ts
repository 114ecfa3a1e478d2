import type { LinkSettings } from '../src/ui/page/link_settings';

/** A tab's part of the page's state as it opens with. */
export function firstView<Own>(settings: LinkSettings<Own>): Own {
  const entries = Object.entries<LinkSettings<Own>[keyof Own]>(settings);
  return Object.fromEntries(entries.map(([name, { decode }]) => [name, decode(undefined, '')])) as Own;
}

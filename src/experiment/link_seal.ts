/**
 * A check sum in a link, so that one that was cut or altered on its way is not taken for a link to something else. It stands first:
 * what is cut off is cut off the end. A link without one, as people write them, is taken as it is.
 */

import { strToU8 } from 'fflate';
import { checkLength, MOST_LINK_BYTES } from './text';

/** Not all of the link has come, or something else. */
export class DamagedLinkError extends Error {
  override readonly name = 'DamagedLinkError';
  constructor(told: string, found: string) {
    super(
      `This link is not whole: its check sum is ${JSON.stringify(told.slice(0, 12))}, and what came with it makes "${found}". ` +
        'It was cut or altered on its way: copy all of it from where it came. ' +
        'If you changed it yourself, take “check=…&” out of it.',
    );
  }
}

const SEALED = /^([^?]*\?)check=([^&]*)&?(.*)$/s;
/** Parts that mail and advertising programs add, to see who follows a link. */
const TRACKERS = /[?&](?:utm_\w+|\w*cl(?:k)?id|igshid|mc_[ce]id|_ga|_gl|_hs\w+)=[^&]*/g;
/** One character that may have stood behind a link; and several that no link ends in. */
const LAST = /(?:%[0-9a-f]{2}|[^0-9a-z])$/i;
const PUNCTUATION = /(?:[),;:!>'\s]|%(?:20|0[AD]|3E)|(?<!\.)\.)+$/i;
/** No sentence ends in more characters. */
const MOST_BEHIND = 12;

/**
 * CRC-24 as OpenPGP has it, which notices any change of three bytes in a row, of what the text says: some programs encode more
 * of its characters, or fewer.
 */
function checkSum(text: string): string {
  let sum = 0xb704ce;
  for (const byte of strToU8(plain(text))) {
    sum ^= byte << 16;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum << 1) ^ (sum & 0x800000 ? 0x1864cfb : 0);
  }
  return sum.toString(16).padStart(6, '0');
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param query what stands behind the `?` of a fragment */
export function sealed(query: string): string {
  return `check=${checkSum(query)}&${query}`;
}

/**
 * A fragment as it was before it was sealed and sent: without its check sum, and without what other programs put behind it.
 * @throws DamagedLinkError, and ExperimentError for one that is too long
 */
export function unsealed(fragment: string): string {
  checkLength('link', fragment.length, MOST_LINK_BYTES);
  const text = fragment.replaceAll('&amp;', '&').replace(TRACKERS, '');
  const [, tab, told, query] = SEALED.exec(text) ?? [];
  if (tab === undefined || told === undefined || query === undefined) return text.replace(PUNCTUATION, '');
  let rest = query;
  for (let behind = 0; behind <= MOST_BEHIND; behind += 1) {
    if (checkSum(rest) === told) return tab + rest;
    rest = rest.replace(LAST, '');
  }
  throw new DamagedLinkError(told, checkSum(query));
}

/** What is typed into a field, and what it means. */

/** Nobody means a longer text as a number. */
const LONGEST_NUMBER = 50;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * What was typed: a number, several with commas between, or the text itself, which the document then refuses by name.
 * A minus may be the one that the page writes. `1,5` is neither one and a half nor a list: who typed it may have meant either.
 */
export function parseEntry(text: string): unknown {
  const parts = text
    .replaceAll('−', '-')
    .split(/,\s+/)
    .map((part) => part.trim());
  if (!parts.every((part) => NUMBER.test(part) && !vanishes(part))) return text;
  const numbers = parts.map(Number);
  return numbers.length === 1 ? numbers[0] : numbers;
}

/** Whether a number that is not 0 would be read as 0. */
function vanishes(text: string): boolean {
  return Number(text) === 0 && /^[^e]*[1-9]/i.test(text);
}

/** Why a text that somebody meant as a number is none; nothing where what is allowed says enough. */
export function entryHint(text: string): string {
  if (text.length > LONGEST_NUMBER) return '';
  if (/\d,\d/.test(text)) return 'decimals take a point, lists a space after each comma';
  if (/^[+−-]?[\d.]+\s+[\d.\s]+$/.test(text)) return 'without spaces';
  if (/^[+−-]?[\d.]+(?:e[+-]?\d+)?\s*[a-zµ%×°]+$/i.test(text)) return 'without a unit';
  if (NUMBER.test(text) && vanishes(text)) return 'this one is too small to be told from 0';
  return '';
}

/** The beginning of a text that may be long. */
export function clipped(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** A value as a field shows it. */
export function entryOf(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** `for (var i = 0u; i < ROWS; i++) {` */
const HEAD = /for \(var (\w+) = 0u; \1 < (\w+); \1\+\+\) \{/g;

/**
 * WGSL with the loops written out that count from 0 to one of the lengths: their bodies one after the other, in which the counter is a constant.
 * Drivers differ in what they unroll, and only elements whose index is known can be in registers.
 * @param lengths by the names that the loops' heads have; such bodies have neither `break` nor `continue` of their own
 */
export function unrolled(text: string, lengths: Readonly<Record<string, number>>): string {
  let made = '';
  let from = 0;
  for (const head of text.matchAll(HEAD)) {
    const [whole, counter = '', name = ''] = head;
    const length = lengths[name];
    if (length === undefined || head.index < from) continue;
    const first = head.index + whole.length;
    const end = blockEnd(text, first);
    const body = unrolled(text.slice(first, end), lengths);
    const copies = Array.from({ length }, (_, at) => `{ const ${counter} = ${at}u;${body}}`);
    made += text.slice(from, head.index) + copies.join('\n');
    from = end + 1;
  }
  return made + text.slice(from);
}

/** Where the block ends that was opened before `at`. */
function blockEnd(text: string, at: number): number {
  let depth = 1;
  for (let i = at; i < text.length; i += 1) {
    if (text[i] === '{') depth += 1;
    if (text[i] === '}' && (depth -= 1) === 0) return i;
  }
  throw new Error('A loop has no end');
}

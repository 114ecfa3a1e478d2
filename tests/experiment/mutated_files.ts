/** Pictures with an experiment inside and tables of data that were right, made wrong in ways that a seed decides. */

import { strToU8 } from 'fflate';
import { presetExperiment, PRESETS } from '../../src/experiment/presets';
import { ROLES, type ColumnChoice } from '../../src/experiment/table';
import type { Experiment } from '../../src/experiment/types';
import { CHARACTERS, Dice, DOCUMENT_TEXTS, flipped, mutated, mutatedText, type Mutation } from './mutations';
import { pictureOf, pngFile } from '../decode_png';

const PIXELS = pictureOf({ width: 3, height: 2, rgb: new Uint8Array(18).fill(99) });

type Bytes = Uint8Array<ArrayBuffer>;

/** Of any file. */
const BYTES: readonly ((bytes: Bytes, dice: Dice) => Bytes)[] = [
  flipped,
  (bytes, dice) => bytes.slice(0, dice.below(bytes.length + 1)),
  (bytes, dice) => spliced(bytes, dice, () => []),
  (bytes, dice) => spliced(bytes, dice, (slice) => [slice, slice]),
  (bytes, dice) => spliced(bytes, dice, (slice) => [slice, Uint8Array.of(dice.below(256))]),
  // Among others a length, of which a chunk begins with four bytes.
  (bytes, dice) => {
    const result = bytes.slice();
    const at = dice.one([8, 33, dice.below(bytes.length)]);
    result.set(
      [dice.one([0, 0, 0, 127, 255]), dice.below(2), dice.below(256)].slice(0, bytes.length - at),
      at,
    );
    return result;
  },
];

function spliced(bytes: Bytes, dice: Dice, make: (slice: Bytes) => readonly Bytes[]): Bytes {
  const from = dice.below(bytes.length + 1);
  const to = Math.min(bytes.length, from + dice.below(dice.one([2, 10, 100])));
  return Buffer.concat([bytes.slice(0, from), ...make(bytes.slice(from, to)), bytes.slice(to)]);
}

/** The picture of a number: always the same one. */
export function mutatedPicture(seed: number): Bytes {
  const dice = new Dice(seed);
  if (dice.next() < 0.4) return pngFile(PIXELS, mutatedText(dice));
  let bytes = pngFile(PIXELS, dice.one(DOCUMENT_TEXTS));
  for (let times = dice.one([1, 1, 2]); times > 0 && bytes.length > 0; times -= 1)
    bytes = dice.one(BYTES)(bytes, dice);
  return bytes;
}

/** What may stand in a table. */
const FIELDS = [
  '0 1 -1 0.5 .5 5. 1e3 +2 3.4e38 1e-320 x 1e400 NaN 1,5 "1" " "" "a""b" 0x1 １ =1+1'.split(' '),
  ['', ' 7 ', '"a\nb"', '\0'],
].flat();

const TABLE_TEXTS: readonly Mutation[] = [
  ...Array.from({ length: 4 }, (): Mutation => (text, dice) => {
    const fields = text.split(/(?<=[,;\t\n])|(?=[,;\t\n])/);
    fields[dice.below(fields.length)] = dice.one(FIELDS);
    return fields.join('');
  }),
  (text, dice) => text.replace('\n', dice.one(['\r\n', '\r', '\n\n', '\n \n', ',\n', '\n,'])),
  (text, dice) => text.replaceAll(',', dice.one([';', '\t', ', ', '|'])),
  ...CHARACTERS,
];

/** The table of a number with a choice of its columns, and the experiment that is to get them. */
export function mutatedTable(seed: number): {
  bytes: Bytes;
  choice: ColumnChoice | undefined;
  experiment: Experiment;
} {
  const dice = new Dice(seed);
  const columns = 2 + dice.below(3);
  const line = (field: (column: number) => string) =>
    Array.from({ length: columns }, (_, i) => field(i)).join();
  const rows = Array.from({ length: 1 + dice.below(5) }, () =>
    line(() => String(dice.below(200) / dice.one([1, 8, 10]))),
  );
  const text = [line((column) => `c${column}`), ...rows, ''].join('\n');
  const roles = Array.from({ length: columns }, () => dice.one(ROLES));
  return {
    bytes: strToU8(mutated(text, TABLE_TEXTS, dice)),
    choice: dice.next() < 0.4 ? undefined : { header: dice.next() < 0.8, roles },
    experiment: presetExperiment(dice.one(PRESETS).id),
  };
}

import { expect, test } from 'vitest';
import { parseExperiment, parseExperimentBytes } from '../../src/experiment/parse';
import { documentInPng } from '../../src/experiment/png';
import { PRESETS } from '../../src/experiment/presets';
import { storedExperiment } from '../../src/experiment/stored';
import { decodePng, pictureOf, pngFile } from '../decode_png';
import { mulberry32 } from '../mulberry32';
import { minimalDocument } from './documents';

const rgb = Uint8Array.from({ length: 5 * 7 * 3 }, (_, i) => (i * 37) % 256);
const pixels = { width: 5, height: 7, rgb };
const picture = pictureOf(pixels);

test('a large picture, whose pixels are deflated piece by piece, comes back too', () => {
  const random = mulberry32(2);
  const large = { width: 700, height: 300, rgb: Uint8Array.from({ length: 630_000 }, () => 256 * random()) };
  expect(decodePng(pngFile(pictureOf(large)))).toEqual({ ...large, text: undefined });
});

test('a picture comes back from its file', () => {
  expect(decodePng(pngFile(picture))).toEqual({ ...pixels, text: undefined });
});

test('a document comes back from a picture, in the text that any reader of PNG finds', () => {
  const document = '{\n  "name": "Größe × 10² \u2028 🎯 \x7f"\n}\n';
  const file = pngFile(picture, document);
  const { text, ...drawn } = decodePng(file);
  expect(drawn).toEqual(pixels);
  expect(text![0]).toBe('normscape');
  expect(text![1]).toMatch(/^[\n\x20-\x7e]+$/);
  expect(JSON.parse(text![1]!)).toEqual(JSON.parse(document));
  expect(documentInPng(file)).toBe(text![1]);
});

test.each(PRESETS.map(({ id, document }) => [id, document] as const))(
  'the preset %s opens from a picture as it was',
  (_, document) => {
    const experiment = parseExperiment(document);
    const by = { version: '1', engine: 'fused', adapter: 'Größe', faults: ['a “fault”'] };
    expect(parseExperimentBytes(pngFile(picture, JSON.stringify(storedExperiment(experiment, by))))).toEqual(
      experiment,
    );
  },
);

const refusal = (bytes: Uint8Array) => {
  try {
    return parseExperimentBytes(bytes).name;
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
};
const file = pngFile(picture, JSON.stringify({ ...minimalDocument(), name: 'kept' }));

test('of a picture that was cut the experiment is whole, or refused as damaged', () => {
  const told = new Map<unknown, number>();
  for (let length = 8; length <= file.length; length += 1) told.set(refusal(file.slice(0, length)), length);
  const [none, damaged, whole, ...others] = [...told];
  expect(none).toEqual([
    'document: found "a PNG picture", allowed: an experiment file, which is JSON in UTF-8',
    8 + 25 + 8 + 9, // signature, header, and of the text's chunk not yet all of the keyword
  ]);
  expect(damaged![0]).toBe(
    'document: found "a PNG picture whose experiment is damaged", allowed: the file as it was saved',
  );
  expect(whole).toEqual(['kept', file.length]);
  expect(others).toEqual([]);
});

test('a bit that flips in the text is noticed', () => {
  const text = 8 + 25 + 8 + 10;
  for (let bit = 0; bit < 8; bit += 1) {
    const wrong = file.slice();
    wrong[text + 20 + bit]! ^= 1 << bit;
    expect(refusal(wrong)).toContain('damaged');
  }
});

test('another text, before or behind, is passed over', () => {
  const other = pngFile(picture, '{}');
  const comment = other.slice(33, 33 + 12 + 10 + 2);
  comment.set(Buffer.from('Software!'), 8);
  expect(refusal(Buffer.concat([file.slice(0, 33), comment, file.slice(33)]))).toBe('kept');
  expect(refusal(Buffer.concat([file.slice(0, 33), comment, pngFile(picture).slice(33)]))).toContain(
    'found "a PNG picture"',
  );
});

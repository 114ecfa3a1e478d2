/** Documents and links that were right, made wrong in ways that a seed decides. */

import { deflateSync } from 'fflate';
import { PRESETS } from '../../src/experiment/presets';
import { parseExperiment } from '../../src/experiment/parse';
import { encodeExperiment } from '../../src/experiment/url';
import { mulberry32 } from '../mulberry32';
import { exampleDocument, goldenDocuments, minimalDocument } from './documents';

/** What a test tries: a file's bytes, or the fragment of a link. */
export type Input = { bytes: Uint8Array<ArrayBuffer> } | { link: string };

/** Choices by a seed. */
export class Dice {
  readonly next: () => number;

  constructor(seed: number) {
    this.next = mulberry32(seed);
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  one<T>(options: readonly T[]): T {
    return options[this.below(options.length)]!;
  }
}

const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

const words = (text: string) => text.trim().split(/\s+/);

/** JSON that hardly a field allows. */
const ABSURD: readonly string[] = [
  ...words(String.raw`
    null true -0 0 1 -1 0.5 7 1e308 1e999 -1e999 3.5e38 4294967296
    "" "full" "batch" "linear" "inline" "\ud800" "a\nb\u2028c\u0000" "__proto__"
    [] {} [[]] [[[1]]] [null] [1,"2"] [1,2] {"length":1e9} {"0":1,"length":1}
    {"type":"inline"} {"type":{}} {"type":"linear","target":2} {"__proto__":{"type":"he"}}
    {"toString":1,"valueOf":null} {"constructor":{"prototype":1}} {"hidden":[1],"depth":2}`),
  deep(20),
  JSON.stringify('long\n'.repeat(100)),
  `[${'1,'.repeat(100)}1]`,
];
/** What is no JSON, or none that is read. */
const UNREAD: readonly string[] = ['', 'nope', '[1,2', '{"a":1,"a":2}', deep(40), deep(5000)];

const NAMES: readonly string[] = [
  ...words('__proto__ constructor toString length type seed hidden gain ü 0'),
  '',
  'a b',
  'long'.repeat(500),
];

const DOCUMENTS: readonly unknown[] = [
  ...PRESETS.map(({ document }) => document),
  // The long ones take long, and are no different.
  ...goldenDocuments()
    .map(([, document]) => document)
    .filter((document) => JSON.stringify(document).length < 9000),
  exampleDocument(),
  minimalDocument(),
  {
    ...parseExperiment(minimalDocument()),
    result: { version: '0.1.0', engine: 'fused', adapter: 'none', faults: ['a fault'] },
  },
  {
    ...minimalDocument(),
    model: {
      inputs: 2,
      hidden: [2],
      outputs: 1,
      activation: 'relu',
      initialization: { type: 'inline', weights: [[[1, 2], [3, 4]], [[5], [6]]] }, // prettier-ignore
    },
    data: { type: 'inline', x: [[1, 2], [3, 4]], y: [[0], [1]] }, // prettier-ignore
  },
];

const LINKS: readonly string[] = [
  ...DOCUMENTS.map((document) => encodeExperiment(parseExperiment(document))),
  ...PRESETS.map(({ id }) => `preset=${id}&axes.x.count=16&optimizer.steps=20&view.grid=16&view.at=0.1,2`),
  'preset=chain&model.hidden=[2,2]&optimizer.learningRate=[1,2,3]&arms[0].name=%22plain%22&view.theme=dark',
];

/** Paths that are read when another is set, or read others. */
const READ: readonly string[] = words(`
  model model.hidden model.hidden[1] model.depth model.width data data.type rule.type
  optimizer optimizer.learningRate optimizer.learningRate[0] optimizer.learningRateNorm[1]
  model.initialization model.initialization.type model.initialization.gain
  model.initialization.gainLayers model.initialization.gainLayers[0]`);

/** Every path of the documents, and some that there are not. */
const PATHS: readonly string[] = [
  ...new Set(DOCUMENTS.flatMap((document) => pathsOf(parseExperiment(document)))),
  ...READ,
  ...words('model.hidden.length model.hidden[99] seed[0] a..b __proto__ constructor.type'),
  ...words('view.grid view.palette view.zoom'),
  '',
  `a${'.a'.repeat(5000)}`,
];

const SETTINGS = PATHS.filter((path) => !/^(?:axes|arms|name|format|version|replicates)/.test(path));

function pathsOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return path ? [path] : [];
  const entries = Object.entries(value).slice(0, Array.isArray(value) ? 2 : undefined);
  const below = entries.flatMap(([key, item]) => {
    if (Array.isArray(value)) return pathsOf(item, `${path}[${key}]`);
    return pathsOf(item, path ? `${path}.${key}` : key);
  });
  return path ? [path, ...below] : below;
}

/** A value, and sometimes one that is right somewhere. */
function value(dice: Dice): string {
  const kind = dice.next();
  if (kind < 0.3) return String(dice.below(20) / dice.one([1, 2, 10]));
  return dice.one(kind < 0.35 ? UNREAD : ABSURD);
}

/** The text of a document, with settings in the place of its arms. */
function withSettings(document: unknown, dice: Dice): string {
  const settings = Array.from(
    { length: dice.one([1, 1, 1, 1, 2, 2, 2, 3, 4, 600]) },
    () => `"${dice.one(dice.one([SETTINGS, READ]))}":${value(dice)}`,
  );
  const arms = JSON.stringify({ ...Object(document), arms: '?' });
  return arms.replace('"arms":"?"', () => `"arms":[{"name":"a","set":{${settings.join()}}}]`);
}

function spliced(text: string, dice: Dice, make: (slice: string) => string): string {
  const from = dice.below(text.length + 1);
  const to = Math.min(text.length, from + dice.below(dice.one([2, 10, 100, 1000])));
  return text.slice(0, from) + make(text.slice(from, to)) + text.slice(to);
}

export type Mutation = (text: string, dice: Dice) => string;

/** Of any text. */
export const CHARACTERS: readonly Mutation[] = [
  (text, dice) => spliced(text, dice, () => ''),
  (text, dice) => spliced(text, dice, (slice) => slice + slice),
  (text, dice) => spliced(text, dice, (slice) => Array.from(slice).toReversed().join('')),
  (text, dice) => spliced(text, dice, () => dice.one([...'{}[]",:\\%&=.-+019e\n\0ü\uFEFF\u2028', '🎯'])),
  (text, dice) => text.slice(0, dice.below(text.length + 1)),
];

/** The first match after somewhere. */
function anyMatch(text: string, pattern: RegExp, dice: Dice): { from: number; found: string } | undefined {
  const start = dice.below(text.length + 1);
  const match = pattern.exec(text.slice(start)) ?? undefined;
  return match && { from: start + match.index, found: match[0] };
}

/** By the text alone, so that it may be half of a value. */
const replaceValue: Mutation = (text, dice) => {
  const old = anyMatch(text, /(?<=[:[,])(?:"[^"]*"|[\w.+-]+|\[[^[\]]*\]|\{[^{}]*\})/, dice);
  return old ? text.slice(0, old.from) + value(dice) + text.slice(old.from + old.found.length) : text;
};

const JSON_TEXTS: readonly Mutation[] = [
  ...Array.from({ length: 8 }, () => replaceValue),
  // A field more, or one of the fields once more.
  (text, dice) => {
    const next = anyMatch(text, /"\w+":/, dice);
    if (!next) return text;
    const name = dice.next() < 0.3 ? next.found : `${JSON.stringify(dice.one(NAMES))}:`;
    return `${text.slice(0, next.from)}${name}${value(dice)},${text.slice(next.from)}`;
  },
  ...CHARACTERS,
];

function partsMutation(change: (parts: string[], dice: Dice) => void): Mutation {
  return (text, dice) => {
    const parts = text.split('&');
    change(parts, dice);
    return parts.join('&');
  };
}

const LINK_TEXTS: readonly Mutation[] = [
  partsMutation((parts, dice) => parts.splice(dice.below(parts.length), 1)),
  partsMutation((parts, dice) => parts.splice(dice.below(parts.length), 0, dice.one(parts))),
  partsMutation((parts, dice) => {
    const many = dice.one([1, 1, 2, 3, 600]);
    for (let i = 0; i < many; i += 1)
      parts.push(`${dice.one(PATHS)}=${encodeURIComponent(plain(value(dice)))}`);
  }),
  partsMutation((parts, dice) => {
    const i = dice.below(parts.length);
    parts[i] = `${parts[i]!.split('=')[0]}=${encodeURIComponent(plain(value(dice)))}`;
  }),
  (text, dice) => spliced(text, dice, () => dice.one(['%', '%2', '%ff', '%E0%A4%A', '%00', '%0A', '%F0%9F'])),
  ...CHARACTERS,
];

/** Without half characters, which no link can hold. */
function plain(text: string): string {
  return text.replace(/\p{Cs}/gu, '');
}

export function mutated(text: string, mutations: readonly Mutation[], dice: Dice): string {
  const times = dice.one([1, 1, 1, 2, 3]);
  let result = text;
  for (let i = 0; i < times; i += 1) result = dice.one(mutations)(result, dice);
  return result;
}

export function flipped(bytes: Uint8Array<ArrayBuffer>, dice: Dice): Uint8Array<ArrayBuffer> {
  const result = bytes.slice();
  const at = dice.below(bytes.length);
  if (at < bytes.length) result[at]! ^= 1 << dice.below(8);
  return result;
}

/** Short, and with every default. */
export const DOCUMENT_TEXTS: readonly string[] = DOCUMENTS.flatMap((document) => [
  JSON.stringify(document),
  JSON.stringify(parseExperiment(document)),
]);

/** The text of a document. */
export function mutatedText(dice: Dice): string {
  if (dice.next() < 0.5) return mutated(dice.one(DOCUMENT_TEXTS), JSON_TEXTS, dice);
  const text = withSettings(dice.one(DOCUMENTS), dice);
  return dice.next() < 0.9 ? text : mutated(text, JSON_TEXTS, dice);
}

/** The input of a number: always the same one. */
export function mutatedInput(seed: number): Input {
  const dice = new Dice(seed);
  const kind = dice.next();
  if (kind < 0.3) return { link: `#map?${mutated(dice.one(LINKS), LINK_TEXTS, dice)}` };
  const bytes = new TextEncoder().encode(mutatedText(dice));
  if (kind < 0.8) return { bytes };
  if (kind < 0.9) return { bytes: flipped(bytes, dice) };
  const packed = Buffer.from(deflateSync(bytes, { level: 1 })).toString('base64url');
  return { link: `#map?document=${packed}` };
}

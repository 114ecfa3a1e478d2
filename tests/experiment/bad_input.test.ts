import { deflateSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import {
  MOST_DOCUMENT_BYTES,
  parseExperiment,
  parseExperimentBytes,
  parseExperimentText,
} from '../../src/experiment/parse';
import { trialDocument } from '../../src/experiment/trial';
import { ExperimentError } from '../../src/experiment/types';
import { decodeExperiment, encodeExperiment } from '../../src/experiment/url';
import { changed, exampleDocument, minimalDocument } from './documents';

const EXAMPLE = JSON.stringify(exampleDocument());

function message(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    if (error instanceof ExperimentError) return error.message;
    throw error;
  }
  throw new Error('It was not refused');
}

/** The minimal document with settings, as JSON, since some of them only JSON can say. */
function withSettings(settings: string): string {
  const arms = `"arms":[{"name":"plain"},{"name":"other","set":${settings}}]`;
  return JSON.stringify({ ...minimalDocument(), arms: '?' }).replace('"arms":"?"', () => arms);
}

function packed(bytes: Uint8Array<ArrayBuffer>): string {
  return `document=${Buffer.from(deflateSync(bytes)).toString('base64url')}`;
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const settings = (count: number) =>
  `{${Array.from({ length: count }, (_, i) => `"model.hidden[${i}]":1`).join()}}`;

const MODEL =
  'an object with the fields inputs, hidden, outputs, activation, preactivationGain, bias, scaling, normalization, initialization';
const DOCUMENT =
  'no such field; the fields here are format, version, name, model, data, loss, optimizer, seed, replicates, axes, arms, rule, measures, result';
const FORM = '`preset=` and changes `path=JSON`, or `document=`, joined by `&`';
const SETTINGS = 'an object of document paths and their values, at most 512';

describe('settings that put something else in the place of a structure', () => {
  // prettier-ignore
  test.each([
    ['{"model":5}', `.model: found 5, allowed: ${MODEL}`],
    ['{"model":5,"optimizer.learningRateNorm[0]":1}', '.model: found 5, allowed: an object'],
    ['{"model":{},"optimizer.learningRateNorm[0]":1}', '.model.hidden: found nothing, allowed: a list of 0 to 63 widths'],
    ['{"model.hidden":{"length":1e9}}', '["model.hidden"]: found {"length":1000000000}, allowed: a list of 0 to 63 widths'],
    ['{"optimizer.learningRateNorm[0]":1,"model.hidden":{"length":1e9}}', '["model.hidden"]: found {"length":1000000000}, allowed: a list of 0 to 63 widths'],
    ['{"model.hidden":{"length":1e9},"model.initialization.gainLayers[0]":1}', '["model.hidden"]: found {"length":1000000000}, allowed: a list of 0 to 63 widths'],
    ['{"model.hidden.length":1e9}', '["model.hidden.length"]: found 1000000000, allowed: a path of the document'],
    ['{"optimizer":null}', '.optimizer: found null, allowed: an object with the fields type, learningRate, learningRateNorm, momentum, weightDecay, batch, steps'],
    ['{"optimizer":null,"model.initialization.gainLayers[0]":1}', '.optimizer: found null, allowed: an object'],
    ['{"data":[]}', '.data: found [], allowed: an object with a type'],
    ['{"rule":null}', '.rule: found null, allowed: an object with a type'],
    ['{"model.initialization":null}', '["model.initialization"]: found null, allowed: an object with a type'],
    ['{"model.initialization":7,"optimizer.learningRateNorm[0]":1}', '["model.initialization"]: found 7, allowed: an object'],
    ['{"model.initialization":{"gain":"1"},"optimizer.learningRateNorm[0]":1}', '["model.initialization"].gain: found "1", allowed: a number from -3.4e38 to 3.4e38'],
    ['{"loss":{"toString":1}}', '.loss: found {"toString":1}, allowed: "half-mse", "mse" or "logistic"'],
    ['{"model.depth":1e9}', '["model.depth"]: found 1000000000, allowed: an integer from 0 to 63'],
    ['{"constructor.type":1}', '["constructor.type"]: found 1, allowed: a path of the document'],
    ['{"__proto__":{"seed":2}}', '.__proto__: found {"seed":2}, allowed: a path of the document'],
  ])('%s', (set, expected) => {
    expect(message(() => parseExperimentText(withSettings(set)))).toBe(`arms[1].set${expected}`);
  });
});

describe('settings that contradict each other', () => {
  test.each([
    ['{"model.hidden":[8],"model.hidden[0]":4}', '["model.hidden[0]"]: found 4', 'model.hidden'],
    ['{"model.hidden[0]":4,"model.hidden":[8]}', '["model.hidden[0]"]: found 4', 'model.hidden'],
    ['{"model.hidden":[4],"model.depth":2}', '["model.hidden"]: found [4]', 'model.depth'],
    ['{"model.hidden":7,"model.depth":2}', '["model.hidden"]: found 7', 'model.depth'],
    ['{"model.width":4,"model.hidden[3]":2}', '["model.hidden[3]"]: found 2', 'model.width'],
    ['{"data":{"type":"teacher"},"data.type":"gaussian"}', '["data.type"]: found "gaussian"', 'data'],
    ['{"model":{},"model.depth":2}', '["model.depth"]: found 2', 'model'],
    [
      '{"model.initialization.gain":2,"model.initialization.gainLayers":[1,1,1,1,1]}',
      '["model.initialization.gainLayers"]: found [1,1,1,1,1]',
      'model.initialization.gain',
    ],
    [
      '{"model.initialization.gainLayers[0]":2,"model.initialization.gain":2}',
      '["model.initialization.gainLayers[0]"]: found 2',
      'model.initialization.gain',
    ],
    [
      '{"model.initialization":null,"model.initialization.gainLayers[0]":2}',
      '["model.initialization.gainLayers[0]"]: found 2',
      'model.initialization',
    ],
  ])('%s', (set, found, other) => {
    expect(message(() => parseExperimentText(withSettings(set)))).toBe(
      `arms[1].set${found}, allowed: a setting independent of ${other}`,
    );
  });

  test('but a width beside a depth does not, in either order', () => {
    for (const set of ['{"model.width":4,"model.depth":2}', '{"model.depth":2,"model.width":4}']) {
      const experiment = parseExperimentText(withSettings(set));
      expect(trialDocument(experiment, 1, 0, 1).model.hidden).toEqual([4, 4]);
    }
  });

  test('nor does the rate of a layer beside a depth, in either order', () => {
    const axes = { x: { parameter: 'optimizer.momentum', scale: 'linear', from: 0, to: 1, count: 2 } };
    for (const set of [
      { 'optimizer.learningRate[1]': 7, 'model.depth': 1 },
      { 'model.depth': 1, 'optimizer.learningRate[1]': 7 },
    ]) {
      const experiment = parseExperiment({ ...minimalDocument(), axes, arms: [{ name: '', set }] });
      expect(trialDocument(experiment, 0, 0, 0).optimizer.learningRate).toEqual([0.1, 7]);
    }
  });
});

describe('initializations of the wrong depth', () => {
  const path = 'model.initialization.weights';
  test.each([
    ['null', `${path}: found null, allowed: a list of one matrix [fanIn][fanOut] for each weight layer`],
    ['[1]', `${path}[0]: found 1, allowed: a list of lists of numbers`],
    ['[[1],[2]]', `${path}[0][0]: found 1, allowed: a list of numbers`],
    ['[[[[1]]],[]]', `${path}[0][0][0]: found [1], allowed: a number from -3.4e38 to 3.4e38`],
    ['[[[1e999]]]', `${path}[0][0][0]: found Infinity, allowed: a number from -3.4e38 to 3.4e38`],
    ['[[],[],[]]', `${path}: found [[],[],[]], allowed: a list of 5 matrices, one a layer`],
  ])('%s', (weights, expected) => {
    const text = EXAMPLE.replace('"type":"he"', `"type":"inline","weights":${weights}`);
    expect(message(() => parseExperimentText(text))).toBe(expected);
  });
});

describe('links', () => {
  const once = 'each part once';
  // prettier-ignore
  test.each([
    ['preset=chain&model=5', `model: found 5, allowed: ${MODEL}`],
    ['preset=chain&optimizer=null', 'optimizer: found null, allowed: an object with the fields type, learningRate, learningRateNorm, momentum, weightDecay, batch, steps'],
    ['preset=chain&model.hidden=7', 'model.hidden: found 7, allowed: a list of 0 to 63 widths'],
    ['preset=chain&model.hidden={"length":1e9}', 'model.hidden: found {"length":1000000000}, allowed: a list of 0 to 63 widths'],
    ['preset=chain&model.hidden.length=2', 'model.hidden.length: found "2", allowed: a path of the document'],
    ['preset=chain&seed[0]=2', 'seed[0]: found "2", allowed: a path of the document'],
    ['preset=chain&data=[]', 'data: found [], allowed: an object with a type'],
    ['preset=chain&model.initialization=null', 'model.initialization: found null, allowed: an object with a type'],
    ['preset=chain&arms[0].set={"model":5}', `arms[0].set.model: found 5, allowed: ${MODEL}`],
    ['preset=chain&model.hidden=[2]&model.hidden[0]=3', 'model.hidden[0]: found "3", allowed: a part independent of model.hidden'],
    ['preset=chain&axes.x.count=3&axes={}', 'axes.x.count: found "3", allowed: a part independent of axes'],
    ['preset=chain&seed=1&seed=2', `seed: found "2", allowed: ${once}`],
    ['preset=chain&seed=1&%73eed=2', `seed: found "2", allowed: ${once}`],
    ['preset=chain&preset=depth', `preset: found "depth", allowed: ${once}`],
    ['preset=chain&axes={"x":1,"x":2}', 'axes.x: found "x", allowed: each field once'],
    ['preset=chain&name=%', 'name: found "%", allowed: percent-encoded UTF-8'],
    ['preset=chain&name=%ff', 'name: found "%ff", allowed: percent-encoded UTF-8'],
    ['preset=chain&seed=1=2', `link: found "seed=1=2", allowed: ${FORM}`],
    ['map', `link: found "map", allowed: ${FORM}`],
  ])('%s', (link, expected) => {
    expect(message(() => decodeExperiment(link))).toBe(expected);
  });

  // prettier-ignore
  test.each([
    ['of lists in lists', `preset=chain&seed=${nested(100_000)}`, `seed${'[0]'.repeat(21)}[0…: found "${'['.repeat(78)}…, allowed: lists and objects at most 32 deep`],
    ['of packed lists in lists', packed(utf8(nested(100_000))), `${'[0]'.repeat(23)}…: found "${'['.repeat(78)}…, allowed: lists and objects at most 32 deep`],
    ['of a long path', `preset=chain&a${'.a'.repeat(50_000)}=1`, `${'a.'.repeat(34)}a…: found "1", allowed: a path of the document`],
    ['of 4,000 parts', `preset=chain${'&seed=1'.repeat(4000)}`, 'link: found 4001, allowed: at most 512 parts'],
    ['of bytes that are no UTF-8', packed(new Uint8Array([0x7b, 0xff, 0x7d])), 'document: found "{\uFFFD}", allowed: UTF-8'],
    ['that was cut off', packed(utf8('[1,2,3]')).slice(0, -4), 'document: found "izbUMdIx", allowed: base64url of deflated JSON'],
    ['that is no base64', 'document=é', 'document: found "é", allowed: base64url of deflated JSON'],
  ])('%s', (_title, link, expected) => {
    expect(message(() => decodeExperiment(link))).toBe(expected);
  });

  test('that inflate to more than there may be', () => {
    const bomb = packed(new Uint8Array(40 * 2 ** 20));
    expect(bomb.length).toBeLessThan(100_000);
    expect(message(() => decodeExperiment(bomb))).toMatch(
      /^document: found \d+, allowed: at most 16777216 bytes \(16 MiB\)$/,
    );
  });

  test('longer than there may be', () => {
    expect(message(() => decodeExperiment(`document=${'A'.repeat(2 ** 24)}`))).toBe(
      'link: found 16777225, allowed: at most 16777216 bytes (16 MiB)',
    );
  });

  test('of a document that gives both a gain and one for each layer come back', () => {
    const initialization = { type: 'he', gain: 2, gainLayers: [1, 2, 3, 4, 5] };
    const document = changed(presetExperiment('init-gain'), [
      [['model', 'initialization'], initialization],
      [['axes', 'y'], undefined],
    ]);
    const experiment = parseExperiment(document);
    expect(decodeExperiment(encodeExperiment(experiment))).toEqual(experiment);
  });
});

describe('texts', () => {
  // prettier-ignore
  test.each([
    ['a field twice', EXAMPLE.replace('"inputs":8', '"inputs":8,"inputs":9'), 'model.inputs: found "inputs", allowed: each field once'],
    ['a field twice, once escaped', EXAMPLE.replace('"seed":1', '"seed":1,"\\u0073eed":2'), 'seed: found "seed", allowed: each field once'],
    ['a setting twice', withSettings('{"seed":1,"model.bias":true,"model.bias":false}'), 'arms[1].set["model.bias"]: found "model.bias", allowed: each field once'],
    ['lists in lists', nested(5000), `${'[0]'.repeat(23)}…: found "${'['.repeat(78)}…, allowed: lists and objects at most 32 deep`],
    ['lists that no one ends', '['.repeat(1_000_000), `${'[0]'.repeat(23)}…: found "${'['.repeat(78)}…, allowed: lists and objects at most 32 deep`],
    ['objects in objects', '{"a":'.repeat(100_000), `${'a.'.repeat(31)}a: found "${'{\\"a\\":'.repeat(11)}{…, allowed: lists and objects at most 32 deep`],
    ['lists in a setting', withSettings(`{"seed":${nested(5000)}}`), `arms[1].set.seed${'[0]'.repeat(17)}[0…: found "${'['.repeat(78)}…, allowed: lists and objects at most 32 deep`],
    ['4,000 settings', withSettings(settings(4000)), `arms[1].set: found {"model.hidden[0]":1,"model.hidden[1]":1,"model.hidden[2]":1,"model.hidden[3]":…, allowed: ${SETTINGS}`],
    ['a long name of a field', EXAMPLE.replace('"seed":1', `${JSON.stringify('k\n'.repeat(100_000))}:1`), `["${'k\\n'.repeat(22)}k…: found 1, allowed: ${DOCUMENT}`],
    ['a long value', EXAMPLE.replace('"seed":1', `"seed":${JSON.stringify('v\n\u2028'.repeat(100_000))}`), `seed: found "${'v\\n '.repeat(19)}v\\…, allowed: an integer from 0 to 4294967295`],
    ['a long path', withSettings(`{"${'m.'.repeat(100_000)}m":1}`), `arms[1].set["${'m.'.repeat(28)}…: found 1, allowed: a path of the document`],
    ['a long name of an arm', EXAMPLE.replace('"without batch norm","set":{', `${JSON.stringify('plain\n'.repeat(100_000))},"set":{"model.initialization.gainLayers":[1,1,1,1,1],`), `axes.y.parameter: found "model.initialization.gain", allowed: the path of a number that the trials of arm "plain\\nplain\\nplain\\nplain\\nplain\\npla… depend on, model.depth or model.width`],
    ['faults that are no list', EXAMPLE.replace('"seed":1', '"result":{"version":"1","engine":"a","adapter":"b","faults":"c"},"seed":1'), 'result.faults: found "c", allowed: a list of texts'],
    ['faults that are no texts', EXAMPLE.replace('"seed":1', '"result":{"version":"1","engine":"a","adapter":"b","faults":["c",2]},"seed":1'), 'result.faults[1]: found 2, allowed: a text'],
  ])('%s', (_title, text, expected) => {
    expect(message(() => parseExperimentText(text))).toBe(expected);
  });

  test('longer than there may be', () => {
    const expected = `document: found ${MOST_DOCUMENT_BYTES + 1}, allowed: at most 67108864 bytes (64 MiB)`;
    expect(message(() => parseExperimentText(' '.repeat(MOST_DOCUMENT_BYTES + 1)))).toBe(expected);
    expect(message(() => parseExperimentBytes(new Uint8Array(MOST_DOCUMENT_BYTES + 1)))).toBe(expected);
  });

  test('what a stored result says of itself is read, its faults too', () => {
    const result = { version: '1', engine: 'fused', adapter: 'none', faults: ['a fault', 'another'] };
    expect(parseExperiment({ ...exampleDocument(), result })).toEqual(parseExperiment(exampleDocument()));
  });

  test('as many settings as there may be', () => {
    const text = withSettings(settings(63)).replace('[16,16,16,16]', `[${Array(63).fill(16).join()}]`);
    expect(trialDocument(parseExperimentText(text), 1, 0, 1).model.hidden).toEqual(Array(63).fill(1));
    expect(message(() => parseExperimentText(withSettings(settings(512))))).toBe(
      'arms[1].set["model.hidden[4]"]: found 1, allowed: a path of the document',
    );
  });

  test('quotes, brackets and commas within texts are none of the document’s', () => {
    const name = '{"a":1,"a":2}[[[\\",]"'.repeat(20);
    expect(parseExperiment(JSON.parse(JSON.stringify({ ...exampleDocument(), name }))).name).toBe(name);
    expect(parseExperimentText(JSON.stringify({ ...exampleDocument(), name })).name).toBe(name);
  });
});

describe('bytes', () => {
  const expected = parseExperimentText(EXAMPLE);

  test('of UTF-8, with a byte-order mark or without', () => {
    expect(parseExperimentBytes(utf8(EXAMPLE))).toEqual(expected);
    expect(parseExperimentBytes(utf8(`\uFEFF${EXAMPLE}`))).toEqual(expected);
    expect(parseExperimentText(`\uFEFF${EXAMPLE}`)).toEqual(expected);
  });

  // prettier-ignore
  test.each([
    ['Latin-1', Buffer.from('{"name": "café"}', 'latin1'), 'document: found "{\\"name\\": \\"caf\uFFFD\\"}", allowed: UTF-8'],
    ['UTF-16', Buffer.from('\uFEFF{"a":1}', 'utf16le'), 'document: found "UTF-16 text", allowed: an experiment file, which is JSON in UTF-8'],
    ['half a character', utf8('"🎯').subarray(0, 3), 'document: found "\\"\uFFFD", allowed: UTF-8'],
  ])('of %s', (_title, bytes, refusal) => {
    expect(message(() => parseExperimentBytes(bytes))).toBe(refusal);
  });
});

describe('a message', () => {
  const long = (text: string) => text.repeat(100_000);

  // prettier-ignore
  test.each([
    ['a long path', new ExperimentError(long('p'), 1, 'a number'), `${'p'.repeat(69)}…: found 1, allowed: a number`],
    ['a long value', new ExperimentError('p', long('v'), 'a number'), `p: found "${'v'.repeat(78)}…, allowed: a number`],
    ['a long list', new ExperimentError('p', [long('v'), 2], 'a number'), `p: found ["${'v'.repeat(77)}…, allowed: a number`],
    ['a value that overflows the stack', new ExperimentError('p', JSON.parse(nested(100_000)), 'a number'), `p: found ${'['.repeat(79)}…, allowed: a number`],
    ['what no JSON says', new ExperimentError('p', [Number.NaN, undefined, -0], 'a number'), 'p: found [NaN,undefined,0], allowed: a number'],
    ['the ends of lines', new ExperimentError('p\n\u2028q', '\u0085\u2029', 'a\r\nb\u0000'), 'p  q: found "  ", allowed: a  b '],
    ['half a character', new ExperimentError(`${'p'.repeat(68)}🎯🎯`, 1, '\ud83c'), `${'p'.repeat(68)} …: found 1, allowed:  `],
  ])('with %s', (_title, error, expected) => {
    expect(error.message).toBe(expected);
  });

  test('is shorter than 300 characters, and what is allowed is worth more than what was found', () => {
    const all = new ExperimentError(long('p'), long('v'), long('a')).message;
    expect(all.length).toBe(299);
    const allowed = 'a'.repeat(170);
    expect(new ExperimentError(long('p'), long('v'), allowed).message).toContain(`allowed: ${allowed}`);
  });
});

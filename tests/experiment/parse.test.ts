import { describe, expect, test } from 'vitest';
import { PRESETS } from '../../src/experiment/presets';
import { parseExperiment, parseExperimentText } from '../../src/experiment/parse';
import { ExperimentError } from '../../src/experiment/types';
import { changed, exampleDocument, goldenDocuments, minimalDocument } from './documents';
import { WRONG_DOCUMENTS } from './wrong_documents';

function refusal(parse: () => unknown): ExperimentError {
  try {
    parse();
  } catch (error) {
    if (error instanceof ExperimentError) return error;
    throw error;
  }
  throw new Error('It was not refused');
}

describe('a document that is right', () => {
  test('the example of the contract is taken as it is, data transforms and no measures added', () => {
    const example = exampleDocument();
    expect(parseExperiment(example)).toEqual({
      ...example,
      data: { ...example.data, inputScale: 1, inputShift: 0, noise: 0 },
      measures: [],
    });
  });

  test('what may be left out has the defaults of the example', () => {
    const { y: _y, ...axes } = exampleDocument().axes;
    const expected = { ...exampleDocument(), name: '', axes };
    expect(parseExperiment(minimalDocument())).toEqual(parseExperiment(expected));
  });

  test.each(goldenDocuments())('%s', (_name, document) => {
    expect(parseExperiment(document)).toMatchObject(Object(document));
  });

  test.each(PRESETS.map(({ id, document }) => [id, document] as const))('preset %s', (_id, document) => {
    expect(parseExperiment(document)).toMatchObject(document);
  });

  test('parsed again, stays the same', () => {
    for (const [, document] of goldenDocuments()) {
      const once = parseExperiment(document);
      expect(parseExperiment(once)).toEqual(once);
    }
  });

  test('shares nothing with what was parsed', () => {
    const document = minimalDocument();
    const experiment = parseExperiment(document);
    document.model.hidden[0] = 3;
    expect(experiment.model.hidden[0]).toBe(16);
  });

  test.each<[string, [(string | number)[], unknown][]]>([
    [
      'the least widths',
      [
        [
          ['model', 'hidden'],
          [1, 1],
        ],
      ],
    ],
    ['no hidden layer', [[['model', 'hidden'], []]]],
    ['64 layers', [[['model', 'hidden'], Array.from({ length: 63 }, () => 2)]]],
    [
      'a rate for each layer',
      [
        [
          ['optimizer', 'learningRate'],
          [1, 2, 3, 4, 5],
        ],
        [['axes', 'x', 'parameter'], 'optimizer.learningRate[4]'],
      ],
    ],
    [
      'one rate in place of one for each layer',
      [
        [
          ['optimizer', 'learningRate'],
          [1, 2, 3, 4, 5],
        ],
      ],
    ],
    ['rates of the normalization', [[['axes', 'x', 'parameter'], 'optimizer.learningRateNorm']]],
    ['the gain of one layer', [[['axes', 'x', 'parameter'], 'model.initialization.gainLayers[0]']]],
    [
      'one width',
      [[['axes', 'x'], { parameter: 'model.hidden[1]', scale: 'log', from: 1, to: 512, count: 3 }]],
    ],
    [
      'a falling axis',
      [
        [['axes', 'x', 'from'], 10],
        [['axes', 'x', 'to'], 1],
      ],
    ],
    ['a rule without its defaults', [[['rule'], { window: 5 }]]],
    ['fewer steps than the window', [[['optimizer', 'steps'], 3]]],
    [
      'an arm of other data',
      [
        [
          ['arms'],
          [{ name: 'a', set: { 'data.type': 'linear', 'data.target': 2, 'rule.type': 'sohl-dickstein' } }],
        ],
      ],
    ],
    ['the last seed', [[['seed'], 2 ** 32 - 1]]],
  ])('%s', (_title, changes) => {
    const document = changed(minimalDocument(), changes);
    expect(parseExperiment(document)).toMatchObject(Object(document));
  });

  test('depth beside the rate of the first layer', () => {
    const axes = {
      x: { parameter: 'optimizer.learningRate[0]', scale: 'log', from: 0.1, to: 1, count: 3 },
      y: { parameter: 'model.depth', scale: 'linear', from: 1, to: 8, count: 8 },
    };
    expect(parseExperiment({ ...minimalDocument(), axes }).axes).toEqual(axes);
  });
});

describe('a document that is wrong', () => {
  test.each(WRONG_DOCUMENTS.map((wrong) => [wrong.title, wrong] as const))('%s', (_title, wrong) => {
    const error = refusal(() => parseExperimentText(wrong.text));
    const [found = '', allowed = ''] = error.message.split(', allowed: ');
    expect(error.path).toBe(wrong.path);
    expect(found).toContain(wrong.value);
    expect(allowed).toContain(wrong.allowed);
    expect(error.message).not.toContain('\n');
  });

  test('there are enough of them, with a title each', () => {
    expect(new Set(WRONG_DOCUMENTS.map(({ title }) => title)).size).toBeGreaterThan(100);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('%s, which JSON has no word for', (value) => {
    const error = refusal(() =>
      parseExperiment(changed(minimalDocument(), [[['optimizer', 'steps'], value]])),
    );
    expect(error.message).toContain(`found ${value}`);
  });
});

import { describe, expect, test } from 'vitest';
import { presetExperiment, PRESETS } from '../../src/experiment/presets';
import { parseExperiment, parseExperimentText } from '../../src/experiment/parse';
import { ExperimentError } from '../../src/experiment/types';
import { decodeExperiment, encodeExperiment, serializeExperiment } from '../../src/experiment/url';
import { changed, exampleDocument, goldenDocuments, minimalDocument } from './documents';

const PRESET_DOCUMENTS = PRESETS.map(({ id, document }): [string, unknown] => [id, document]);

describe('round trip', () => {
  test.each([
    ...goldenDocuments(),
    ...PRESET_DOCUMENTS,
    ['the example', exampleDocument()],
    ['the least', minimalDocument()],
    ['a name of many kinds', { ...exampleDocument(), name: '50 % & “more” = #1 + 2\n🎯' }],
  ])('%s', (_name, document) => {
    const experiment = parseExperiment(document);
    const text = encodeExperiment(experiment);
    expect(text).toMatch(/^[\w.~!*'()%&=,:[\]-]+$/);
    expect(decodeExperiment(text)).toEqual(experiment);
    expect(parseExperimentText(serializeExperiment(experiment))).toEqual(experiment);
  });
});

describe('a preset with changes stays readable', () => {
  const preset = presetExperiment('init-gain');

  test.each<[string, [(string | number)[], unknown][], string]>([
    ['none', [], 'preset=init-gain'],
    ['a number', [[['axes', 'x', 'count'], 128]], 'preset=init-gain&axes.x.count=128'],
    ['a text', [[['model', 'activation'], 'tanh']], 'preset=init-gain&model.activation=%22tanh%22'],
    [
      'a list',
      [
        [
          ['model', 'hidden'],
          [8, 8],
        ],
      ],
      'preset=init-gain&model.hidden=[8,8]',
    ],
    ['an entry of a list', [[['model', 'hidden', 1], 8]], 'preset=init-gain&model.hidden[1]=8'],
    [
      'a field more',
      [[['optimizer', 'learningRateNorm'], 0.5]],
      'preset=init-gain&optimizer.learningRateNorm=0.5',
    ],
    ['a name', [[['arms', 0, 'name'], 'plain']], 'preset=init-gain&arms[0].name=%22plain%22'],
  ])('%s', (_name, changes, expected) => {
    const experiment = parseExperiment(changed(preset, changes));
    expect(encodeExperiment(experiment)).toBe(expected);
    expect(decodeExperiment(expected)).toEqual(experiment);
  });

  test('a field less sets its parent whole', () => {
    const { x } = preset.axes;
    const experiment = parseExperiment({ ...preset, axes: { x } });
    expect(encodeExperiment(experiment)).toMatch(/^preset=init-gain&axes=/);
    expect(decodeExperiment(encodeExperiment(experiment))).toEqual(experiment);
  });
});

test('a document of its own is packed', () => {
  const [, golden] = goldenDocuments()[0] ?? [];
  const text = encodeExperiment(parseExperiment(golden));
  expect(text).toMatch(/^document=[\w-]+$/);
  expect(text.length).toBeLessThan(JSON.stringify(golden).length);
});

describe('garbage is refused', () => {
  const packed = encodeExperiment(parseExperiment(goldenDocuments()[0]?.[1]));

  test.each([
    ['nothing', ''],
    ['a word', 'map'],
    ['another field', 'experiment=init-gain'],
    ['no preset', 'preset=nothing'],
    ['a change without a preset', 'axes.x.count=128'],
    ['a change that is no JSON', 'preset=init-gain&axes.x.count=many'],
    ['an unknown field', 'preset=init-gain&axes.x.points=3'],
    ['an unknown parent', 'preset=init-gain&axis.x.count=3'],
    ['no path', 'preset=init-gain&axes..count=3'],
    ['a wrong value', 'preset=init-gain&axes.x.count=0'],
    ['a change twice', 'preset=init-gain&seed=1&seed=2'],
    ['a second equals sign', 'preset=init-gain&seed=1=2'],
    ['half a percent sign', 'preset=init-gain&name=%2'],
    ['no base64url', 'document=%%%'],
    ['no deflated text', 'document=AAAA'],
    ['base64url of no length that there is', 'document=A'],
    ['half a document', packed.slice(0, packed.length / 2)],
    ['a document and a change', `${packed}&seed=2`],
    ['the prototype', 'preset=init-gain&__proto__=1'],
  ])('%s', (_name, text) => {
    expect(() => decodeExperiment(text)).toThrow(ExperimentError);
  });
});

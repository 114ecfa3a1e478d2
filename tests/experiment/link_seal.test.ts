import { describe, expect, test } from 'vitest';
import { DamagedLinkError } from '../../src/experiment/link_seal';
import { presetExperiment, PRESETS } from '../../src/experiment/presets';
import { parseExperiment } from '../../src/experiment/parse';
import { ExperimentError, type Experiment } from '../../src/experiment/types';
import { encodeExperiment } from '../../src/experiment/url';
import { withSetting } from '../../src/ui/experiment/edit_experiment';
import { INVARIANCE_SETTINGS } from '../../src/ui/invariance/invariance_view';
import { firstOf } from '../../src/ui/page/link_settings';
import { decodeView, encodeView, type ViewState } from '../../src/ui/page/view_state';
import { EVERY } from '../every';
import { FIRST_CHAIN, randomChainView } from '../chain_views';
import { FIRST_LANDSCAPE } from '../landscape_views';
import { mulberry32 } from '../mulberry32';
import { exampleDocument, goldenDocuments, minimalDocument } from './documents';
import { WHOLE_MAP } from '../../src/experiment/zoom';

const SEAL = '?check=000000&'.length;
/** What a link may be made of, and what programs put into one. */
const LETTERS = [...'abcxyzABCXYZ0123456789-_.~%&=?#,:[]()\'"!*/+ ', 'é', '%2', '%25'];

const OTHERS: readonly unknown[] = [
  exampleDocument(),
  minimalDocument(),
  ...goldenDocuments()
    .map(([, document]) => document)
    .filter((document) => JSON.stringify(document).length < 3000),
];

/** A view that a seed makes: presets with changes, and documents of their own. */
function randomView(seed: number): ViewState {
  const random = mulberry32(seed);
  const one = <T>(options: readonly T[]): T => options[Math.floor(random() * options.length)]!;
  const base = random() < 0.3 ? parseExperiment(one(OTHERS)) : presetExperiment(one(PRESETS).id);
  const settings: (readonly [string, unknown])[] = [
    ['optimizer.steps', Math.ceil(1e4 * random())],
    ['optimizer.momentum', Number(random().toPrecision(3))],
    ['model.activation', one(['tanh', 'relu', 'sigmoid'])],
    ['seed', Math.floor(1e9 * random())],
  ];
  const named = { ...base, name: one([base.name, '50 % & “more” = #1 + 2\n🎯', 'a?b', '']) };
  const experiment = settings.reduce<Experiment>(
    (changed, [path, value]) => (random() < 0.5 ? withSetting(changed, path, value) : changed),
    named,
  );
  return {
    tab: one(['map', 'chain', 'invariance', 'kernels']),
    experiment,
    theme: one(['system', 'dark']),
    shows: one(['everything', 'maps']),
    tour: one([0, 1, 3]),
    map: {
      grid: one(['auto', 'document', 8, 256]),
      memory: one([256, 64]) * 2 ** 20,
      palette: one(['lagoon', 'orchid']),
      colouring: one(['outcome', 'saturation'] as const),
      zoom:
        random() < 0.5
          ? WHOLE_MAP
          : { x: { level: 3, centre: Number(random().toFixed(5)) }, y: { level: 0, centre: 0.5 } },
      range: one([undefined, [1, 0.01], [0.025, 0.5]] as const),
      equalize: random() < 0.5,
      boundary: random() < 0.5,
      theory: random() < 0.5,
      at: random() < 0.5 ? [{ x: Number((10 * random()).toPrecision(4)), y: -2 }] : [],
      panel: one(['trial', 'slice'] as const),
      curve: one(['gradient', 'variance'] as const),
      layer: one(['all', 'each', 2] as const),
      time: one(['steps', 'rate'] as const),
      brush:
        random() < 0.5
          ? [
              { x: 1, y: 2 },
              { x: Number(random().toPrecision(4)), y: 3 },
            ]
          : [],
      hidden: random() < 0.5 ? ['stuck'] : [],
    },
    landscape: { ...FIRST_LANDSCAPE, rate: one([undefined, 0.25]), net: one(['bed', 'map'] as const) },
    chain: random() < 0.5 ? FIRST_CHAIN : randomChainView(seed),
    invariance: {
      ...firstOf(INVARIANCE_SETTINGS),
      rate: one(['1', '0.001']),
      units: one(['1', '16'] as const),
    },
    kernels: { size: 'wave' },
  };
}

const VIEWS = Array.from({ length: 60 }, (_, seed) => randomView(seed));

/** What a link opens, as text; nothing where it is refused in words. */
function opened(link: string): string | undefined {
  try {
    return JSON.stringify(decodeView(link));
  } catch (error) {
    if (error instanceof DamagedLinkError || error instanceof ExperimentError) return undefined;
    throw error;
  }
}

/** Links that are cut or changed at every character. */
const isTried = ([link]: readonly [string, ...unknown[]], at: number) =>
  link.length < 1000 && (EVERY || at % 3 === 0);

describe('of the links of 60 views', () => {
  const links = VIEWS.map((view): [link: string, means: string] => {
    const link = encodeView(view);
    return [link, JSON.stringify(decodeView(link))];
  });

  test('each says what it was made of, and begins with its check sum', () => {
    for (const [at, [link]] of links.entries()) {
      expect(decodeView(link)).toEqual(VIEWS[at]);
      expect(link).toMatch(/^#(map|chain|invariance|kernels)\?check=[0-9a-f]{6}&(preset|document)=/);
    }
  });

  test('none opens when its end is cut off, wherever', () => {
    const found = links.filter(isTried).flatMap(([link]) => {
      const from = link.indexOf('?') + SEAL;
      return Array.from({ length: link.length - from }, (_, cut) => link.slice(0, from + cut)).filter(opened);
    });
    expect(found).toEqual([]);
  });

  test('none opens something else when a character is another, is missing, or is there twice', () => {
    const random = mulberry32(7);
    const found = links.filter(isTried).flatMap(([link, means]) =>
      Array.from({ length: link.length - 1 }, (_, i) => i + 1).flatMap((at) => {
        const letter = LETTERS[Math.floor(random() * LETTERS.length)]!;
        const [before, here, after] = [link.slice(0, at), link[at]!, link.slice(at + 1)];
        return [before + letter + after, before + after, before + here + here + after].filter(
          (changed) => ![undefined, means].includes(opened(changed)),
        );
      }),
    );
    expect(found).toEqual([]);
  });

  test.each([
    '.',
    ')',
    ',',
    '>',
    "'",
    '"',
    ' ',
    '\n',
    ').',
    '!',
    '?',
    ':',
    ';',
    '”',
    '»',
    '*',
    '_',
    '%20',
    '%3E',
    '%22',
    '&utm_source=news&utm_medium=e-mail',
    '&fbclid=IwAR0_x-y',
    '&gclid=Cj0',
    '&utm_source=a).',
  ])('all open with %j behind', (behind) => {
    // prettier-ignore
    expect(links.filter(([link, means]) => opened(link + behind) !== means)).toEqual([]);
  });

  test('all open where another program has encoded more characters, or fewer', () => {
    const encodings = [
      (link: string) => link.replaceAll('[', '%5B').replaceAll(']', '%5d').replaceAll(',', '%2c'),
      (link: string) => link.replaceAll('%22', '"'),
      (link: string) => link.replaceAll('&', '&amp;'),
    ];
    for (const encoding of encodings)
      expect(links.filter(([link, means]) => opened(encoding(link)) !== means)).toEqual([]);
  });

  test('all open without their check sums, as older ones are', () => {
    for (const [link, means] of links) {
      const old = link.replace(/check=\w+&/, '');
      expect(opened(old)).toBe(means);
      for (const behind of ['', '.', ')', ',', '>', "'", ' ', '&utm_source=x'])
        expect(opened(old + behind)).toBe(means);
    }
  });
});

test('a link without a check sum that ends in three dots, as shortened ones do, is refused', () => {
  expect(opened('#map?preset=chain&optimizer.steps=30...')).toBeUndefined();
});

test('what was cut or changed is told from what is not allowed', () => {
  const link = encodeView(VIEWS[0]!);
  expect(() => decodeView(link.slice(0, -1))).toThrow(
    /^This link is not whole: its check sum is "[0-9a-f]{6}", and what came with it makes "[0-9a-f]{6}"\. .*copy all of it/,
  );
  expect(() => decodeView('#map?check=1')).toThrow(DamagedLinkError);
});

test('an experiment by itself has no check sum, as a person writes it', () => {
  expect(encodeExperiment(presetExperiment('chain'))).toBe('preset=chain');
});

import { ExperimentError } from '../../experiment/types';
import {
  choice,
  numberSetting,
  parseNumber,
  PREFIX,
  type LinkSetting,
  type LinkSettings,
  type NumberKind,
  type Range,
} from '../page/link_settings';

/** What links hold of the Chain rule tab: a network of one input and one output, and what is looked at. */
export interface ChainView {
  /** Goodfellow's chain of linear units, or layers with φ. */
  readonly net: 'chain' | 'network';
  /** The weights that descent starts from, one a layer; where a layer is wider, its random matrix times this. */
  readonly weights: readonly number[];
  /** Of the network's layers; 0 for those that are left out. */
  readonly biases: readonly number[];
  /** Units of the network's layers but for the last, which has one. */
  readonly width: number;
  readonly activation: 'relu' | 'sigmoid';
  /** Where batch norm stands, seen from φ. */
  readonly placement: 'pre' | 'post';
  readonly affine: 'trained' | 'frozen';
  readonly rate: number;
  /** The layer whose gradient is taken apart, from 1. */
  readonly layer: number;
  /** The layer whose weights are multiplied by `scale` for a trial, from 1. */
  readonly scaled: number;
  readonly scale: number;
  /** Updates made. */
  readonly step: number;
}

export const RANGES = {
  depth: { least: 2, most: 10 },
  weight: { least: 0.1, most: 10 },
  bias: { least: -3, most: 3 },
  width: { least: 1, most: 6 },
  rate: { least: 1e-4, most: 100 },
  scale: { least: 0.1, most: 10 },
  step: { least: 0, most: 500 },
} as const satisfies Record<string, Range>;

const FIRST_WEIGHT = 1.25;
const FIRST_DEPTH = 5;

const KEY = 'chain.';

/** A number of a range. */
const number = (name: string, range: Range, first: number, kind?: NumberKind) =>
  numberSetting(KEY + name, range, first, kind);

/** Numbers of a range with commas between. */
function numbers(
  name: string,
  range: Range,
  counts: Range,
  first: readonly number[],
): LinkSetting<readonly number[]> {
  return {
    key: KEY + name,
    encode: (values) => (String(values) === String(first) ? undefined : values.join(',')),
    decode(text) {
      if (text === undefined) return first;
      const parts = text.split(',');
      if (parts.length < counts.least || parts.length > counts.most)
        throw new ExperimentError(
          PREFIX + KEY + name,
          text,
          `${counts.least} to ${counts.most} numbers with commas between`,
        );
      return parts.map((part) => parseNumber(KEY + name, part, range));
    },
  };
}

const LAYERS: Range = { least: 1, most: RANGES.depth.most };

export const CHAIN_SETTINGS: LinkSettings<ChainView> = {
  net: choice(`${KEY}net`, ['chain', 'network'], 'chain'),
  weights: numbers(
    'weights',
    RANGES.weight,
    RANGES.depth,
    Array.from({ length: FIRST_DEPTH }, () => FIRST_WEIGHT),
  ),
  biases: numbers('biases', RANGES.bias, LAYERS, []),
  width: number('width', RANGES.width, 1, 'whole'),
  activation: choice(`${KEY}activation`, ['relu', 'sigmoid'], 'relu'),
  placement: choice(`${KEY}placement`, ['pre', 'post'], 'pre'),
  affine: choice(`${KEY}affine`, ['trained', 'frozen'], 'trained'),
  rate: number('rate', RANGES.rate, 0.1),
  layer: number('layer', LAYERS, 1, 'whole'),
  scaled: number('scaled', LAYERS, 2, 'whole'),
  scale: number('scale', RANGES.scale, 1),
  step: number('step', RANGES.step, 0, 'whole'),
};

/** @throws ExperimentError for layers that there are not */
export function checkChain({ weights, biases, layer, scaled }: ChainView): void {
  const depth = weights.length;
  const check = (name: string, value: number, allowed: string) => {
    if (value > depth) throw new ExperimentError(`${PREFIX}${KEY}${name}`, value, allowed);
  };
  check('biases', biases.length, `no more numbers than weights, which are ${depth}`);
  check('layer', layer, `a layer from 1 to ${depth}`);
  check('scaled', scaled, `a layer from 1 to ${depth}`);
}

/** Another depth: weights that are new are as the last one. */
export function withDepth(view: ChainView, depth: number): ChainView {
  const last = view.weights.at(-1)!;
  return {
    ...view,
    weights: Array.from({ length: depth }, (_, i) => view.weights[i] ?? last),
    biases: view.biases.slice(0, depth),
    layer: Math.min(view.layer, depth),
    scaled: Math.min(view.scaled, depth),
    step: 0,
  };
}

/** One entry of a list of numbers set, with 0 for those that it leaves out. */
export function withEntry(list: readonly number[], index: number, value: number): readonly number[] {
  const length = Math.max(list.length, index + 1);
  return Array.from({ length }, (_, i) => (i === index ? value : (list[i] ?? 0)));
}

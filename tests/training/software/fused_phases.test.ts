import { describe, expect, test } from 'vitest';
import { gradientBlocks, isDeep, productBlocks } from '../../../src/kernels/software/fused_phases';
import { phasesOfStep } from '../../../src/training/software/fused_phases';
import { planOf } from '../../../src/training/planner';
import { trialWith } from '../../experiment/documents';

const PACK = 4;
const packs = (units: number) => Math.ceil(units / PACK);
const phases = (...changes: Parameters<typeof trialWith>) =>
  phasesOfStep(planOf(trialWith(...changes)), packs);
const DEEP_NET: Parameters<typeof trialWith> = [
  [
    ['model', 'hidden'],
    [32, 32, 32],
  ],
  [['model', 'normalization'], { type: 'none' }],
];
const names = (all: ReturnType<typeof phases>) => all.map(({ layer, phase }) => `${phase.name} ${layer}`);

describe('the blocks that weights are cut into', () => {
  test.each([
    { inner: 4, cols: 4, product: [[4, 4]], deep: false },
    { inner: 8, cols: 8, product: [[8, 4]], deep: false },
    { inner: 16, cols: 1, product: [[8, 1]], deep: true },
    { inner: 5, cols: 6, product: [[4, 4], [4, 1], [1, 4], [1, 1]], deep: true }, // prettier-ignore
    { inner: 1, cols: 3, product: [[1, 1]], deep: false },
  ])('a product of $inner by $cols packs', ({ inner, cols, product, deep }) => {
    expect(productBlocks(inner, cols)).toEqual(product);
    expect(isDeep(inner)).toBe(deep);
  });

  test('a gradient is at most 4 packs high', () => {
    expect(gradientBlocks(8, 8)).toEqual([[4, 4]]);
    expect(gradientBlocks(7, 1)).toEqual([[4, 1], [2, 1], [1, 1]]); // prettier-ignore
  });
});

describe('a step, phase by phase', () => {
  test('goes up the layers, judges, and comes down', () => {
    expect(names(phases(...DEEP_NET))).toEqual([
      ...[0, 1, 2, 3].map((layer) => `forward ${layer}`),
      'judge 0',
      ...[3, 2, 1, 0].map((layer) => `backward ${layer}`),
    ]);
  });

  test('with a minibatch, goes up once more for it', () => {
    const all = phases(...DEEP_NET, [['optimizer', 'batch'], 4]);
    expect(names(all).slice(4, 10)).toEqual([
      'judge 0',
      ...[0, 1, 2, 3].map((layer) => `forward ${layer}`),
      'start 0',
    ]);
    expect(all.map(({ onBatch }) => onBatch)).toEqual([...Array(5).fill(false), ...Array(9).fill(true)]);
  });

  const BATCH_NORM: (typeof DEEP_NET)[number] = [['model', 'normalization'], { type: 'batch' }];

  test('with batch norm, normalizes between', () => {
    const all = phases(...DEEP_NET, BATCH_NORM);
    expect(names(all)).toEqual([
      ...[0, 1, 2].flatMap((layer) => [`forward ${layer}`, `normalize ${layer}`]),
      'forward 3',
      'judge 0',
      'backward 3',
      ...[2, 1, 0].flatMap((layer) => [`normalize_backward ${layer}`, `backward ${layer}`]),
    ]);
  });

  test('has the same pipelines for layers that are alike, with batch norm or without', () => {
    const all = phases(...DEEP_NET);
    expect(all[1]!.phase).toEqual(all[2]!.phase);
    expect(all[6]!.phase).toEqual(all[7]!.phase);
    expect(all[5]!.phase).not.toEqual(all[6]!.phase);
    const products = (found: typeof all) =>
      found.filter(({ phase }) => !phase.name.startsWith('normalize')).map(({ phase }) => phase);
    expect(products(phases(...DEEP_NET, BATCH_NORM))).toEqual(products(all));
  });

  test('a layer of one unit has a vector of weights, whichever layer it is', () => {
    const vectors = (...hidden: number[]) =>
      names(phases([['model', 'hidden'], hidden]).filter(({ phase }) => phase.products === 'vector'));
    expect(vectors(8, 8)).toEqual(['forward 2', 'backward 2']);
    expect(vectors(1, 8)).toEqual(['forward 0', 'forward 2', 'backward 2', 'backward 0']);
    const deep = (width: number) =>
      phases([['model', 'hidden'], [width]]).find(({ phase }) => phase.products === 'vector')!.phase
        .constants;
    expect([deep(16)['DEEP'], deep(17)['DEEP']]).toEqual([0, 1]);
  });

  test('takes delta through the activation below unless batch norm stands behind it', () => {
    const differentiates = (...changes: Parameters<typeof trialWith>) =>
      phases(...DEEP_NET, ...changes)
        .filter(({ phase }) => phase.name === 'backward')
        .map(({ phase }) => phase.constants['DIFFERENTIATES']);
    expect(differentiates()).toEqual([1, 1, 1, 0]);
    expect(differentiates(BATCH_NORM)).toEqual([1, 1, 1, 0]);
    expect(differentiates([['model', 'normalization'], { type: 'batch', placement: 'post' }])).toEqual([
      0, 0, 0, 0,
    ]);
    expect(differentiates([['model', 'activation'], 'identity'])).toEqual([0, 0, 0, 0]);
  });
});

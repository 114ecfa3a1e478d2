import { describe, expect, test } from 'vitest';
import { gradientBlocks, productBlocks } from '../../src/kernels/train_fused';
import { phasesOfStep } from '../../src/training/fused_phases';
import { planOf } from '../../src/training/plan';
import { trialWith } from '../experiment/documents';

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
const names = (all: ReturnType<typeof phases>) =>
  all.map(({ layer, phase }) => `${phase.entryPoint} ${layer}`);

describe('the blocks that weights are cut into', () => {
  test.each([
    { inner: 4, cols: 4, product: [[4, 4]], deep: false },
    { inner: 8, cols: 8, product: [[8, 4]], deep: false },
    { inner: 16, cols: 1, product: [[8, 1]], deep: true },
    { inner: 5, cols: 6, product: [[4, 4], [4, 1], [1, 4], [1, 1]], deep: true }, // prettier-ignore
    { inner: 1, cols: 3, product: [[1, 1]], deep: false },
  ])('a product of $inner by $cols packs', ({ inner, cols, product, deep }) => {
    expect(productBlocks(inner, cols)).toEqual({ product, deep });
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
      'judge_step 0',
      ...[3, 2, 1, 0].map((layer) => `backward ${layer}`),
    ]);
  });

  test('with a minibatch, goes up once more for it', () => {
    const all = phases(...DEEP_NET, [['optimizer', 'batch'], 4]);
    expect(names(all).slice(4, 9)).toEqual([
      'judge_step 0',
      ...[0, 1, 2, 3].map((layer) => `forward ${layer}`),
    ]);
    expect(all.map(({ phase }) => phase.constants.ON_BATCH)).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
  });

  test('has the same pipelines for layers that are alike', () => {
    const all = phases(...DEEP_NET);
    expect(all[1]!.phase).toEqual(all[2]!.phase);
    expect(all[6]!.phase).toEqual(all[7]!.phase);
    expect(all[5]!.phase).not.toEqual(all[6]!.phase);
  });

  test('takes delta through the activation below unless batch norm stands between', () => {
    const differentiates = (...changes: Parameters<typeof trialWith>) =>
      phases(...DEEP_NET, ...changes)
        .filter(({ phase }) => phase.entryPoint === 'backward')
        .map(({ phase }) => phase.constants.DIFFERENTIATES);
    expect(differentiates()).toEqual([1, 1, 1, 0]);
    expect(differentiates([['model', 'normalization'], { type: 'batch' }])).toEqual([0, 0, 0, 0]);
    expect(differentiates([['model', 'activation'], 'identity'])).toEqual([0, 0, 0, 0]);
  });
});

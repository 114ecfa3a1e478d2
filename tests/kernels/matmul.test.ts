import { describe, expect, test } from 'vitest';
import type { KernelCall } from '../../src/kernels/kernel';
import { matmul } from '../../src/kernels/matmul';
import { matmul as twin } from '../../src/reference/matmul';
import { tried } from '../every';
import {
  expectWithin,
  numbers,
  perTrial,
  runKernel,
  type TestTensor,
  type TrialResult,
  type Values,
} from '../kernel_harness';

interface Shape {
  rows: number;
  inner: number;
  cols: number;
}

const TRANSPOSED = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;

/**
 * Unit, odd and prime sizes, the long inner dimension of a weight gradient, both sides of a tile's and of a block's edge, and
 * of where staging begins; blocks of every shape, whole and not, one and several along the inner dimension.
 */
const SHAPES: Shape[] = [
  { rows: 1, inner: 1, cols: 1 },
  { rows: 3, inner: 5, cols: 7 },
  { rows: 16, inner: 128, cols: 16 },
  { rows: 9, inner: 31, cols: 8 },
  { rows: 8, inner: 32, cols: 9 },
  { rows: 63, inner: 15, cols: 65 },
  { rows: 65, inner: 17, cols: 63 },
  { rows: 67, inner: 131, cols: 71 },
  { rows: 8, inner: 128, cols: 32 },
  { rows: 17, inner: 256, cols: 80 },
];
/** Shapes that get workgroups of other forms. */
const NARROW_SHAPES: Shape[] = [
  { rows: 1, inner: 37, cols: 1 },
  { rows: 2, inner: 5, cols: 2 },
  { rows: 33, inner: 7, cols: 2 },
  { rows: 3, inner: 6, cols: 4 },
  { rows: 128, inner: 16, cols: 16 },
  { rows: 128, inner: 16, cols: 1 },
  { rows: 128, inner: 1, cols: 16 },
  { rows: 1, inner: 16, cols: 129 },
  { rows: 128, inner: 40, cols: 1 },
  { rows: 128, inner: 32, cols: 16 },
  { rows: 1, inner: 48, cols: 129 },
];

/** A call of which only the shape matters. */
const callOf = (shape: Shape): KernelCall => ({
  kernel: 'matmul',
  tensors: {},
  fields: { ...shape, scale: 1 },
  variant: {},
});

/** The tensors of a product of random numbers, with gaps around every view. */
function operands({ rows, inner, cols }: Shape, seed = 1): Record<'a' | 'b' | 'out', TestTensor> {
  const random = numbers(seed);
  return {
    a: { values: perTrial(() => random.uniform(rows * inner)), offset: 3, padding: 2 },
    b: { values: perTrial(() => random.uniform(inner * cols)), offset: 1, padding: 5 },
    out: { output: { length: rows * cols }, offset: 7, padding: 9 },
  };
}

/** Twice the worst of K roundings, relative to the sum of absolute products. */
function expectProduct(
  result: TrialResult,
  shape: Shape,
  [TRANSPOSE_A, TRANSPOSE_B]: readonly number[],
  scale: number,
) {
  const magnitudes = new Float64Array(shape.rows * shape.cols);
  const absolute = (values: Values) => Float64Array.from(values, Math.abs);
  const tensors = { a: absolute(result.gpu['a']!), b: absolute(result.gpu['b']!), out: magnitudes };
  twin(tensors, { ...shape, scale: Math.abs(scale), TRANSPOSE_A: TRANSPOSE_A!, TRANSPOSE_B: TRANSPOSE_B! });
  expectWithin(
    `${result.adapter} ${result.configuration}, slot ${result.slot}`,
    result.gpu['out']!,
    result.twin['out']!,
    (i) => {
      return 2 * shape.inner * 2 ** -23 * magnitudes[i]! + 2 ** -23 * Math.abs(result.twin['out']![i]!);
    },
  );
}

describe('matmul', () => {
  async function check(shape: Shape, transposed: readonly [number, number]): Promise<void> {
    const [TRANSPOSE_A, TRANSPOSE_B] = transposed;
    const scale = -0.75;
    const fields = { ...shape, scale };
    const variant = { TRANSPOSE_A, TRANSPOSE_B };
    for (const result of await runKernel({
      kernel: matmul,
      twin,
      tensors: operands(shape),
      fields,
      variant,
    })) {
      expectProduct(result, shape, transposed, scale);
    }
  }

  // Every shape in two of the four ways, and each of those with half of the shapes.
  describe.each(TRANSPOSED)('TRANSPOSE_A %i, TRANSPOSE_B %i', (...transposed) => {
    const first = transposed[0] ^ transposed[1];
    const half = (parity: number) => SHAPES.filter((_, i) => i % 2 === parity);
    test.each(tried(half(first), half(1 - first)))('$rows × $inner · $inner × $cols', (shape) =>
      check(shape, transposed),
    );
  });

  test.each(tried(NARROW_SHAPES, []))('$rows × $inner · $inner × $cols', (shape) => check(shape, [0, 0]));

  // naga takes seconds to compile each.
  test.each('Deno' in globalThis ? tried([], NARROW_SHAPES) : NARROW_SHAPES)(
    '$rows × $inner · $inner × $cols, both stored the other way round',
    (shape) => check(shape, [1, 1]),
  );

  test('is tested on blocks, tiles and workgroups of every form', () => {
    const adapters = [
      { software: false, subgroups: true },
      { software: true, subgroups: true },
    ];
    const words = adapters.flatMap((adapter) =>
      matmul.tuning!.configurations(adapter).flatMap((configuration) => {
        const tuned = { 'matmul, small': configuration };
        return [...SHAPES, ...NARROW_SHAPES].map((shape) =>
          matmul.describe!(callOf(shape), { ...adapter, tuned }),
        );
      }),
    );
    expect([...new Set(words)].filter((text) => !text.startsWith('staged')).sort()).toEqual([
      'blocks of 128 × 16',
      'blocks of 16 × 16',
      'blocks of 16 × 4',
      'blocks of 32 × 16',
      'blocks of 32 × 4',
      'blocks of 64 × 4',
      'blocks of 64 × 8',
      'tiles of 1 × 1',
      'tiles of 4 × 1',
      'tiles of 4 × 4',
      'tiles of 8 × 8',
    ]);
    expect(words.filter((text) => text.startsWith('staged, 16 × 16')).length).toBeGreaterThan(0);
    expect(words.filter((text) => text.startsWith('staged, 8 × 8')).length).toBeGreaterThan(0);
  });

  test('is made by blocks on software adapters with subgroups, by workgroups on others, unless tuned', () => {
    const call = callOf({ rows: 64, inner: 32, cols: 32 });
    const words = (software: boolean, subgroups: boolean, tuned = {}) =>
      matmul.describe!(call, { software, subgroups, tuned });
    expect(words(true, true)).toBe('blocks of 32 × 8');
    expect(words(true, false)).toBe('tiles of 8 × 8');
    expect(words(false, true)).toBe('staged, 16 × 8 × 1 lanes');
    expect(words(true, true, { 'matmul, small': 'tile' })).toBe('tiles of 8 × 8');
    expect(words(true, true, { 'matmul, large': 'tile' })).toBe('blocks of 32 × 8');
    const large = callOf({ rows: 128, inner: 128, cols: 128 });
    const tuned = { 'matmul, large': 'tile' };
    expect(matmul.describe!(large, { software: true, subgroups: true, tuned })).toBe('tiles of 8 × 8');
  });

  test('takes operands of data sets and initial vectors, and one that all trials share', async () => {
    const shape = { rows: 5, inner: 6, cols: 4 };
    const random = numbers(2);
    const out = { output: { length: 20 } };
    const runs = [
      {
        a: { values: perTrial(() => random.uniform(30), 2), owner: 'dataset', offset: 4 },
        b: { values: perTrial(() => random.uniform(24), 2), owner: 'initial', padding: 8 },
        out,
      },
      {
        a: { values: [random.uniform(30)], stride0: true },
        b: { values: perTrial(() => random.uniform(24)) },
        out,
      },
    ] satisfies Record<string, TestTensor>[];
    for (const tensors of runs) {
      const fields = { ...shape, scale: 1 };
      const variant = { TRANSPOSE_A: 0, TRANSPOSE_B: 0 };
      const results = await runKernel({ kernel: matmul, twin, tensors, fields, variant });
      const ran = new Set(results.map(({ adapter, slot }) => `${adapter} ${slot}`));
      expect([...ran]).toEqual(['hardware 2', 'hardware 0', 'software 2', 'software 0']);
      for (const result of results) expectProduct(result, shape, [0, 0], 1);
    }
  });

  test('lets NaN and infinity through, and only where they belong', async () => {
    const shape = { rows: 9, inner: 20, cols: 6 };
    const tensors = operands(shape, 3);
    for (const values of tensors.a.values ?? []) {
      values[0] = NaN;
      values[2 * shape.inner + 4] = Infinity;
      values[8 * shape.inner + 19] = -Infinity;
    }
    const fields = { ...shape, scale: 2 };
    const variant = { TRANSPOSE_A: 0, TRANSPOSE_B: 0 };
    for (const result of await runKernel({ kernel: matmul, twin, tensors, fields, variant })) {
      const classes = (values: ArrayLike<number>) =>
        Array.from(values, (v) => (Number.isFinite(v) ? 'finite' : `${v}`));
      expect(classes(result.gpu['out']!)).toEqual(classes(result.twin['out']!));
      expect(classes(result.twin['out']!).filter((c) => c !== 'finite')).toHaveLength(3 * shape.cols);
    }
  });

  test('runs more trials than a dispatch has in one dimension', async () => {
    const shape = { rows: 1, inner: 1, cols: 1 };
    const slots = 65_537;
    const tensors = {
      a: { values: perTrial((slot) => Float32Array.of(slot), slots) },
      b: { values: [Float32Array.of(2)], stride0: true },
      out: { output: { length: 1 } },
    };
    const running = Array.from({ length: slots }, (_, i) => slots - 1 - i);
    const fields = { ...shape, scale: 1 };
    const variant = { TRANSPOSE_A: 0, TRANSPOSE_B: 0 };
    const results = await runKernel({ kernel: matmul, twin, tensors, fields, variant, slots, running });
    expect(results.every(({ slot, gpu }) => gpu['out']![0] === 2 * slot)).toBe(true);
  });

  test('the twin is the product by its definition', () => {
    const a = Float64Array.of(1, 2, 3, 4, 5, 6);
    const b = Float64Array.of(7, 8, 9, 10, 11, 12);
    const out = new Float64Array(4);
    twin({ a, b, out }, { rows: 2, inner: 3, cols: 2, scale: 0.5, TRANSPOSE_A: 0, TRANSPOSE_B: 0 });
    expect([...out]).toEqual([29, 32, 69.5, 77]);
  });
});

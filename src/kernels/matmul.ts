import source from '../../shaders/matmul.wgsl?raw';
import { matmul as twin, matmulTangent as tangent } from '../reference/matmul';
import { geometryOf, type Adapter } from './geometry';
import { tunedTo, type Kernel, type KernelCall, type Tuning } from './kernel';
import { floats, output, ULP, type CaseSize, type KernelCase } from './kernel_case';
import { stagedForm, stagingPays, tileForm, type Form, type Shape } from './matmul_forms';
import { blockFits, blockForm } from './software/matmul_block';
import { TRIALS_PART } from './trials';

/**
 * Ways to make a product. `staged`: by way of workgroup memory, for GPUs, in workgroups of at most 16 × 16 or 8 × 8 lanes.
 * `tile`: an invocation makes 4 × 4 or 8 × 8 outputs straight from memory, or where there are hardly any columns, a few of one.
 * `block`: for software adapters (software/matmul_block.ts).
 */
type Way = 'staged 16 × 16' | 'staged 8 × 8' | 'tile' | 'block';

/** Multiply-adds from which a product counts as large: it fills a GPU by itself. */
const LARGE = 2 ** 21;

const tuning: Tuning = {
  sizeOf: (call) => {
    const { rows, inner, cols } = shapeOf(call);
    return rows * inner * cols < LARGE ? 'small' : 'large';
  },
  configurations: waysOf,
  examples: ({ software }) => ({
    small: { trials: software ? 64 : 1024, call: example({ rows: 64, inner: 32, cols: 32 }) },
    large: { trials: 1, call: example(cube(software ? 512 : 1024)) },
  }),
};

/**
 * out (rows × cols) = scale · op(a) · op(b). a is stored rows × inner, or inner × rows when TRANSPOSE_A is 1; b inner × cols,
 * or cols × inner when TRANSPOSE_B is 1.
 */
export const matmul: Kernel = {
  name: 'matmul',
  source,
  shared: [TRIALS_PART],
  tensors: { a: 'read', b: 'read', out: 'read_write' },
  fields: { rows: 'u32', inner: 'u32', cols: 'u32', scale: 'f32' },
  variant: ['TRANSPOSE_A', 'TRANSPOSE_B'],
  parts: (call, adapter) => formOf(call, adapter).parts,
  constants: (call, adapter) => ({ ...formOf(call, adapter).constants }),
  workgroups: (call, adapter) => formOf(call, adapter).workgroups,
  describe: (call, adapter) => formOf(call, adapter).words,
  tuning,
  twin,
  tangent,
  counts: { flops: ({ fields }) => 2 * fields['rows']! * fields['inner']! * fields['cols']! },
  cases: { matmul: caseOf },
};

function shapeOf({ fields: { rows = 1, inner = 1, cols = 1 } }: KernelCall): Shape {
  return { rows, inner, cols };
}

/** The first is what is taken unmeasured. */
function waysOf({ software, subgroups }: Adapter): readonly Way[] {
  if (!software) return ['staged 16 × 16', 'staged 8 × 8', 'tile'];
  return subgroups ? ['block', 'tile'] : ['tile'];
}

function formOf(call: KernelCall, adapter: Adapter): Form {
  const shape = shapeOf(call);
  switch (tunedTo(matmul.name, tuning, call, adapter)) {
    case 'block':
      if (blockFits(shape)) return blockForm(shape);
      break;
    case 'staged 16 × 16':
      if (stagingPays(shape)) return stagedForm(shape, 16);
      break;
    case 'staged 8 × 8':
      if (stagingPays(shape)) return stagedForm(shape, 8);
      break;
  }
  return tileForm(shape, geometryOf(adapter));
}

const cube = (side: number): Shape => ({ rows: side, inner: side, cols: side });

function example({ rows, inner, cols }: Shape): KernelCall {
  const whole = (buffer: string, length: number) => ({ buffer, offset: 0, length });
  return {
    kernel: 'matmul',
    tensors: {
      a: whole('a', rows * inner),
      b: whole('b', inner * cols),
      out: whole('out', rows * cols),
    },
    fields: { rows, inner, cols, scale: 1 },
    variant: { TRANSPOSE_A: 0, TRANSPOSE_B: 0 },
  };
}

/** Multiply-adds that the CPU does in a fraction of a second. */
const CPU_PRODUCTS = 2 ** 25;

function caseOf({ rows, inner, cols }: CaseSize): KernelCase {
  const some = Math.max(4, 4 * Math.floor(CPU_PRODUCTS / (4 * inner * cols)));
  const excerptRows = Math.min(rows, some);
  const fields = { rows, inner, cols, scale: 1 };
  const variant = { TRANSPOSE_A: 0, TRANSPOSE_B: 0 };
  return {
    tensors: { a: floats(rows * inner, -1, 1), b: floats(inner * cols, -1, 1), out: output(rows * cols) },
    fields,
    variant,
    // Twice the worst of K roundings, relative to the sum of absolute products.
    allowed({ a, b, out }) {
      const magnitudes = new Float64Array(out!.length);
      const tensors = { a: a!.map(Math.abs), b: b!.map(Math.abs), out: magnitudes };
      twin(tensors, { ...fields, ...variant, rows: out!.length / cols });
      return { out: (i) => ULP * (2 * inner * magnitudes[i]! + Math.abs(out![i]!)) };
    },
    ...(excerptRows < rows && {
      excerpt: {
        share: excerptRows / rows,
        fields: { ...fields, rows: excerptRows },
        lengths: { a: excerptRows * inner, out: excerptRows * cols },
      },
    }),
  };
}

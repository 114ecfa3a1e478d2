import source from '../../shaders/matmul.wgsl?raw';
import type { Kernel, KernelCall } from './kernel';
import { TRIALS_PART } from './trials';

/** Outputs along each side of what one invocation makes. */
const REGISTER_TILE = 4;
const MOST_LANES = 16;
/** A workgroup with fewer invocations leaves a GPU's execution units idle. */
const FULL_WORKGROUP = 64;

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
  overrides: ['TRANSPOSE_A', 'TRANSPOSE_B'],
  constants: (call) => ({ ...geometry(call) }),
  workgroups: (call) => {
    const { ROW_LANES, COL_LANES } = geometry(call);
    const tiles = (outputs: number, lanes: number) => Math.ceil(outputs / (REGISTER_TILE * lanes));
    return tiles(call.fields['rows']!, ROW_LANES) * tiles(call.fields['cols']!, COL_LANES);
  },
};

/**
 * The workgroup that fits a product: as many lanes as the outputs fill, up to 16 × 16, and when that is less than a full
 * workgroup, several lanes along the inner dimension. Powers of two throughout, so that one pipeline serves many shapes.
 */
function geometry({ fields: { rows = 1, cols = 1, inner = 1 } }: KernelCall) {
  const lanesFor = (outputs: number) => Math.min(MOST_LANES, powerOfTwoAbove(outputs / REGISTER_TILE));
  const ROW_LANES = lanesFor(rows);
  const COL_LANES = lanesFor(cols);
  const length = powerOfTwoAbove(inner);
  const INNER_LANES = Math.min(length, Math.max(1, FULL_WORKGROUP / (ROW_LANES * COL_LANES)));
  // Longer stretches mean fewer barriers; 64 is what still fits 16 KiB of workgroup memory for every shape above.
  const INNER_TILE = Math.min(length, 64, Math.max(16, 8 * INNER_LANES));
  return { ROW_LANES, COL_LANES, INNER_LANES, INNER_TILE };
}

function powerOfTwoAbove(value: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, value)));
}

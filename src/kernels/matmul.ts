import source from '../../shaders/matmul.wgsl?raw';
import tile from '../../shaders/shared/matmul_tile.wgsl?raw';
import type { Adapter, Kernel, KernelCall } from './kernel';
import { TRIALS_PART } from './trials';

/** Outputs along each side of what one invocation makes by the staged way. */
const STAGED_TILE = 4;
const MOST_LANES = 16;
/** A workgroup with fewer invocations leaves a GPU's execution units idle. */
const FULL_WORKGROUP = 64;
/** A software adapter runs four invocations as one, and a workgroup's others after them. */
const SOFTWARE_LANES = { fewest: 4, most: 16 };
/** With a shorter inner dimension there is little to read twice, so staging it does not pay. */
const STAGED_INNER = 32;

/**
 * out (rows × cols) = scale · op(a) · op(b). a is stored rows × inner, or inner × rows when TRANSPOSE_A is 1; b inner × cols,
 * or cols × inner when TRANSPOSE_B is 1.
 */
export const matmul: Kernel = {
  name: 'matmul',
  source,
  shared: [TRIALS_PART, { file: 'shaders/shared/matmul_tile.wgsl', text: tile }],
  tensors: { a: 'read', b: 'read', out: 'read_write' },
  fields: { rows: 'u32', inner: 'u32', cols: 'u32', scale: 'f32' },
  overrides: ['TRANSPOSE_A', 'TRANSPOSE_B'],
  constants: (call, adapter) => ({ ...geometry(call, adapter) }),
  workgroups: (call, adapter) => {
    const { STAGED, TILE, ROW_LANES, COL_LANES } = geometry(call, adapter);
    const [rows, cols] = [call.fields['rows']!, call.fields['cols']!];
    if (!STAGED) return Math.ceil((tiles(rows, TILE) * tiles(cols, TILE)) / COL_LANES);
    return tiles(rows, TILE * ROW_LANES) * tiles(cols, TILE * COL_LANES);
  },
};

interface Geometry {
  readonly STAGED: 0 | 1;
  readonly TILE: number;
  readonly ROW_LANES: number;
  readonly COL_LANES: number;
  readonly INNER_LANES: number;
  readonly INNER_TILE: number;
}

function geometry(
  { fields: { rows = 1, cols = 1, inner = 1 } }: KernelCall,
  { software }: Adapter,
): Geometry {
  return software || inner < STAGED_INNER ? unstaged(rows, cols, software) : staged(rows, cols, inner);
}

/** Each load of a large tile serves more products; a small tile wastes less at the edge of a narrow matrix, and spreads wider. */
function unstaged(rows: number, cols: number, software: boolean): Geometry {
  const TILE = software && Math.min(rows, cols) > 4 ? 8 : 4;
  const { fewest, most } = software ? SOFTWARE_LANES : { fewest: FULL_WORKGROUP / 2, most: FULL_WORKGROUP };
  const COL_LANES = Math.min(most, Math.max(fewest, powerOfTwoAbove(tiles(rows, TILE) * tiles(cols, TILE))));
  return { STAGED: 0, TILE, ROW_LANES: 1, COL_LANES, INNER_LANES: 1, INNER_TILE: 1 };
}

/**
 * The workgroup that fits a product: as many lanes as the outputs fill, up to 16 × 16, and when that is less than a full
 * workgroup, several lanes along the inner dimension. Powers of two throughout, so that one pipeline serves many shapes.
 */
function staged(rows: number, cols: number, inner: number): Geometry {
  const lanesFor = (outputs: number) => Math.min(MOST_LANES, powerOfTwoAbove(outputs / STAGED_TILE));
  const ROW_LANES = lanesFor(rows);
  const COL_LANES = lanesFor(cols);
  const length = powerOfTwoAbove(inner);
  const INNER_LANES = Math.min(length, Math.max(1, FULL_WORKGROUP / (ROW_LANES * COL_LANES)));
  // Longer stretches mean fewer barriers; 64 is what still fits 16 KiB of workgroup memory for every shape above.
  const INNER_TILE = Math.min(length, 64, Math.max(16, 8 * INNER_LANES));
  return { STAGED: 1, TILE: STAGED_TILE, ROW_LANES, COL_LANES, INNER_LANES, INNER_TILE };
}

function tiles(outputs: number, tile: number): number {
  return Math.ceil(outputs / tile);
}

function powerOfTwoAbove(value: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, value)));
}

import source from '../../shaders/matmul.wgsl?raw';
import block from '../../shaders/shared/matmul_block.wgsl?raw';
import column from '../../shaders/shared/matmul_column.wgsl?raw';
import staged from '../../shaders/shared/matmul_staged.wgsl?raw';
import tile from '../../shaders/shared/matmul_tile.wgsl?raw';
import subgroups from '../../shaders/shared/subgroups.wgsl?raw';
import { tunedTo, type Adapter, type Kernel, type KernelCall, type Tuning, type WgslPart } from './kernel';
import { TRIALS_PART } from './trials';

/**
 * Ways to make a product. `tile`: an invocation makes 4 × 4 or 8 × 8 outputs straight from memory, or where there are hardly
 * any columns, a few of one. `staged`: by way of workgroup memory, for GPUs, in workgroups of at most 16 × 16 or 8 × 8 lanes.
 * `block`: an invocation keeps a block of b in private memory, for software adapters.
 */
type Way = 'tile' | 'staged 16 × 16' | 'staged 8 × 8' | 'block';

interface Shape {
  readonly rows: number;
  readonly inner: number;
  readonly cols: number;
}

/** How a call is made: all that the host chooses about it. */
interface Form {
  /** For people. */
  readonly words: string;
  readonly parts: readonly WgslPart[];
  readonly constants: Readonly<Record<string, number>>;
  readonly workgroups: number;
}

const part = (stem: string, text: string): WgslPart => ({ file: `shaders/shared/${stem}.wgsl`, text });
const TILE = part('matmul_tile', tile);
const COLUMN = part('matmul_column', column);
const STAGED = part('matmul_staged', staged);
const BLOCK = part('matmul_block', block);
const SUBGROUPS = part('subgroups', subgroups);

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
  return tileForm(shape, adapter.software);
}

/** A workgroup with fewer invocations leaves a GPU's execution units idle. */
const FULL_WORKGROUP = 64;
/** A software adapter runs four invocations as one, and a workgroup's others after them. */
const SOFTWARE_LANES = { fewest: 4, most: 16 };

/** Each load of a large tile serves more products; a small tile wastes less at the edge of a narrow matrix, and spreads wider. */
function tileForm({ rows, cols }: Shape, software: boolean): Form {
  if (cols <= 2) {
    const TILE_ROWS = rows <= 2 ? 1 : 4;
    const lanes = tileLanes(pieces(rows, TILE_ROWS) * cols, software);
    return {
      words: `tiles of ${TILE_ROWS} × 1`,
      parts: [COLUMN],
      ...lanes,
      constants: { TILE_ROWS, ...lanes.constants },
    };
  }
  const TILE_SIDE = software && Math.min(rows, cols) > 4 ? 8 : 4;
  const lanes = tileLanes(pieces(rows, TILE_SIDE) * pieces(cols, TILE_SIDE), software);
  const words = `tiles of ${TILE_SIDE} × ${TILE_SIDE}`;
  return { words, parts: [TILE], ...lanes, constants: { TILE: TILE_SIDE, ...lanes.constants } };
}

/** Invocations for so many tiles. */
function tileLanes(tiles: number, software: boolean): Pick<Form, 'constants' | 'workgroups'> {
  const { fewest, most } = software ? SOFTWARE_LANES : { fewest: FULL_WORKGROUP / 2, most: FULL_WORKGROUP };
  const COL_LANES = Math.min(most, Math.max(fewest, powerOfTwoAbove(tiles)));
  return { constants: { ROW_LANES: 1, COL_LANES, INNER_LANES: 1 }, workgroups: pieces(tiles, COL_LANES) };
}

/** Outputs along each side of what one invocation makes by the staged way. */
const STAGED_TILE = 4;

/** With a shorter inner dimension there is little to read twice. */
const stagingPays = ({ inner }: Shape) => inner >= 32;

/**
 * The workgroup that fits a product: as many lanes as the outputs fill, and when that is less than a full workgroup, several
 * lanes along the inner dimension. Powers of two throughout, so that one pipeline serves many shapes.
 * @param most lanes along each side
 */
function stagedForm({ rows, inner, cols }: Shape, most: number): Form {
  const lanesFor = (outputs: number) => Math.min(most, powerOfTwoAbove(outputs / STAGED_TILE));
  const ROW_LANES = lanesFor(rows);
  const COL_LANES = lanesFor(cols);
  const length = powerOfTwoAbove(inner);
  const INNER_LANES = Math.min(length, Math.max(1, FULL_WORKGROUP / (ROW_LANES * COL_LANES)));
  // Longer stretches mean fewer barriers; 64 is what still fits 16 KiB of workgroup memory for every shape above.
  const INNER_TILE = Math.min(length, 64, Math.max(16, 8 * INNER_LANES));
  return {
    words: `staged, ${ROW_LANES} × ${COL_LANES} × ${INNER_LANES} lanes`,
    parts: [STAGED],
    constants: { ROW_LANES, COL_LANES, INNER_LANES, INNER_TILE },
    workgroups: pieces(rows, STAGED_TILE * ROW_LANES) * pieces(cols, STAGED_TILE * COL_LANES),
  };
}

/** Invocations whose columns are side by side, and who share rows of a. */
const QUAD = 4;
/** Rows that share a block: more of them would leave processors without work. */
const BLOCK_ROWS = 512;

/** With fewer rows to share a block, or fewer columns in it, keeping it does not pay. */
const blockFits = ({ rows, cols }: Shape) => rows >= 8 && cols >= 4;

/** The block is as large as pays: every multiply-add of it is written out, so that large ones take a second to compile. */
function blockForm({ rows, inner, cols }: Shape): Form {
  const COLS = Math.min(16, Math.max(4, powerOfTwoAbove(cols / QUAD)));
  const INNER = Math.min(COLS === 16 ? 128 : 64, Math.max(16, powerOfTwoAbove(inner)));
  const WHOLE = inner % INNER === 0 && cols % COLS === 0 ? 1 : 0;
  const ONCE = inner <= INNER ? 1 : 0;
  return {
    words: `blocks of ${INNER} × ${COLS}`,
    parts: [SUBGROUPS, BLOCK],
    constants: { ROWS: BLOCK_ROWS, INNER, COLS, WHOLE, ONCE, ROW_LANES: 1, COL_LANES: QUAD, INNER_LANES: 1 },
    workgroups: pieces(rows, BLOCK_ROWS) * pieces(cols, QUAD * COLS),
  };
}

function pieces(length: number, piece: number): number {
  return Math.ceil(length / piece);
}

function powerOfTwoAbove(value: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, value)));
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

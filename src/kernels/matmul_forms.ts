import column from '../../shaders/shared/matmul_column.wgsl?raw';
import staged from '../../shaders/shared/matmul_staged.wgsl?raw';
import tileText from '../../shaders/shared/matmul_tile.wgsl?raw';
import type { Geometry } from './geometry';
import type { WgslPart } from './kernel';
import { sharedPart } from './parts';

/** op(a) is rows × inner, op(b) inner × cols. */
export interface Shape {
  readonly rows: number;
  readonly inner: number;
  readonly cols: number;
}

/** How a product is made: all that the host chooses about it. */
export interface Form {
  /** For people. */
  readonly words: string;
  readonly parts: readonly WgslPart[];
  readonly constants: Readonly<Record<string, number>>;
  readonly workgroups: number;
}

const TILE = sharedPart('matmul_tile', tileText);
const COLUMN = sharedPart('matmul_column', column);
const STAGED = sharedPart('matmul_staged', staged);

/** A workgroup with fewer invocations leaves a GPU's execution units idle. */
const FULL_WORKGROUP = 64;
/** Each load of a large tile serves more products; a small tile wastes less at the edge of a narrow matrix, and spreads wider. */
export function tileForm({ rows, cols }: Shape, { tile }: Geometry): Form {
  if (cols <= 2) {
    const TILE_ROWS = rows <= 2 ? 1 : 4;
    const lanes = tileLanes(pieces(rows, TILE_ROWS) * cols, tile);
    return {
      words: `tiles of ${TILE_ROWS} × 1`,
      parts: [COLUMN],
      ...lanes,
      constants: { TILE_ROWS, ...lanes.constants },
    };
  }
  const TILE_SIDE = tile.side(Math.min(rows, cols));
  const lanes = tileLanes(pieces(rows, TILE_SIDE) * pieces(cols, TILE_SIDE), tile);
  const words = `tiles of ${TILE_SIDE} × ${TILE_SIDE}`;
  return { words, parts: [TILE], ...lanes, constants: { TILE: TILE_SIDE, ...lanes.constants } };
}

/** Invocations for so many tiles. */
function tileLanes(
  tiles: number,
  { fewest, most }: Geometry['tile'],
): Pick<Form, 'constants' | 'workgroups'> {
  const COL_LANES = Math.min(most, Math.max(fewest, powerOfTwoAbove(tiles)));
  return { constants: { ROW_LANES: 1, COL_LANES, INNER_LANES: 1 }, workgroups: pieces(tiles, COL_LANES) };
}

/** Outputs along each side of what one invocation makes by the staged way. */
const STAGED_TILE = 4;

/** With a shorter inner dimension there is little to read twice. */
export const stagingPays = ({ inner }: Shape) => inner >= 32;

/**
 * The workgroup that fits a product: as many lanes as the outputs fill, and when that is less than a full workgroup, several
 * lanes along the inner dimension. Powers of two throughout, so that one pipeline serves many shapes.
 * @param most lanes along each side
 */
export function stagedForm({ rows, inner, cols }: Shape, most: number): Form {
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

export function pieces(length: number, piece: number): number {
  return Math.ceil(length / piece);
}

export function powerOfTwoAbove(value: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, value)));
}

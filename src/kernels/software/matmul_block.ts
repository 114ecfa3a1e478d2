import block from '../../../shaders/software/matmul_block.wgsl?raw';
import { pieces, powerOfTwoAbove, type Form, type Shape } from '../matmul_forms';
import { softwarePart, SUBGROUPS } from './parts';

/** An invocation keeps a block of b in private memory: what is fastest on a CPU, whose vectors have no memory of their own. */
const BLOCK = softwarePart('matmul_block', block);

/** Invocations whose columns are side by side, and who share rows of a. */
const QUAD = 4;
/** Rows that share a block: more of them would leave processors without work. */
const BLOCK_ROWS = 512;

/** With fewer rows to share a block, or fewer columns in it, keeping it does not pay. */
export const blockFits = ({ rows, cols }: Shape) => rows >= 8 && cols >= 4;

/** The block is as large as pays: every multiply-add of it is written out, so that large ones take a second to compile. */
export function blockForm({ rows, inner, cols }: Shape): Form {
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

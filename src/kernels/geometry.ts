import type { GpuAdapter } from '../gpu/device';
import { SOFTWARE } from './software/geometry';

/** What of an adapter decides how work is spread over invocations. */
export type Adapter = Pick<GpuAdapter, 'software' | 'subgroups' | 'tuned'>;

/** How trials are spread over invocations, and where each one's memory is. */
export interface FusedShape {
  /** Who trains a trial: a workgroup together, four invocations that can exchange values, or every invocation its own. */
  readonly team: 'workgroup' | 'quad' | 'single';
  /** Invocations of a workgroup. */
  readonly workgroupSize: number;
  /**
   * A trial's memory: the workgroup's, if it has that alone; its invocation's own; in the arena, element by element beside that of
   * the trials of its workgroup; or in the arena in one piece.
   */
  readonly memory: 'workgroup' | 'private' | 'interleaved' | 'storage';
  /** What a load is: four neighbouring columns of a row, or four neighbouring rows of a column. */
  readonly pack: 'columns' | 'rows';
  /** Rows of the strips by which products are made; nothing: by tiles. Of packs of columns only. */
  readonly strip?: 1 | 2 | 4;
  /** Whether an invocation holds the layer that it is at in registers. Of a team of one with packs of rows. */
  readonly held?: true;
  /** Whether the network stands in the shader's text: faster, but every network is compiled by itself. */
  readonly written?: true;
}

/** A shape among which an adapter has the choice; workgroup memory has its bound from the device. */
export interface FusedChoice extends FusedShape {
  /** The most packs of memory a trial that it can train at all. */
  readonly limit?: number;
  /** The most packs a trial with which it is taken where nothing was measured; and whether only where trials are few. */
  readonly most?: number;
  readonly few?: boolean;
}

/** The columns that a pack is across, and the rows that it is down; a parameter stands in it `copies` times. */
export const PACKS: Readonly<Record<FusedShape['pack'], Record<'across' | 'down' | 'copies', number>>> = {
  columns: { across: 4, down: 1, copies: 1 },
  rows: { across: 1, down: 4, copies: 4 },
};
/** Floats of a pack. */
export const PACK_FLOATS = 4;

/** How work is spread over invocations: every choice that depends on the kind of adapter, in one place. */
export interface Geometry {
  /** Invocations of an elementwise kernel's workgroup, and the elements that they share. */
  readonly elementwise: { readonly WORKGROUP_SIZE: number; readonly BLOCK: number };
  /** Invocations of the one workgroup that sums over everything of a trial. */
  readonly sum: number;
  /** Invocations that share the rows of `features` neighbouring columns. */
  rowLanes(features: number): number;
  /** Tiles of a product: invocations of a workgroup at least and at most, and the side of a tile for a smaller side of the matrix. */
  readonly tile: { readonly fewest: number; readonly most: number; side(least: number): number };
  /**
   * Shapes of the fused kernel, for layers of one or two units or for wider ones: where nothing was measured the first that is to be taken
   * then.
   */
  fused(narrow: boolean, subgroups: boolean): readonly FusedChoice[];
  /** Whether it pays to measure which of them is the fastest. */
  measures(subgroups: boolean): boolean;
}

/** The most packs of a layer that an invocation can hold: half of the registers that GPUs have for it, for it holds two. */
export const MOST_HELD = 32;

/** From so many trials on they are many: enough for each to have an invocation of its own, and no GPU to be idle. */
export const MANY_TRIALS = 3072;

/** A GPU wants full workgroups, whose neighbouring invocations read neighbouring addresses. */
const HARDWARE: Geometry = {
  elementwise: { WORKGROUP_SIZE: 64, BLOCK: 256 },
  sum: 64,
  rowLanes: (features) => 256 / features,
  tile: { fewest: 32, most: 64, side: () => 4 },
  // Million trial-steps a second on an H100 (2026-11-26). A trial of 300 packs: 145 in memory of a workgroup as large as a warp, 102 by an
  // invocation each (of 1,024 trials 101 and 13). A trial of 3,300 packs: 11.7 by workgroups of 128 from storage, 9.3 by those of 32; on an
  // H200 12.7, by those of 256 10.4, and 2.6 in memory of a workgroup of 32, of which four fit a multiprocessor. Narrow networks have
  // no work for a warp: 476 by an invocation each that holds a layer, 194 where it is in memory, 49 by a workgroup; of 1,024 trials, which
  // leave most invocations idle, 54, 16 and 41.
  fused: (narrow) =>
    narrow
      ? [
          { team: 'workgroup', workgroupSize: 32, memory: 'workgroup', pack: 'rows', few: true },
          { team: 'single', workgroupSize: 32, memory: 'interleaved', pack: 'rows' },
          { team: 'single', workgroupSize: 32, memory: 'interleaved', pack: 'rows', held: true, most: 0 },
        ]
      : [
          { team: 'workgroup', workgroupSize: 32, memory: 'workgroup', pack: 'columns', strip: 2 },
          // 193 in place of 145, but each network takes half a second to compile; from storage it gains nothing.
          {
            team: 'workgroup',
            workgroupSize: 32,
            memory: 'workgroup',
            pack: 'columns',
            strip: 2,
            written: true,
            most: 0,
          },
          { team: 'workgroup', workgroupSize: 128, memory: 'storage', pack: 'columns', strip: 4 },
          // Not seen to win there, but other GPUs may have narrower warps.
          { team: 'single', workgroupSize: 32, memory: 'interleaved', pack: 'columns', limit: 512 },
        ],
  measures: () => true,
};

export function geometryOf({ software }: Pick<Adapter, 'software'>): Geometry {
  return software ? SOFTWARE : HARDWARE;
}

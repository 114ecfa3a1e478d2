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
  /** A trial's memory; in workgroup memory there is room for the trial of a workgroup only. */
  readonly memory: 'workgroup' | 'storage';
  /** Columns of a load. */
  readonly pack: 1 | 4;
}

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
  /** Who trains a trial in the fused kernel, by the columns of a load and by whether invocations can exchange values. */
  fused(pack: FusedShape['pack'], subgroups: boolean): FusedTeam;
}

export interface FusedTeam extends Pick<FusedShape, 'team' | 'workgroupSize'> {
  /** Whether a trial's memory is the workgroup's, where it fits. */
  readonly inWorkgroupMemory: boolean;
}

/** A GPU wants full workgroups, whose neighbouring invocations read neighbouring addresses. */
const HARDWARE: Geometry = {
  elementwise: { WORKGROUP_SIZE: 64, BLOCK: 256 },
  sum: 64,
  rowLanes: (features) => 256 / features,
  tile: { fewest: 32, most: 64, side: () => 4 },
  // As many as a warp or a wave of it.
  fused: () => ({ team: 'workgroup', workgroupSize: 32, inWorkgroupMemory: true }),
};

export function geometryOf({ software }: Pick<Adapter, 'software'>): Geometry {
  return software ? SOFTWARE : HARDWARE;
}

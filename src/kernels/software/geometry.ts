import type { Geometry } from '../geometry';

/**
 * A software adapter runs four invocations as one vector of the CPU, and a workgroup's fours one after the other: so it wants
 * few invocations with much work each. Its workgroup memory, which every four clear element by element, is to be avoided.
 */
export const SOFTWARE: Geometry = {
  elementwise: { WORKGROUP_SIZE: 16, BLOCK: 512 },
  sum: 4,
  rowLanes: () => 1,
  // Each load of a large tile serves more products.
  tile: { fewest: 4, most: 16, side: (least) => (least > 4 ? 8 : 4) },
  fused: (pack, subgroups) => ({
    team: pack === 1 ? 'single' : subgroups ? 'quad' : 'workgroup',
    workgroupSize: 4,
    inWorkgroupMemory: false,
  }),
};

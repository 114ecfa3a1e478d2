import type { Geometry } from '../geometry';

const HELD = {
  team: 'single',
  workgroupSize: 8,
  memory: 'interleaved',
  pack: 'rows',
  held: true,
  most: 0,
} as const;

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
  fused(narrow, subgroups) {
    const pack = narrow ? 'rows' : 'columns';
    // Who cannot exchange values with neighbours trains alone. lavapipe compiles private memory for minutes, and ends an invocation's loops
    // after 65,535 iterations: of a large trial it must not make all.
    if (!subgroups)
      return [
        { team: 'single', workgroupSize: 8, memory: 'interleaved', pack, limit: 8192 },
        { team: 'workgroup', workgroupSize: 4, memory: 'storage', pack: 'columns' },
        // Where loads of neighbours are not one load, registers save most: of a chain twice as many steps a second, and three times as many
        // with the network written out. But it takes seconds to compile, of Firefox's code half a minute.
        ...(narrow ? [HELD, { ...HELD, written: true } as const] : []),
      ];
    if (!narrow) return [{ team: 'quad', workgroupSize: 4, memory: 'storage', pack }];
    return [
      { team: 'single', workgroupSize: 4, memory: 'private', pack, most: 1024 },
      { team: 'single', workgroupSize: 4, memory: 'interleaved', pack },
    ];
  },
  // SwiftShader compiles a shape in 5 to 30 s, in which it trains some 100,000 steps, and the first that fits was never slower there.
  measures: (subgroups) => !subgroups,
};

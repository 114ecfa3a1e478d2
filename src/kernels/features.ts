import lanes from '../../shaders/shared/feature_lanes.wgsl?raw';
import sums from '../../shaders/shared/feature_sums.wgsl?raw';
import { geometryOf, type Adapter } from './geometry';
import type { WgslPart } from './kernel';
import { sharedPart, type Dispatch } from './parts';
import { TRIALS_PART } from './trials';

const LANES = sharedPart('feature_lanes', lanes);
const SUMS = sharedPart('feature_sums', sums);

/** What stands before a kernel whose workgroups take some features (columns) each, and before one that sums over the rows. */
export const FEATURE_PARTS: readonly WgslPart[] = [TRIALS_PART, LANES];
export const FEATURE_SUM_PARTS: readonly WgslPart[] = [...FEATURE_PARTS, SUMS];

/** Neighbouring addresses that a GPU reads at once. */
const MOST_FEATURES = 16;
/** Rows of one lane in a block: `ROW_BLOCK` of the shader. */
const ROWS_PER_LANE = 32;

/** Of a kernel that sums over the rows: a workgroup takes all rows of its features. `features` names the field. */
export function featureColumns(features: 'features' | 'cols'): Dispatch {
  return {
    constants: (call, adapter) => ({ ...lanesOf(call.fields[features]!, adapter) }),
    workgroups: (call, adapter) => {
      const count = call.fields[features]!;
      return Math.ceil(count / lanesOf(count, adapter).FEATURES);
    },
  };
}

/** Of a kernel that treats each row for itself: the rows come in blocks. */
export function featureBlocks(features: 'features' | 'cols'): Dispatch {
  const columns = featureColumns(features);
  return {
    constants: columns.constants,
    workgroups: (call, adapter) => {
      const { ROW_LANES } = lanesOf(call.fields[features]!, adapter);
      return (
        columns.workgroups(call, adapter) * Math.ceil(call.fields['rows']! / (ROW_LANES * ROWS_PER_LANE))
      );
    },
  };
}

function lanesOf(features: number, adapter: Adapter): { FEATURES: number; ROW_LANES: number } {
  const FEATURES = Math.min(MOST_FEATURES, 2 ** Math.ceil(Math.log2(Math.max(1, features))));
  return { FEATURES, ROW_LANES: geometryOf(adapter).rowLanes(FEATURES) };
}

import featureSums from '../../shaders/shared/feature_sums.wgsl?raw';
import normalized from '../../shaders/shared/normalized.wgsl?raw';
import type { KernelCall, WgslPart } from './kernel';

/** `sum_lanes`: sums over rows, 16 features a workgroup. */
export const FEATURE_SUMS_PART: WgslPart = { file: 'shaders/shared/feature_sums.wgsl', text: featureSums };
/** `normalized`: x̂ */
export const NORMALIZED_PART: WgslPart = { file: 'shaders/shared/normalized.wgsl', text: normalized };

/** `FEATURES` of `FEATURE_SUMS_PART`. */
const FEATURES = 16;

/** The workgroups of a kernel that sums over rows. */
export function featureGroups({ fields }: KernelCall): number {
  return Math.ceil(fields['features']! / FEATURES);
}

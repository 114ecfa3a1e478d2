import { DEFAULT_SIZE, KERNEL_SIZES } from '../../bench/kernel_sizes';
import { choice, type LinkSettings } from '../page/link_settings';

/** What links hold of the Kernels tab. */
export interface KernelsView {
  /** On which the kernels are measured. */
  readonly size: string;
}

export const KERNELS_SETTINGS: LinkSettings<KernelsView> = {
  size: choice(
    'size',
    KERNEL_SIZES.map(({ id }) => id),
    DEFAULT_SIZE,
  ),
};

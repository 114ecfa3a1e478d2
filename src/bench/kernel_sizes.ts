/** What a kernel is measured on: matrices rows × cols; a product is rows × inner · inner × cols. */
export interface KernelSize {
  readonly id: string;
  readonly name: string;
  readonly trials: number;
  readonly rows: number;
  readonly inner: number;
  readonly cols: number;
  /** Seconds a kernel where the processor plays the GPU. */
  readonly hardwareOnly: boolean;
}

const size = (id: string, name: string, trials: number, shape: readonly [number, number, number]) => {
  const [rows, inner, cols] = shape;
  return { id, name, trials, rows, inner, cols, hardwareOnly: rows * inner * cols > 2 ** 31 };
};

export const KERNEL_SIZES = [
  size('tiny', '2 trials, 12 × 8', 2, [12, 8, 8]),
  size('wave', '1024 trials, 64 × 32', 1024, [64, 32, 32]),
  size('square-512', 'one of 512 × 512', 1, [512, 512, 512]),
  size('square-1024', 'one of 1024 × 1024', 1, [1024, 1024, 1024]),
  size('square-4096', 'one of 4096 × 4096', 1, [4096, 4096, 4096]),
] as const satisfies readonly KernelSize[];

/** What a wave of a sweep is like. */
export const DEFAULT_SIZE = 'wave';

export function sizeNamed(id: string): KernelSize | undefined {
  return KERNEL_SIZES.find((candidate) => candidate.id === id);
}

/** One, a prime, and around a workgroup (64) and what a workgroup of an elementwise kernel takes (256). */
export const SIZES = [1, 13, 63, 64, 65, 255, 256, 257, 1021] as const;

/** The step of float32 at 1: a float32 operation errs by half of that, times the result. */
export const ULP = 2 ** -23;

/** What a result may lose when a number below float32's normal range is taken for 0. */
export const TINY = 2 ** -126;

import type { Activation, NormalizationType, OptimizerType } from '../experiment/kinds';
import { ACTIVATIONS as FUNCTIONS, type ActivationFunction } from '../reference/activation';

/**
 * What models are made of, as engines compute it: one registration for every value of the document. A kind that an engine
 * cannot run is refused by it (`Engine.supports`), and trained by another.
 */

/** By the document's value; losses: `kernels/loss.ts`. */
export const ACTIVATIONS: Readonly<Record<Activation, ActivationFunction>> = FUNCTIONS;

export interface NormalizationKind {
  /** The kernels: x, epsilon, affine → stats, y; and x, stats, affine, dy → gradient (dγ, dβ), dx. */
  readonly forward: string;
  readonly backward: string;
  /** Elements of `stats`. */
  statistics(units: number, rows: number): number;
  /** Whether `train_fused.wgsl` computes it. */
  readonly fused: boolean;
}

export const NORMALIZATIONS: Readonly<Record<NormalizationType, NormalizationKind | undefined>> = {
  none: undefined,
  batch: {
    forward: 'batch_norm_forward',
    backward: 'batch_norm_backward',
    statistics: (units) => 4 * units,
    fused: true,
  },
};

export interface OptimizerKind {
  /** The kernel: gradient, segments, settings → velocity, parameters. */
  readonly update: string;
  /** Whether `train_fused.wgsl` computes it. */
  readonly fused: boolean;
}

export const OPTIMIZERS: Readonly<Record<OptimizerType, OptimizerKind>> = {
  sgd: { update: 'sgd_update', fused: true },
};

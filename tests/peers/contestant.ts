import type { DataSet, TrialDocument } from '../../src/experiment/types';
import type { Plan } from '../../src/training/plan';

/** One training workload as every contestant gets it: the same numbers, in float32. */
export interface TrainingTask {
  readonly plan: Plan;
  /** One a trial; they differ in their learning rates and the gain of their initial weights only. */
  readonly documents: readonly TrialDocument[];
  /** Shared by all trials. */
  readonly data: DataSet;
  /** By layer, what the trials begin with. */
  readonly initial: readonly InitialLayer[];
  /** By layer, the trials' learning rates. */
  readonly rates: readonly Float32Array[];
}

export interface InitialLayer {
  /** (trials × fanIn × fanOut), gain included */
  readonly weights: Float32Array;
  /** (trials × fanOut) each, where the layer is normalized */
  readonly gamma?: Float32Array;
  readonly beta?: Float32Array;
}

/** `batch` products of (rows × inner) and (inner × cols) matrices, row-major. */
export interface MatmulTask {
  readonly batch: number;
  readonly rows: number;
  readonly inner: number;
  readonly cols: number;
  readonly a: Float32Array;
  readonly b: Float32Array;
}

/** Trials in training. */
export interface Training {
  /** Trains all trials at least `steps` further, waits for it, and returns how many it was and the last step's losses. */
  train(steps: number): Promise<{ steps: number; losses: ArrayLike<number> }>;
  close(): void;
}

/** A product that is ready to be run. */
export interface Product {
  /** Computes it `times` over and waits until that is done. */
  multiply(times: number): Promise<void>;
  /** All products, (batch × rows × cols). */
  result(): Promise<Float32Array>;
  close(): void;
}

/** One way to run the workloads. Ways of one library compete: its best counts. */
export interface Contestant {
  readonly library: Library;
  readonly variant: string;
  openTraining?(task: TrainingTask): Promise<Training>;
  openProduct?(task: MatmulTask): Promise<Product>;
}

export const LIBRARIES = ['fused', 'layered', 'kernel', 'jax-js', 'TensorFlow.js', 'PyTorch'] as const;
export type Library = (typeof LIBRARIES)[number];
export const PEERS: readonly Library[] = ['jax-js', 'TensorFlow.js', 'PyTorch'];

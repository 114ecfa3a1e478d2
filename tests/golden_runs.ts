import { parseExperiment } from '../src/experiment/parse';
import type { Experiment } from '../src/experiment/types';

/** A run of PyTorch in float64, autograd: the losses and norms of every cell at every step. */
export interface GoldenRun {
  name: string;
  experiment: Experiment;
  traces: GoldenTrace[];
}
export interface GoldenTrace {
  arm: number;
  ix: number;
  iy: number;
  loss: number[];
  gradient_norm: number[];
  weight_norm: number[];
}

const FILES = import.meta.glob<{ experiment: unknown; traces: GoldenTrace[] }>('./golden/training-*.json', {
  eager: true,
  import: 'default',
});

export const GOLDEN_RUNS: readonly GoldenRun[] = Object.entries(FILES).map(
  ([file, { experiment, traces }]) => ({
    name: file.replace(/.*training-(.*)\.json/, '$1'),
    experiment: parseExperiment(experiment),
    traces,
  }),
);

/** Steps that are compared: up to where the loss passes 500 times its first, from where on rounding decides. */
export function comparableSteps({ loss }: Pick<GoldenTrace, 'loss'>): number {
  const end = loss.findIndex((value) => !(value <= 500 * loss[0]!));
  return end < 0 ? loss.length : end;
}

/** Errors of the first `steps`, relative to the larger of the value and a thousandth of the first value. */
export function relativeErrors(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  steps: number,
): number[] {
  return Array.from({ length: steps }, (_, t) => {
    const scale = Math.max(Math.abs(expected[t]!), Math.abs(expected[0]!) / 1000);
    return Math.abs(actual[t]! - expected[t]!) / scale;
  });
}

import { makeData } from '../../src/experiment/data';
import { initialParameters, layerGains } from '../../src/experiment/initialization';
import { normal } from '../../src/experiment/random';
import type { TrialDocument } from '../../src/experiment/types';
import { workloadTrials, WORKLOADS as TRAINING } from '../../src/bench/workloads';
import { planOf } from '../../src/training/planner';
import type { MatmulTask, TrainingTask } from './contestant';

interface TrainingWorkload {
  readonly kind: 'training';
  readonly title: string;
  trials(count: number): TrialDocument[];
}
interface MatmulWorkload {
  readonly kind: 'matmul';
  readonly title: string;
  readonly size: Omit<MatmulTask, 'a' | 'b'>;
}

const matmul = (batch: number, rows: number, inner: number, cols: number): MatmulWorkload => ({
  kind: 'matmul',
  title: `matmul ${batch === 1 ? '' : `${batch} × `}(${rows}·${inner}·${cols})`,
  size: { batch, rows, inner, cols },
});

export const WORKLOADS: Readonly<Record<string, TrainingWorkload | MatmulWorkload>> = {
  ...Object.fromEntries(
    TRAINING.map((workload) => [
      workload.id,
      {
        kind: 'training' as const,
        title: `${workload.id}: ${workload.name}`,
        trials: (count: number) => workloadTrials(workload, count),
      },
    ]),
  ),
  matmul512: matmul(1, 512, 512, 512),
  matmul1024: matmul(1, 1024, 1024, 1024),
  matmulBatch: matmul(1024, 64, 32, 32),
};

export function trainingTask(workload: TrainingWorkload, trials: number): TrainingTask {
  const documents = workload.trials(trials);
  const first = documents[0]!;
  const plan = planOf(first);
  const { weights, gammas, betas } = initialParameters(first.model, first.seed);
  const gains = documents.map(({ model }) => layerGains(model));
  const rate = (layer: number, learningRate: number | number[]) =>
    typeof learningRate === 'number' ? learningRate : learningRate[layer]!;
  return {
    plan,
    documents,
    data: makeData(first),
    initial: plan.layers.map(({ normalized }, layer) => ({
      weights: forAll(gains, weights[layer]!, (gain) => gain[layer]!),
      ...(normalized && {
        gamma: forAll(gains, gammas[layer]!, () => 1),
        beta: forAll(gains, betas[layer]!, () => 1),
      }),
    })),
    rates: plan.layers.map((_, layer) =>
      Float32Array.from(documents, ({ optimizer }) => rate(layer, optimizer.learningRate)),
    ),
  };
}

/** A vector times a factor of each trial. */
function forAll<Trial>(
  trials: readonly Trial[],
  vector: Float32Array,
  factor: (trial: Trial) => number,
): Float32Array {
  const all = new Float32Array(trials.length * vector.length);
  for (const [index, trial] of trials.entries())
    all.set(
      vector.map((value) => value * Math.fround(factor(trial))),
      index * vector.length,
    );
  return all;
}

export function matmulTask({ size }: MatmulWorkload): MatmulTask {
  const { batch, rows, inner, cols } = size;
  const values = (layer: number, length: number) =>
    Float32Array.from({ length }, (_, i) => normal(1, 'data', layer, i));
  return { ...size, a: values(0, batch * rows * inner), b: values(1, batch * inner * cols) };
}

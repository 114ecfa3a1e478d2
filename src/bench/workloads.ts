import { axisValues } from '../experiment/axes';
import { parseExperiment } from '../experiment/parse';
import { withArm, withAxes, baseTrial } from '../experiment/trial';
import type { TrialDocument } from '../experiment/types';

/** A training task by which engines are compared. */
export interface Workload {
  readonly id: string;
  readonly name: string;
  /** JSON for `parseExperiment`, the counts of its axes aside. One arm; no trial of it diverges. */
  readonly document: Readonly<Record<string, unknown>> & {
    readonly axes: { readonly x: object; readonly y: object };
  };
}

const HEADER = { format: 'normscape/experiment', version: 1 };
const WITHOUT = [{ name: 'without batch norm', set: { 'model.normalization.type': 'none' } }];
const WITH = [{ name: 'with batch norm', set: {} }];
const axis = (parameter: string, from: number, to: number) => ({ parameter, scale: 'log', from, to });
const GAIN = axis('model.initialization.gain', 0.75, 1.25);

/** Sohl-Dickstein's network of arXiv 2402.06184. */
const meanField = (samples: number) => ({
  ...HEADER,
  model: {
    inputs: 16,
    hidden: [16],
    outputs: 1,
    activation: 'tanh',
    preactivationGain: Math.SQRT2,
    scaling: 'mean-field',
    initialization: { type: 'normal' },
  },
  data: { type: 'gaussian', samples },
  loss: 'mse',
  optimizer: { learningRate: [0.1, 0.1], steps: 500 },
  axes: { x: axis('optimizer.learningRate[0]', 0.01, 1), y: axis('optimizer.learningRate[1]', 0.01, 1) },
  arms: WITHOUT,
  rule: { type: 'sohl-dickstein' },
});

const DEEP = {
  ...HEADER,
  model: { inputs: 8, hidden: [32, 32, 32, 32], outputs: 1, activation: 'relu' },
  data: { type: 'teacher', samples: 64 },
  loss: 'half-mse',
  optimizer: { learningRate: 0.001, steps: 500 },
  axes: { x: axis('optimizer.learningRate', 1e-4, 1e-2), y: GAIN },
};

/** The plane of the headline preset, which most readers look at first. */
const HEADLINE = {
  ...DEEP,
  model: { inputs: 8, hidden: [16, 16, 16, 16], outputs: 1, activation: 'relu' },
  data: { type: 'teacher', samples: 128 },
};

export const WORKLOADS: readonly Workload[] = [
  { id: 'A', name: 'tanh 16-16-1, mean-field, 16 samples', document: meanField(16) },
  { id: "A'", name: 'tanh 16-16-1, mean-field, 272 samples', document: meanField(272) },
  {
    id: 'B',
    name: 'ReLU 8-32-32-32-32-1, 64 samples, without batch norm',
    document: { ...DEEP, arms: WITHOUT },
  },
  {
    id: 'C',
    name: 'ReLU 8-32-32-32-32-1, 64 samples, with batch norm (trained γ, β)',
    document: { ...DEEP, arms: WITH },
  },
  {
    id: 'D',
    name: 'chain 1-1-1-1-1-1, 64 samples, with batch norm',
    document: {
      ...HEADER,
      model: {
        inputs: 1,
        hidden: [1, 1, 1, 1],
        outputs: 1,
        activation: 'identity',
        initialization: { type: 'constant' },
      },
      data: { type: 'linear', samples: 64, target: 1 },
      loss: 'half-mse',
      optimizer: { learningRate: 0.01, steps: 500 },
      axes: { x: axis('optimizer.learningRate', 1e-4, 1e-2), y: GAIN },
      arms: WITH,
    },
  },
  {
    id: 'T',
    name: 'ReLU 8-16-16-16-16-1, 128 samples, without batch norm',
    document: { ...HEADLINE, arms: WITHOUT },
  },
  {
    id: 'T+BN',
    name: 'ReLU 8-16-16-16-16-1, 128 samples, with batch norm (trained γ, β)',
    document: { ...HEADLINE, arms: WITH },
  },
];

/** `trials` different trials of a workload, from a square map of it. */
export function workloadTrials({ document }: Workload, trials: number): TrialDocument[] {
  const count = Math.ceil(Math.sqrt(trials));
  const { x, y } = document.axes;
  const experiment = parseExperiment({ ...document, axes: { x: { ...x, count }, y: { ...y, count } } });
  const { axes, arms } = experiment;
  const trial = withArm(baseTrial(experiment), arms[0]!);
  const [xs, ys] = [axisValues(axes.x), axisValues(axes.y!)];
  return Array.from({ length: trials }, (_, i) =>
    withAxes(trial, axes, xs[i % count]!, ys[Math.floor(i / count)]!),
  );
}

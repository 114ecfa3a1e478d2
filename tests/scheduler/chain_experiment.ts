import { parseExperiment } from '../../src/experiment/parse';
import type { Experiment } from '../../src/experiment/types';

export interface ChainSizes {
  nx?: number;
  ny?: number;
  steps?: number;
  replicates?: number;
}

/** Learning rate × gain of a network of two weights, with and without batch norm: cheap, and with all three classes. */
export function chainExperiment(
  { nx = 9, ny = 7, steps = 12, replicates = 2 }: ChainSizes = {},
  rest: Record<string, unknown> = {},
): Experiment {
  return parseExperiment({
    format: 'normscape/experiment',
    version: 1,
    model: {
      inputs: 1,
      hidden: [1],
      outputs: 1,
      activation: 'identity',
      initialization: { type: 'constant' },
    },
    data: { type: 'linear', samples: 4 },
    loss: 'half-mse',
    optimizer: { learningRate: 1, steps },
    replicates,
    axes: {
      x: { parameter: 'optimizer.learningRate', scale: 'log', from: 0.25, to: 4, count: nx },
      y: { parameter: 'model.initialization.gain', scale: 'linear', from: 0.5, to: 2, count: ny },
    },
    arms: [
      { name: 'without', set: { 'model.normalization.type': 'none' } },
      { name: 'with', set: { 'model.normalization.type': 'batch' } },
    ],
    rule: { type: 'threshold', divergence: 1000, target: 0.5, window: 4 },
    ...rest,
  });
}

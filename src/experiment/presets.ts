import { parseExperiment } from './parse';
import { ExperimentError, type Experiment } from './types';

export interface Preset {
  id: string;
  name: string;
  /** What to look for. */
  question: string;
  /** JSON for `parseExperiment`. */
  document: Readonly<Record<string, unknown>>;
}

const HEADER = { format: 'normscape/experiment', version: 1 };

/** The headline test bed: 128 samples of a teacher, ReLU layers of 16, He initialization, full batch. */
const TEST_BED = {
  ...HEADER,
  model: { inputs: 8, hidden: [16, 16, 16, 16], outputs: 1, activation: 'relu' },
  data: { type: 'teacher', samples: 128 },
  loss: 'half-mse',
  optimizer: { learningRate: 0.1, steps: 100 },
};

const axis = (parameter: string, from: number, to: number, count = 64) => ({
  parameter,
  scale: 'log',
  from,
  to,
  count,
});
const learningRate = axis('optimizer.learningRate', 1e-4, 10);
const gain = axis('model.initialization.gain', 0.5, 4);

const documents: readonly Preset[] = [
  {
    id: 'init-gain',
    name: 'Init gain × learning rate',
    question:
      'Without batch norm the largest learning rate that trains falls steeply as the initial weights grow; does the edge stay where it is with batch norm?',
    document: {
      ...TEST_BED,
      // The page begins in the row of the document's own gain: one where the two arms differ.
      model: { ...TEST_BED.model, initialization: { type: 'he', gain: 1.25 } },
      axes: { x: learningRate, y: gain },
    },
  },
  {
    id: 'depth',
    name: 'Depth × learning rate',
    question: 'Does each layer added cost learning rate, and does batch norm pay that cost?',
    document: {
      ...TEST_BED,
      axes: { x: learningRate, y: { ...axis('model.depth', 1, 16, 16), scale: 'linear' } },
    },
  },
  {
    id: 'chain',
    name: 'Goodfellow’s chain',
    question:
      'In ŷ = abcde the step in a is scaled by bcde: how does the edge move when all five weights grow together, and what is left of that with batch norm?',
    document: {
      ...HEADER,
      model: {
        inputs: 1,
        hidden: [1, 1, 1, 1],
        outputs: 1,
        activation: 'identity',
        // With a gain of 1 the chain is right from the start, and nothing is left to learn.
        initialization: { type: 'constant', gain: 1.25 },
      },
      data: { type: 'linear', target: 1 },
      loss: 'half-mse',
      optimizer: { learningRate: 0.1, steps: 200 },
      axes: { x: learningRate, y: axis('model.initialization.gain', 0.3, 3) },
    },
  },
  {
    id: 'sigmoid-two-layer',
    name: 'Two sigmoid layers',
    question:
      'A sigmoid’s derivative is at most ¼, so no factor of it can explode: where does training fail all the same, and does batch norm keep the units out of saturation?',
    document: {
      ...HEADER,
      model: {
        inputs: 2,
        hidden: [16, 16],
        outputs: 1,
        activation: 'sigmoid',
        bias: true,
        initialization: { type: 'glorot' },
      },
      data: { type: 'moons', samples: 128 },
      loss: 'logistic',
      optimizer: { learningRate: 1, steps: 300 },
      axes: {
        x: axis('optimizer.learningRate', 1e-2, 1e3),
        y: axis('model.initialization.gain', 0.25, 32),
      },
    },
  },
  {
    id: 'sohl-dickstein',
    name: 'The fractal edge',
    question:
      'With one learning rate for each layer, how rough is the border between training and divergence, and which of its sides does batch norm take away?',
    document: {
      ...HEADER,
      model: {
        inputs: 16,
        hidden: [16],
        outputs: 1,
        activation: 'tanh',
        preactivationGain: Math.SQRT2,
        scaling: 'mean-field',
        normalization: { affine: 'frozen' },
        initialization: { type: 'normal' },
      },
      data: { type: 'gaussian', samples: 272 },
      loss: 'mse',
      optimizer: { learningRate: [1, 1], steps: 500 },
      axes: {
        x: axis('optimizer.learningRate[0]', 1e-3, 1e6),
        y: axis('optimizer.learningRate[1]', 1e-3, 1e6),
      },
      rule: { type: 'sohl-dickstein' },
    },
  },
  {
    id: 'batch-size',
    name: 'Batch size × learning rate',
    question:
      'With two samples a batch every normalized value is +1 or −1: how large must a batch be before batch norm helps?',
    document: { ...TEST_BED, axes: { x: learningRate, y: axis('optimizer.batch', 2, 128) } },
  },
];

/** Questions to start from; the first is the one that the page opens with. A preset's name is its document's too. */
export const PRESETS: readonly Preset[] = documents.map((preset) => ({
  ...preset,
  document: { ...preset.document, name: preset.name },
}));

/** @throws ExperimentError for an unknown id */
export function presetExperiment(id: string): Experiment {
  const preset = PRESETS.find((candidate) => candidate.id === id);
  if (!preset) {
    const known = PRESETS.map((candidate) => candidate.id).join(', ');
    throw new ExperimentError('preset', id, `one of ${known}`);
  }
  return parseExperiment(preset.document);
}

import { readdirSync, readFileSync } from 'node:fs';
import { parseExperiment } from '../../src/experiment/parse';
import { baseTrial } from '../../src/experiment/trial';
import type { TrialDocument } from '../../src/experiment/types';

/** The contract's own example. */
export function exampleDocument() {
  return {
    format: 'normscape/experiment',
    version: 1,
    name: 'Init gain × learning rate',
    model: {
      inputs: 8,
      hidden: [16, 16, 16, 16],
      outputs: 1,
      activation: 'relu',
      preactivationGain: 1,
      bias: false,
      scaling: 'standard',
      normalization: { type: 'batch', placement: 'pre', affine: 'trained', epsilon: 1e-5, layers: 'hidden' },
      initialization: { type: 'he', gain: 1 },
    },
    data: { type: 'teacher', samples: 128 },
    loss: 'half-mse',
    optimizer: {
      type: 'sgd',
      learningRate: 0.1,
      momentum: 0,
      weightDecay: 0,
      batch: 'full',
      steps: 200,
    },
    seed: 1,
    replicates: 1,
    axes: {
      x: { parameter: 'optimizer.learningRate', scale: 'log', from: 1e-4, to: 10, count: 64 },
      y: { parameter: 'model.initialization.gain', scale: 'log', from: 0.5, to: 4, count: 64 },
    },
    arms: [
      { name: 'without batch norm', set: { 'model.normalization.type': 'none' } },
      { name: 'with batch norm', set: { 'model.normalization.type': 'batch' } },
    ],
    rule: { type: 'threshold', divergence: 1000, target: 0.5, window: 20 },
  };
}

/** What is required and nothing else. */
export function minimalDocument() {
  return {
    format: 'normscape/experiment',
    version: 1,
    model: { inputs: 8, hidden: [16, 16, 16, 16], outputs: 1, activation: 'relu' },
    data: { type: 'teacher' },
    loss: 'half-mse',
    optimizer: { learningRate: 0.1, steps: 200 },
    axes: { x: { parameter: 'optimizer.learningRate', scale: 'log', from: 1e-4, to: 10, count: 64 } },
  };
}

/** A copy with some paths of keys replaced; `undefined` takes the field away. */
export function changed(
  document: unknown,
  changes: readonly [keys: (string | number)[], value: unknown][],
): unknown {
  const copy: unknown = structuredClone(document);
  for (const [keys, value] of changes) {
    const last = keys.at(-1) ?? '';
    const parent = keys.slice(0, -1).reduce<unknown>((node, key) => Reflect.get(Object(node), key), copy);
    const target = Object(parent);
    if (value === undefined) Reflect.deleteProperty(target, last);
    else Object.defineProperty(target, last, { value, enumerable: true, writable: true, configurable: true });
  }
  return copy;
}

/** A trial of the minimal document with changes. */
export function trialWith(...changes: [keys: (string | number)[], value: unknown][]): TrialDocument {
  return baseTrial(parseExperiment(changed(minimalDocument(), changes)));
}

const GOLDEN = new URL('../golden/', import.meta.url);

/** The experiments that PyTorch's results are of, by file name. */
export function goldenDocuments(): [name: string, document: unknown][] {
  return readdirSync(GOLDEN)
    .filter((name) => /^training-.*\.json$/.test(name))
    .map((name) => [name, JSON.parse(readFileSync(new URL(name, GOLDEN), 'utf8')).experiment]);
}

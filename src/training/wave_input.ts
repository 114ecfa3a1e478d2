import { bestConstantLoss, makeData } from '../experiment/data';
import { initialParameters, layerGains } from '../experiment/initialization';
import type { DataSet, TrialDocument } from '../experiment/types';
import type { WaveInput, WaveTrial } from './engine';
import type { Plan } from './plan';

/**
 * Gathers what trials of one plan need: data sets and initial parameters are made once and shared by all trials that agree on them.
 * Keeps what it made for the next waves of the same sweep.
 */
export class WaveInputs {
  private readonly datasets = new Map<string, { data: DataSet; bestConstant: number }>();
  private readonly initials = new Map<string, Float32Array>();
  private readonly identities = new WeakMap<object, number>();
  private identityCount = 0;

  of(plan: Plan, documents: readonly TrialDocument[]): WaveInput {
    const datasets = new Numbering<DataSet>();
    const initials = new Numbering<Float32Array>();
    const trials = documents.map((document): WaveTrial => {
      const { data, bestConstant } = this.dataOf(document);
      return {
        dataset: datasets.of(data),
        initial: initials.of(this.initialOf(plan, document)),
        seed: document.seed,
        settings: settingsOf(plan, document, bestConstant),
      };
    });
    return { plan, datasets: datasets.items, initials: initials.items, trials };
  }

  /** L*, the loss of the best constant prediction on the trial's data. */
  bestConstant(document: TrialDocument): number {
    return this.dataOf(document).bestConstant;
  }

  private dataOf(document: TrialDocument): { data: DataSet; bestConstant: number } {
    const { inputs, outputs } = document.model;
    const key = this.keyOf([document.data, inputs, outputs, document.seed, document.loss]);
    return remembered(this.datasets, key, () => {
      const data = makeData(document);
      return { data, bestConstant: bestConstantLoss(data, document.loss) };
    });
  }

  private initialOf(plan: Plan, { model, seed }: TrialDocument): Float32Array {
    const { gain: _gain, gainLayers: _gainLayers, ...drawn } = model.initialization;
    return remembered(this.initials, this.keyOf([plan.key, drawn, seed]), () => {
      const initial = initialParameters(model, seed);
      const vector = new Float32Array(plan.parameters);
      for (const [index, { weights, bias, affine, fanOut }] of plan.layers.entries()) {
        vector.set(initial.weights[index]!, weights.offset);
        if (bias) vector.set(initial.biases[index]!, bias.offset);
        if (affine) {
          vector.set(initial.gammas[index]!, affine.offset);
          vector.set(initial.betas[index]!, affine.offset + fanOut);
        }
      }
      return vector;
    });
  }

  /** Inline arrays may be large and are never changed: they count by identity. */
  private keyOf(parts: unknown): string {
    return JSON.stringify(parts, (_name, value: unknown) => {
      if (!Array.isArray(value) || !Array.isArray(value[0]) || value === parts) return value;
      const known = this.identities.get(value) ?? (this.identityCount += 1);
      this.identities.set(value, known);
      return `#${known}`;
    });
  }
}

class Numbering<Item> {
  readonly items: Item[] = [];
  private readonly numbers = new Map<Item, number>();

  of(item: Item): number {
    return remembered(this.numbers, item, () => this.items.push(item) - 1);
  }
}

function remembered<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function settingsOf(plan: Plan, document: TrialDocument, bestConstant: number): Float64Array {
  const { model, optimizer, rule } = document;
  const at = plan.settings;
  const row = new Float64Array(at.length);
  row[at.epsilon] = model.normalization.epsilon;
  row[at.preactivationGain] = model.preactivationGain;
  row[at.momentum] = optimizer.momentum;
  row[at.weightDecay] = optimizer.weightDecay;
  row[at.divergence] = rule.type === 'threshold' ? rule.divergence : 0;
  row[at.bestConstant] = bestConstant;
  const rate = perLayer(optimizer.learningRate);
  const rateNorm = optimizer.learningRateNorm === undefined ? rate : perLayer(optimizer.learningRateNorm);
  const gains = layerGains(model);
  for (let layer = 0; layer < plan.layers.length; layer += 1) {
    row[at.learningRate + layer] = rate(layer);
    row[at.learningRateNorm + layer] = rateNorm(layer);
    row[at.gain + layer] = gains[layer]!;
  }
  return row;
}

function perLayer(value: number | readonly number[]): (layer: number) => number {
  return typeof value === 'number' ? () => value : (layer) => value[layer]!;
}

import { bestConstantLoss, makeData } from '../experiment/data';
import { initialParameters, layerGains } from '../experiment/initialization';
import type { DataSet, Initialization, TrialDocument } from '../experiment/types';
import type { Needs, WaveInput, WaveTrial } from './engine';
import type { Plan } from './plan';

/** What a wave may take on the engine's device, in bytes, and what its parts do. */
export interface Budget {
  readonly bytes: number;
  readonly needs: Pick<Needs, 'trial' | 'wave' | 'initial'>;
}

const UNLIMITED: Budget = { bytes: Infinity, needs: { trial: 0, wave: 0, initial: 0 } };
/** The largest buffer that every WebGPU device can bind: all data sets of a wave share one. */
const BINDABLE = 128 * 2 ** 20;
/** What is kept for later waves; a sweep along a data set's parameter has a data set in every cell. */
const KEPT_BYTES = 64 * 2 ** 20;
/** What a kept vector takes besides its numbers: its objects and its key. */
const KEPT_OVERHEAD = 1024;

interface Made {
  readonly data: DataSet;
  readonly bestConstant: number;
}

/**
 * Gathers what trials of one plan need: data sets and initial parameters are made once and shared by all trials that agree on them.
 * Keeps what it made for the next waves of the same sweep.
 */
export class WaveInputs {
  private readonly datasets = new Map<string, Made>();
  private readonly initials = new Map<string, Float32Array>();
  private kept = 0;
  private readonly identities = new WeakMap<object, number>();
  private identityCount = 0;
  /** What the last trial with a seed had: neighbours nearly always agree, and to compare is cheaper than to spell a key. */
  private readonly latestData = new Map<number, { document: TrialDocument; made: Made }>();
  private readonly latestInitial = new Map<
    number,
    { plan: Plan; from: Initialization; vector: Float32Array }
  >();

  of(plan: Plan, documents: Iterable<TrialDocument>): WaveInput {
    const wave = this.begin(plan);
    for (const document of documents) wave.add(document);
    return wave;
  }

  /** A wave without trials, which takes as many as its budget allows. */
  begin(plan: Plan, budget = UNLIMITED): GrowingWave {
    return new GrowingWave(
      plan,
      budget,
      (document) => this.dataOf(document),
      (document) => this.initialOf(plan, document),
    );
  }

  private dataOf(document: TrialDocument): Made {
    const { model, data, loss, seed } = document;
    const latest = this.latestData.get(seed);
    if (
      latest &&
      latest.document.data === data &&
      latest.document.loss === loss &&
      latest.document.model.inputs === model.inputs &&
      latest.document.model.outputs === model.outputs
    )
      return latest.made;
    const key = this.keyOf([data, model.inputs, model.outputs, seed, loss]);
    let made = this.datasets.get(key);
    if (!made) {
      const set = makeData(document);
      made = { data: set, bestConstant: bestConstantLoss(set, loss) };
      this.keep(set.x.byteLength + set.y.byteLength);
      this.datasets.set(key, made);
    }
    this.latestData.set(seed, { document, made });
    return made;
  }

  private initialOf(plan: Plan, { model, seed }: TrialDocument): Float32Array {
    const from = model.initialization;
    const latest = this.latestInitial.get(seed);
    if (latest && latest.plan === plan && drawAlike(latest.from, from)) return latest.vector;
    const { gain: _gain, gainLayers: _gainLayers, ...drawn } = from;
    const key = this.keyOf([plan.key, drawn, seed]);
    let vector = this.initials.get(key);
    if (!vector) {
      const initial = initialParameters(model, seed);
      vector = new Float32Array(plan.parameters);
      for (const [index, { weights, bias, affine, fanOut }] of plan.layers.entries()) {
        vector.set(initial.weights[index]!, weights.offset);
        if (bias) vector.set(initial.biases[index]!, bias.offset);
        if (affine) {
          vector.set(initial.gammas[index]!, affine.offset);
          vector.set(initial.betas[index]!, affine.offset + fanOut);
        }
      }
      this.keep(vector.byteLength);
      this.initials.set(key, vector);
    }
    this.latestInitial.set(seed, { plan, from, vector });
    return vector;
  }

  /** Counts what is kept, and drops all of it where it would become too much: what is needed again is made again. */
  private keep(bytes: number): void {
    this.kept += bytes + KEPT_OVERHEAD;
    if (this.kept <= KEPT_BYTES) return;
    for (const known of [this.datasets, this.initials, this.latestData, this.latestInitial]) known.clear();
    this.kept = bytes + KEPT_OVERHEAD;
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

/** Whether two initializations draw the same numbers, before the gain. */
function drawAlike(a: Initialization, b: Initialization): boolean {
  return (
    a.type === b.type &&
    a.weights === b.weights &&
    a.biases === b.biases &&
    a.gammas === b.gammas &&
    a.betas === b.betas
  );
}

/** The input of a wave, trial by trial. */
export class GrowingWave implements WaveInput {
  readonly datasets: DataSet[] = [];
  readonly initials: Float32Array[] = [];
  readonly trials: WaveTrial[] = [];
  private readonly datasetNumbers = new Map<DataSet, number>();
  private readonly initialNumbers = new Map<Float32Array, number>();
  /** What it takes on the engine's device. */
  bytes: number;

  constructor(
    readonly plan: Plan,
    private readonly budget: Budget,
    private readonly dataOf: (document: TrialDocument) => Made,
    private readonly initialOf: (document: TrialDocument) => Float32Array,
  ) {
    this.bytes = budget.needs.wave;
  }

  /** Takes one more trial, or says that it does not fit; a first one always does. */
  add(document: TrialDocument): boolean {
    const { data, bestConstant } = this.dataOf(document);
    const initial = this.initialOf(document);
    const { datasets, initials, trials, budget } = this;
    const isNewData = !this.datasetNumbers.has(data);
    const isNewInitial = !this.initialNumbers.has(initial);
    const bytes =
      this.bytes +
      budget.needs.trial +
      (isNewInitial ? budget.needs.initial : 0) +
      (isNewData ? data.x.byteLength + data.y.byteLength : 0);
    const longest = Math.max(data.x.byteLength, data.y.byteLength) * (datasets.length + (isNewData ? 1 : 0));
    if (trials.length > 0 && (bytes > budget.bytes || longest > BINDABLE)) return false;
    this.bytes = bytes;
    if (isNewData) this.datasetNumbers.set(data, datasets.push(data) - 1);
    if (isNewInitial) this.initialNumbers.set(initial, initials.push(initial) - 1);
    trials.push({
      dataset: this.datasetNumbers.get(data)!,
      initial: this.initialNumbers.get(initial)!,
      seed: document.seed,
      settings: settingsOf(this.plan, document, bestConstant),
    });
    return true;
  }
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
  const { learningRate, learningRateNorm = learningRate } = optimizer;
  const gains = layerGains(model);
  for (let layer = 0; layer < plan.layers.length; layer += 1) {
    row[at.learningRate + layer] = ofLayer(learningRate, layer);
    row[at.learningRateNorm + layer] = ofLayer(learningRateNorm, layer);
    row[at.gain + layer] = gains[layer]!;
  }
  return row;
}

/** What may be one number for all layers, or a list with one for each. */
function ofLayer(value: number | readonly number[], layer: number): number {
  return typeof value === 'number' ? value : value[layer]!;
}

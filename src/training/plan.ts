import type { KernelCall, Owner, TensorView } from '../kernels/kernel';
import type { Activation, Loss, Model, TrialDocument } from '../experiment/types';

/**
 * A model as data: the kernel calls of one training step, and the buffers that they work on.
 * Every engine runs this same list; a new kind of layer is one kernel (with its twin) and one line in `forward` and `backward`.
 *
 * Lengths are in elements and belong to one owner (a trial, a data set, an initial parameter vector).
 */
export interface Plan {
  /** Trials whose documents have the same key share a plan, and may share a wave. */
  readonly key: string;
  /** One that has this key. */
  readonly document: TrialDocument;
  readonly layers: readonly Layer[];
  readonly activation: Activation;
  /** False where no unit has an activation, or only the identity with gain 1, which is no kernel at all. */
  readonly activated: boolean;
  /** Whether normalization stands after the activation. */
  readonly normalizedAfter: boolean;
  /** Whether γ and β stay what they are. */
  readonly frozen: boolean;
  /** False where every trial's is 0, and there is no velocity to carry. */
  readonly momentum: boolean;
  /** The kernels' constant LOSS. */
  readonly loss: number;
  /** Whether a diverged trial stops there (the threshold rule). */
  readonly stops: boolean;
  readonly inputs: number;
  readonly outputs: number;
  readonly buffers: Readonly<Record<string, PlanBuffer>>;
  /** Run once, before step 0. */
  readonly start: readonly KernelCall[];
  /** One training step: the loss before update t, the gradient, the update, the record. */
  readonly step: readonly KernelCall[];
  /** The last step, in which the network is looked at besides. */
  readonly lastStep: readonly KernelCall[];
  /** Elements of a trial's parameter vector: for each layer W, then b, then γ and β, as far as they exist. */
  readonly parameters: number;
  /** For each parameter two words: its learning rate's index in the settings with the flags below; its gain's index, or `NO_GAIN`. */
  readonly segments: Uint32Array<ArrayBuffer>;
  readonly settings: Settings;
  /** Training steps of a trial. */
  readonly steps: number;
  /** Samples of the data set, and of one update. */
  readonly samples: number;
  readonly batch: number;
  /** Whether each update has samples drawn with replacement, which may be as many as there are; else it has all of them. */
  readonly minibatch: boolean;
  /** How many of the latest losses are kept: the rule's window, or every step when tracing. */
  readonly ring: number;
  readonly tracing: boolean;
}

export interface Layer {
  readonly fanIn: number;
  readonly fanOut: number;
  /** k of Z = k·(A·W) + b. */
  readonly scale: number;
  readonly normalized: boolean;
  readonly weights: TensorView;
  readonly bias: TensorView | undefined;
  /** γ, then β. */
  readonly affine: TensorView | undefined;
}

export interface PlanBuffer {
  readonly length: number;
  readonly owner: Owner | 'plan';
  readonly type: 'f32' | 'u32';
  /** Carried from step to step; the rest is scratch that the next trial may overwrite. */
  readonly persistent: boolean;
}

/** Where a trial's scalars lie in its row of the buffer `settings`. */
export interface Settings {
  readonly length: number;
  readonly epsilon: number;
  readonly preactivationGain: number;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly divergence: number;
  readonly bestConstant: number;
  /** + layer */
  readonly learningRate: number;
  readonly learningRateNorm: number;
  readonly gain: number;
}

export const DECAYS = 0x80000000;
export const FROZEN = 0x40000000;
export const NO_GAIN = 0xffffffff;

/** Words of a trial's state, as the kernels `outcome_record`, `saturation` and `nonfinite` write them. */
export const STATE = {
  clock: 0,
  divergedAt: 1,
  lossInitial: 2,
  lossLast: 3,
  lossMin: 4,
  sumV: 5,
  sumInverseV: 6,
  recorded: 7,
  lossMax: 8,
  /** Of the last step: the share of the units that are saturated; how many parameters are no finite numbers. */
  saturated: 9,
  nonfinite: 10,
  length: 11,
} as const;

/** The window over which arXiv 2402.06184 takes its mean. */
export const SOHL_DICKSTEIN_WINDOW = 20;
/** The kernels' constant ACTIVATION. */
export const ACTIVATION: Readonly<Record<Activation, number>> = { identity: 0, relu: 1, sigmoid: 2, tanh: 3 };
/** The kernels' constant LOSS. */
const LOSS: Readonly<Record<Loss, number>> = { mse: 0, 'half-mse': 1, logistic: 2 };

/** What of a document decides its plan; everything else varies within a wave. */
export function planKey(document: TrialDocument, tracing = false): string {
  const { model, optimizer, rule } = document;
  const { type, placement, affine, layers } = model.normalization;
  return JSON.stringify([
    model.inputs,
    model.hidden,
    model.outputs,
    model.activation,
    model.activation === 'identity' && model.preactivationGain === 1,
    model.bias,
    model.scaling,
    type === 'none' ? type : [type, placement, affine, layers],
    samplesOf(document),
    document.loss,
    optimizer.momentum !== 0,
    optimizer.batch,
    optimizer.steps,
    rule.type === 'threshold' ? rule.window : rule.type,
    tracing,
  ]);
}

/**
 * The parameters of an axis by which `planKey` may change. Said by name: to look along the axes would miss a width that only
 * counts where there is a layer.
 */
const IN_PLANS =
  /^(?:model\.(?:depth|width|inputs|outputs|hidden\[\d+\]|preactivationGain)|optimizer\.(?:momentum|batch|steps)|data\.samples|rule\.window)$/;

/** Whether trials along an axis of this parameter may have different plans. */
export function changesPlans(parameter: string): boolean {
  return IN_PLANS.test(parameter);
}

export function planOf(document: TrialDocument, tracing = false): Plan {
  return new Planner(document, tracing).plan();
}

export function samplesOf({ data }: TrialDocument): number {
  return data.type === 'inline' ? data.x.length : data.samples;
}

/** Multiply-adds of one training step of a trial, about. */
export function operationsOf({ layers, batch, samples, minibatch }: Plan): number {
  const rows = minibatch ? samples + 3 * batch : 3 * samples;
  return layers.reduce((sum, { fanIn, fanOut }) => sum + rows * fanIn * fanOut, 0);
}

/** Losses over which a rule takes its mean. */
export function windowOf({ rule }: TrialDocument): number {
  return rule.type === 'threshold' ? rule.window : SOHL_DICKSTEIN_WINDOW;
}

/** The call that gives a vector of `parameters` its initial values, base × gain. */
export function initializeCall(parameters: number, settings: number): KernelCall {
  const whole = (buffer: string, length: number): TensorView => ({ buffer, offset: 0, length });
  return {
    kernel: 'initialize',
    tensors: {
      base: whole('base', parameters),
      segments: whole('segments', 2 * parameters),
      settings: whole('settings', settings),
      parameters: whole('parameters', parameters),
    },
    fields: {},
    variant: {},
  };
}

class Planner {
  private readonly model: Model;
  private readonly samples: number;
  private readonly batch: number;
  private readonly buffers: Record<string, PlanBuffer> = {};
  private readonly calls: KernelCall[] = [];
  /** With those of the last step alone. */
  private readonly lastCalls: KernelCall[] = [];
  private readonly settings: Settings;
  private readonly layers: Layer[] = [];
  private parameters = 0;
  private readonly activated: boolean;

  constructor(
    private readonly document: TrialDocument,
    private readonly tracing: boolean,
  ) {
    this.model = document.model;
    this.samples = samplesOf(document);
    this.batch = document.optimizer.batch === 'full' ? this.samples : document.optimizer.batch;
    const { activation, preactivationGain, hidden } = this.model;
    this.activated = hidden.length > 0 && (activation !== 'identity' || preactivationGain !== 1);
    this.settings = settingsLayout(this.model.hidden.length + 1);
    this.addLayers();
  }

  plan(): Plan {
    const { optimizer, rule } = this.document;
    const { parameters, settings } = this;
    const ring = this.tracing ? optimizer.steps : Math.min(windowOf(this.document), optimizer.steps);
    const whole = (buffer: string, length: number) => this.view(buffer, length, 'trial', true);
    const theta = whole('parameters', parameters);
    const gradient = whole('gradient', parameters);
    const state = this.view('state', STATE.length, 'trial', true, 'u32');
    const settingsView = whole('settings', settings.length);
    const segments = this.view('segments', 2 * parameters, 'plan', true, 'u32');

    this.view('base', parameters, 'initial', true);

    const x = this.view('x', this.samples * this.model.inputs, 'dataset', true);
    const y = this.view('y', this.samples * this.model.outputs, 'dataset', true);
    const loss = this.view('loss', 1, 'trial', false);
    const LOSS_KIND = { LOSS: LOSS[this.document.loss] };
    let input = x;
    let target = y;
    let prediction = this.forward(x, this.samples);
    this.examine(state, theta);
    this.call('loss_forward', { prediction, target: y, loss }, {}, LOSS_KIND);
    if (optimizer.batch !== 'full') {
      input = this.view('batch_x', this.batch * this.model.inputs);
      target = this.view('batch_y', this.batch * this.model.outputs);
      this.call(
        'gather',
        { x, y, state, batch_x: input, batch_y: target },
        { samples: this.samples, batch: this.batch, inputs: this.model.inputs, outputs: this.model.outputs },
      );
      prediction = this.forward(input, this.batch);
    }
    const delta = this.delta(0, prediction.length);
    this.call('loss_backward', { prediction, target, gradient: delta }, {}, LOSS_KIND);
    this.backward(input, this.batch);
    if (this.tracing) this.norms(ring, state);
    this.call(
      'sgd_update',
      {
        gradient,
        segments,
        settings: settingsView,
        velocity: whole('velocity', parameters),
        parameters: theta,
      },
      { momentum_at: settings.momentum, weight_decay_at: settings.weightDecay },
    );
    this.call(
      'outcome_record',
      {
        loss: this.view('loss', 1),
        settings: settingsView,
        history: this.view('history', ring, 'trial', true, 'u32'),
        state,
      },
      { ring, divergence_at: settings.divergence, best_constant_at: settings.bestConstant },
      { STOPS: rule.type === 'threshold' ? 1 : 0 },
    );

    return {
      key: planKey(this.document, this.tracing),
      document: this.document,
      layers: this.layers,
      activation: this.model.activation,
      activated: this.activated,
      normalizedAfter: this.model.normalization.placement === 'post',
      frozen: this.model.normalization.affine === 'frozen',
      momentum: optimizer.momentum !== 0,
      loss: LOSS[this.document.loss],
      stops: rule.type === 'threshold',
      inputs: this.model.inputs,
      outputs: this.model.outputs,
      buffers: this.buffers,
      start: [initializeCall(parameters, settings.length)],
      step: this.calls,
      lastStep: this.lastCalls,
      parameters,
      segments: this.segments(),
      settings,
      steps: optimizer.steps,
      samples: this.samples,
      batch: this.batch,
      minibatch: optimizer.batch !== 'full',
      ring,
      tracing: this.tracing,
    };
  }

  private addLayers(): void {
    const { model } = this;
    const widths = [model.inputs, ...model.hidden, model.outputs];
    const last = widths.length - 2;
    const { type, layers } = model.normalization;
    const part = (length: number): TensorView => {
      const view = { buffer: 'parameters', offset: this.parameters, length };
      this.parameters += length;
      return view;
    };
    for (let layer = 0; layer <= last; layer += 1) {
      const fanIn = widths[layer]!;
      const fanOut = widths[layer + 1]!;
      const chosen = { hidden: layer < last, all: true, last: layer === last - 1 };
      const normalized = type === 'batch' && chosen[layers];
      this.layers.push({
        fanIn,
        fanOut,
        scale: outputScale(model, fanIn, layer === last),
        normalized,
        weights: part(fanIn * fanOut),
        bias: model.bias ? part(fanOut) : undefined,
        affine: normalized ? part(2 * fanOut) : undefined,
      });
    }
  }

  private segments(): Uint32Array<ArrayBuffer> {
    const words = new Uint32Array(2 * this.parameters);
    const fill = ({ offset, length }: TensorView, rate: number, gain: number) => {
      for (let p = offset; p < offset + length; p += 1) {
        words[2 * p] = rate;
        words[2 * p + 1] = gain;
      }
    };
    const frozen = this.model.normalization.affine === 'frozen' ? FROZEN : 0;
    for (const [index, { weights, bias, affine }] of this.layers.entries()) {
      const rate = this.settings.learningRate + index;
      fill(weights, (rate | DECAYS) >>> 0, this.settings.gain + index);
      if (bias) fill(bias, rate, NO_GAIN);
      if (affine) fill(affine, (this.settings.learningRateNorm + index) | frozen, NO_GAIN);
    }
    return words;
  }

  /** Appends the calls from `input` (rows × inputs) to the prediction, and says where that lies. */
  private forward(input: TensorView, rows: number): TensorView {
    let a = input;
    for (const [index, layer] of this.layers.entries()) {
      const size = rows * layer.fanOut;
      const isOutput = index === this.layers.length - 1;
      const activated = this.activated && !isOutput;
      const before = layer.normalized && (isOutput || this.model.normalization.placement === 'pre');
      const after = layer.normalized && !before;
      const output = this.view(`a${index}`, size);
      // What the backward pass needs again has a buffer of its own; the rest passes through scratch.
      const kept = () => this.view(`z${index}`, size);
      const z = before || (after && !activated) ? kept() : activated ? this.view('scratch', size) : output;
      this.call(
        'matmul',
        { a, b: layer.weights, out: z },
        { rows, inner: layer.fanIn, cols: layer.fanOut, scale: layer.scale },
        { TRANSPOSE_A: 0, TRANSPOSE_B: 0 },
      );
      if (layer.bias) this.call('bias_forward', { bias: layer.bias, z }, { rows, cols: layer.fanOut });
      let current = z;
      if (before)
        current = this.normalize(
          layer,
          index,
          current,
          activated ? this.view('scratch', size) : output,
          rows,
        );
      if (activated) current = this.activate(current, after ? kept() : output);
      if (after) current = this.normalize(layer, index, current, output, rows);
      a = current;
    }
    return a;
  }

  private normalize(layer: Layer, index: number, x: TensorView, y: TensorView, rows: number): TensorView {
    const stats = this.stats(layer, index);
    const fields = { rows, features: layer.fanOut };
    const epsilon = this.setting(this.settings.epsilon);
    this.call('batch_norm_forward', { x, epsilon, affine: layer.affine!, stats, y }, fields);
    return y;
  }

  private activate(x: TensorView, y: TensorView): TensorView {
    this.call(`${this.model.activation}_forward`, { x, gain: this.gain(), y }, {});
    return y;
  }

  /** Appends the calls from the loss's gradient (in delta 0) back to every parameter's gradient. */
  private backward(input: TensorView, rows: number): void {
    let turn = 0;
    for (let index = this.layers.length - 1; index >= 0; index -= 1) {
      const layer = this.layers[index]!;
      const size = rows * layer.fanOut;
      const isOutput = index === this.layers.length - 1;
      const activated = this.activated && !isOutput;
      const before = layer.normalized && (isOutput || this.model.normalization.placement === 'pre');
      const after = layer.normalized && !before;
      // No call may read and write one buffer, so the gradient swings between two.
      const here = () => this.delta(turn, size);
      const next = () => this.delta((turn += 1), size);
      const normalization = () => {
        const dy = here();
        this.call(
          'batch_norm_backward',
          {
            x: this.view(`z${index}`, size),
            stats: this.stats(layer, index),
            affine: layer.affine!,
            dy,
            gradient: { ...layer.affine!, buffer: 'gradient' },
            dx: next(),
          },
          { rows, features: layer.fanOut },
        );
      };
      if (after) normalization();
      if (activated) {
        const y = this.view(this.activationOf(layer, index), size);
        const dy = here();
        this.call(`${this.model.activation}_backward`, { y, dy, gain: this.gain(), dx: next() }, {});
      }
      if (before) normalization();
      const dz = here();
      if (layer.bias)
        this.call(
          'bias_backward',
          { dz, gradient: { ...layer.bias, buffer: 'gradient' } },
          { rows, cols: layer.fanOut },
        );
      const below = index === 0 ? input : this.view(`a${index - 1}`, rows * layer.fanIn);
      this.call(
        'matmul',
        { a: below, b: dz, out: { ...layer.weights, buffer: 'gradient' } },
        { rows: layer.fanIn, inner: rows, cols: layer.fanOut, scale: layer.scale },
        { TRANSPOSE_A: 1, TRANSPOSE_B: 0 },
      );
      if (index > 0)
        this.call(
          'matmul',
          { a: dz, b: layer.weights, out: this.delta((turn += 1), rows * layer.fanIn) },
          { rows, inner: layer.fanOut, cols: layer.fanIn, scale: layer.scale },
          { TRANSPOSE_A: 0, TRANSPOSE_B: 1 },
        );
    }
  }

  /** What is told of the network at the end, while its buffers still hold what it made of all samples. */
  private examine(state: TensorView, parameters: TensorView): void {
    const hidden = this.activated ? this.layers.slice(0, -1) : [];
    const units = hidden.reduce((sum, { fanOut }) => sum + fanOut, 0);
    const weight = 1 / (units * this.samples);
    const variant = { ACTIVATION: ACTIVATION[this.model.activation] };
    for (const [index, layer] of hidden.entries()) {
      const y = this.view(this.activationOf(layer, index), this.samples * layer.fanOut);
      this.lastCalls.push({ kernel: 'saturation', tensors: { y, state }, fields: { weight }, variant });
    }
    this.lastCalls.push({
      kernel: 'nonfinite',
      tensors: { values: parameters, state },
      fields: {},
      variant: {},
    });
  }

  /** The buffer of a hidden layer's activations. */
  private activationOf({ normalized }: Layer, index: number): string {
    return `${normalized && this.model.normalization.placement === 'post' ? 'z' : 'a'}${index}`;
  }

  private norms(ring: number, state: TensorView): void {
    const row = 2 * this.layers.length;
    const out = this.view('norms', ring * row, 'trial', true);
    for (const [index, { weights }] of this.layers.entries())
      this.call(
        'norms',
        { parameters: weights, gradient: { ...weights, buffer: 'gradient' }, state, out },
        { ring, row, column: 2 * index },
      );
  }

  private stats(layer: Layer, index: number): TensorView {
    return this.view(`stats${index}`, 4 * layer.fanOut);
  }
  private delta(turn: number, length: number): TensorView {
    return this.view(`delta${turn % 2}`, length);
  }
  private gain(): TensorView {
    return this.setting(this.settings.preactivationGain);
  }
  private setting(offset: number): TensorView {
    return { buffer: 'settings', offset, length: 1 };
  }

  /** The first `length` elements of a buffer, which grows to the longest view that is asked for. */
  private view(
    buffer: string,
    length: number,
    owner: PlanBuffer['owner'] = 'trial',
    persistent = false,
    type: PlanBuffer['type'] = 'f32',
  ): TensorView {
    const known = this.buffers[buffer] ?? { length: 0, owner, persistent, type };
    this.buffers[buffer] = { ...known, length: Math.max(known.length, length) };
    return { buffer, offset: 0, length };
  }

  private call(
    kernel: string,
    tensors: KernelCall['tensors'],
    fields: KernelCall['fields'],
    variant: KernelCall['variant'] = {},
  ): void {
    const call = { kernel, tensors, fields, variant };
    this.calls.push(call);
    this.lastCalls.push(call);
  }
}

function settingsLayout(layers: number): Settings {
  const scalars = 6;
  return {
    epsilon: 0,
    preactivationGain: 1,
    momentum: 2,
    weightDecay: 3,
    divergence: 4,
    bestConstant: 5,
    learningRate: scalars,
    learningRateNorm: scalars + layers,
    gain: scalars + 2 * layers,
    length: scalars + 3 * layers,
  };
}

function outputScale({ scaling }: Model, fanIn: number, isOutput: boolean): number {
  if (scaling === 'standard') return 1;
  return scaling === 'mean-field' && isOutput ? 1 / fanIn : 1 / Math.sqrt(fanIn);
}

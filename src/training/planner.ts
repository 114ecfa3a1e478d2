import { activationNumber } from '../kernels/activation';
import type { KernelCall, TensorView } from '../kernels/kernel';
import { lossNumber } from '../kernels/loss';
import type { Model, TrialDocument } from '../experiment/types';
import { STATE_LENGTH } from '../reference/state';
import { MANY, type Manner } from './manner';
import { ACTIVATIONS, NORMALIZATIONS, OPTIMIZERS, type NormalizationKind } from './kinds';
import {
  initializeCall,
  planKey,
  ringOf,
  samplesOf,
  type Layer,
  type Plan,
  type PlanBuffer,
  type Settings,
  type Tracing,
} from './plan';
import { layersOf, parametersOf, segmentsOf, settingsLayout } from './plan_layers';

/**
 * @param tracing whether norms are kept, and of how many steps
 * @param manner in what shape it is to be trained
 */
export function planOf(document: TrialDocument, tracing: Tracing = false, manner: Manner = MANY): Plan {
  return new Planner(document, tracing, manner).plan();
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
  private readonly normalization: NormalizationKind | undefined;
  /** The kernels' constant ACTIVATION. */
  private readonly activation: number;
  private readonly layers: readonly Layer[];
  private readonly parameters: number;

  constructor(
    private readonly document: TrialDocument,
    private readonly tracing: Tracing,
    private readonly manner: Manner,
  ) {
    this.model = document.model;
    this.samples = samplesOf(document);
    this.batch = document.optimizer.batch === 'full' ? this.samples : document.optimizer.batch;
    this.normalization = NORMALIZATIONS[this.model.normalization.type];
    this.activation = activationNumber(this.model.activation);
    this.settings = settingsLayout(this.model.hidden.length + 1);
    this.layers = layersOf(this.model);
    this.parameters = parametersOf(this.layers);
  }

  plan(): Plan {
    const { optimizer, rule } = this.document;
    const { parameters, settings, manner } = this;
    const ring = ringOf(this.document, this.tracing);
    const whole = (buffer: string, length: number) => this.view(buffer, length, 'trial', true);
    const theta = whole('parameters', parameters);
    const gradient = whole('gradient', parameters);
    const state = this.view('state', STATE_LENGTH, 'trial', true, 'u32');
    const settingsView = whole('settings', settings.length);
    const segments = this.view('segments', 2 * parameters, 'plan', true, 'u32');

    this.view('base', parameters, 'initial', true);

    const x = this.view('x', this.samples * this.model.inputs, 'dataset', true);
    const y = this.view('y', this.samples * this.model.outputs, 'dataset', true);
    const loss = this.view('loss', 1, 'trial', false);
    const LOSS_KIND = { LOSS: lossNumber(this.document.loss) };
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
      OPTIMIZERS[optimizer.type].update,
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
      key: [planKey(this.document, this.tracing), ...(manner === MANY ? [] : [manner])].join(' '),
      document: this.document,
      layers: this.layers,
      activation: this.model.activation,
      activated: this.layers.some(({ activated }) => activated),
      normalization: this.normalization,
      frozen: this.model.normalization.affine === 'frozen',
      momentum: optimizer.momentum !== 0,
      loss: this.document.loss,
      stops: rule.type === 'threshold',
      inputs: this.model.inputs,
      outputs: this.model.outputs,
      buffers: this.buffers,
      start: [initializeCall(parameters, settings.length)],
      step: this.calls,
      lastStep: this.lastCalls,
      parameters,
      segments: segmentsOf(this.layers, settings, this.model),
      settings,
      steps: optimizer.steps,
      samples: this.samples,
      batch: this.batch,
      minibatch: optimizer.batch !== 'full',
      ring,
      tracing: this.tracing,
      manner,
    };
  }

  /** Appends the calls from `input` (rows × inputs) to the prediction, and says where that lies. */
  private forward(input: TensorView, rows: number): TensorView {
    let a = input;
    for (const [index, layer] of this.layers.entries()) {
      const size = rows * layer.fanOut;
      const { activated, normalized } = layer;
      const output = this.view(`a${index}`, size);
      // What the backward pass needs again has a buffer of its own; the rest passes through scratch.
      const scratch = () => this.view('scratch', size);
      const normalizedInput = () => this.view(`z${index}`, size);
      const activationInput = () => (this.derivesFromInput ? this.view(`u${index}`, size) : scratch());
      const z = normalized === 'before' ? normalizedInput() : activated ? activationInput() : output;
      this.call(
        'matmul',
        { a, b: layer.weights, out: z },
        { rows, inner: layer.fanIn, cols: layer.fanOut, scale: layer.scale },
        { TRANSPOSE_A: 0, TRANSPOSE_B: 0 },
      );
      if (layer.bias) this.call('bias_forward', { bias: layer.bias, z }, { rows, cols: layer.fanOut });
      let current = z;
      if (normalized === 'before')
        current = this.normalize(layer, index, current, activated ? activationInput() : output, rows);
      if (activated) current = this.activate(current, normalized === 'after' ? normalizedInput() : output);
      if (normalized === 'after') current = this.normalize(layer, index, current, output, rows);
      a = current;
    }
    return a;
  }

  private normalize(layer: Layer, index: number, x: TensorView, y: TensorView, rows: number): TensorView {
    const { forward } = this.normalization!;
    const stats = this.stats(layer, index, rows);
    const fields = { rows, features: layer.fanOut };
    const epsilon = this.setting(this.settings.epsilon);
    this.call(forward, { x, epsilon, affine: layer.affine!, stats, y }, fields);
    return y;
  }

  private activate(x: TensorView, y: TensorView): TensorView {
    this.call('activation_forward', { x, gain: this.gain(), y }, {}, { ACTIVATION: this.activation });
    return y;
  }

  /** Appends the calls from the loss's gradient (in delta 0) back to every parameter's gradient. */
  private backward(input: TensorView, rows: number): void {
    let turn = 0;
    for (let index = this.layers.length - 1; index >= 0; index -= 1) {
      const layer = this.layers[index]!;
      const size = rows * layer.fanOut;
      const { activated, normalized } = layer;
      // No call may read and write one buffer, so the gradient swings between two.
      const here = () => this.delta(turn, size);
      const next = () => this.delta((turn += 1), size);
      const normalization = () => {
        const dy = here();
        this.call(
          this.normalization!.backward,
          {
            x: this.view(`z${index}`, size),
            stats: this.stats(layer, index, rows),
            affine: layer.affine!,
            dy,
            gradient: { ...layer.affine!, buffer: 'gradient' },
            dx: next(),
          },
          { rows, features: layer.fanOut },
        );
      };
      if (normalized === 'after') normalization();
      if (activated) {
        const kept = this.keptOf(layer, index, size);
        const dy = here();
        this.call(
          'activation_backward',
          { kept, dy, gain: this.gain(), dx: next() },
          {},
          { ACTIVATION: this.activation },
        );
      }
      if (normalized === 'before') normalization();
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
    const units = this.layers.reduce((sum, { activated, fanOut }) => sum + (activated ? fanOut : 0), 0);
    for (const [index, layer] of this.layers.entries())
      if (layer.activated)
        this.lastCalls.push({
          kernel: 'saturation',
          tensors: {
            kept: this.keptOf(layer, index, this.samples * layer.fanOut),
            gain: this.gain(),
            state,
          },
          fields: { weight: 1 / (units * this.samples) },
          variant: { ACTIVATION: this.activation },
        });
    this.lastCalls.push({
      kernel: 'nonfinite',
      tensors: { values: parameters, state },
      fields: {},
      variant: {},
    });
  }

  /** What the derivative of a layer's activation is computed from: its output, or its input. */
  private keptOf({ normalized }: Layer, index: number, size: number): TensorView {
    if (this.derivesFromInput) return this.view(`u${index}`, size);
    return this.view(`${normalized === 'after' ? 'z' : 'a'}${index}`, size);
  }

  private get derivesFromInput(): boolean {
    return ACTIVATIONS[this.model.activation].derivativeFrom === 'input';
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

  private stats({ fanOut }: Layer, index: number, rows: number): TensorView {
    return this.view(`stats${index}`, this.normalization!.statistics(fanOut, rows));
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

import type { KernelCall, Owner, TensorView } from '../kernels/kernel';
import type { Activation, Loss, Measure, TrialDocument } from '../experiment/types';
import type { NormalizationKind } from './kinds';
import type { Manner } from './manner';

/**
 * A model as data: what its layers are, the kernel calls of one training step, and the buffers that they work on. The layered
 * and the reference engine run the calls, the fused one walks the layers (shaders/train_fused.wgsl); `planOf` makes both.
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
  /** False where no layer is activated. */
  readonly activated: boolean;
  /** Of the layers that have one. */
  readonly normalization: NormalizationKind | undefined;
  /** Whether γ and β stay what they are. */
  readonly frozen: boolean;
  /** False where every trial's is 0, and there is no velocity to carry. */
  readonly momentum: boolean;
  readonly loss: Loss;
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
  /** How many of the latest losses are kept: the rule's window, or more of them when tracing, up to every step. */
  readonly ring: number;
  /** Whether norms are recorded beside the losses, as many steps of them. */
  readonly tracing: Tracing;
  /** In what shape it is to be trained. */
  readonly manner: Manner;
}

/** Norms of no step; of the latest ones, which whoever measures reads in between; of every step, with every loss. */
export type Tracing = false | 'lately' | true;

/** What has to be traced for some measures: norms for those of norms. */
export function tracingFor(measures: readonly Measure[]): Tracing {
  return measures.some((measure) => /norm/.test(measure)) && 'lately';
}

export interface Layer {
  readonly fanIn: number;
  readonly fanOut: number;
  /** k of Z = k·(A·W) + b. */
  readonly scale: number;
  /** Whether its activation follows: not on the output layer, and not where it is the identity with gain 1. */
  readonly activated: boolean;
  /** Where its normalization stands, seen from the activation; nothing where it has none. */
  readonly normalized: 'before' | 'after' | undefined;
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

/** The window over which arXiv 2402.06184 takes its mean. */
export const SOHL_DICKSTEIN_WINDOW = 20;

/** What of a document decides its plan; everything else varies within a wave. */
export function planKey(document: TrialDocument, tracing: Tracing = false): string {
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

export function samplesOf({ data }: TrialDocument): number {
  return data.type === 'inline' ? data.x.length : data.samples;
}

/** Multiply-adds of one training step of a trial, about. */
export function operationsOf({ layers, batch, samples, minibatch }: Plan): number {
  const rows = minibatch ? samples + 3 * batch : 3 * samples;
  return layers.reduce((sum, { fanIn, fanOut }) => sum + rows * fanIn * fanOut, 0);
}

/** Steps of which norms are kept at least where they are wanted lately: many, since each reading waits for the engine. */
const LATELY = 64;

/** `Plan.ring` */
export function ringOf(document: TrialDocument, tracing: Tracing): number {
  const { steps } = document.optimizer;
  if (tracing === true) return steps;
  return Math.min(steps, Math.max(windowOf(document), tracing === 'lately' ? LATELY : 0));
}

/** Losses over which a rule takes its mean. */
function windowOf({ rule }: TrialDocument): number {
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

import type { PipelineRequest } from '../gpu/compile';
import type { Gpu } from '../gpu/device';
import { MOST_LAYERS } from '../kernels/fused_network';
import {
  geometryOf,
  MOST_HELD,
  PACK_FLOATS,
  PACKS,
  type FusedChoice,
  type FusedShape,
} from '../kernels/geometry';
import { fusedPipeline, heldConstants, isPhased } from '../kernels/train_fused';
import { fusedLayout, type FusedLayout } from './fused_layout';
import { phasesOfStep, type Phase } from './software/fused_phases';
import { ACTIVATIONS, OPTIMIZERS } from './kinds';
import { shapeNamed } from './shape_names';
import type { Plan } from './plan';

/** Up to this width, packs of four would be mostly padding. */
const NARROW = 2;

/** Whether the fused kernel knows all that a plan is made of. */
export function isFusable({ layers, activation, normalization, document }: Plan): boolean {
  return (
    layers.length <= MOST_LAYERS &&
    // It keeps no input of an activation.
    ACTIVATIONS[activation].derivativeFrom === 'output' &&
    normalization?.fused !== false &&
    OPTIMIZERS[document.optimizer.type].fused
  );
}

/** How the fused engine trains a plan on an adapter. */
export interface FusedForm {
  readonly plan: Plan;
  readonly shape: FusedShape;
  readonly layout: FusedLayout;
  /** Packs of memory for a trial. */
  readonly memory: number;
}

type Device = Pick<Gpu, 'adapter' | 'limits'>;

/**
 * How a plan is trained: in the shape that its manner names, where that fits, or else in the first that suits it.
 * @param wanted instead of what is chosen for the adapter and the plan
 */
export function fusedForm(plan: Plan, gpu: Device, wanted = shapeNamed(plan.manner)): FusedForm {
  const fitting = wanted && formOf(plan, gpu, wanted);
  if (fitting) return fitting;
  for (const choice of choicesOf(plan, gpu)) {
    const form = formOf(plan, gpu, choice);
    const { most = Infinity, few = false } = choice;
    if (form && form.memory <= most && !(few && plan.manner !== 'few')) return form;
  }
  throw new Error(`No shape fits ${plan.key}`);
}

/** Every way to train a plan that fits the adapter. */
export function formsOf(plan: Plan, gpu: Device): FusedForm[] {
  return choicesOf(plan, gpu).flatMap((choice) => formOf(plan, gpu, choice) ?? []);
}

function choicesOf(plan: Plan, { adapter }: Device): readonly FusedChoice[] {
  const widest = Math.max(plan.inputs, ...plan.layers.map(({ fanOut }) => fanOut));
  return geometryOf(adapter).fused(widest <= NARROW, adapter.subgroups);
}

/** A plan in a shape, where that fits it and the device. */
export function formOf(plan: Plan, { adapter, limits }: Device, choice: FusedChoice): FusedForm | undefined {
  if (choice.team === 'quad' && !adapter.subgroups) return undefined;
  const { most: _most, few: _few, limit = Infinity, ...shape } = choice;
  const layout = fusedLayout(plan, shape);
  if (shape.held && !isHeld(plan, layout)) return undefined;
  const memory = shape.memory === 'workgroup' ? workgroupMemory(layout.size, shape, limits) : layout.size;
  return memory !== undefined && memory <= limit ? { plan, shape, layout, memory } : undefined;
}

/** Whether an invocation can hold a layer; all rows are gone through for a batch too, which must not be much smaller. */
function isHeld({ minibatch, batch, samples }: Plan, { network }: FusedLayout): boolean {
  const { UNITS, ROWS } = heldConstants(network);
  return UNITS * ROWS <= MOST_HELD && !(minibatch && 2 * batch < samples);
}

/** The dispatches of a step, or the one of many steps. */
export function dispatchesOf({ plan, shape }: FusedForm): readonly (Phase | undefined)[] {
  return isPhased(shape)
    ? phasesOfStep(plan, (units) => Math.ceil(units / PACKS[shape.pack].across))
    : [undefined];
}

/** The pipeline of a dispatch. */
export function pipelineOf({ plan, shape, memory, layout }: FusedForm, phase?: Phase): PipelineRequest {
  const constants = {
    STOPS: plan.stops ? 1 : 0,
    MINIBATCH: plan.minibatch ? 1 : 0,
    MOMENTUM: plan.momentum ? 1 : 0,
    BIAS: plan.layers.some(({ bias }) => bias) ? 1 : 0,
  };
  const { activation, loss } = plan;
  return fusedPipeline(shape, { activation, loss, constants }, memory, layout.network, phase?.phase);
}

/** Every variable in workgroup memory takes a multiple of this, in bytes. */
const WORKGROUP_ALIGNMENT = 16;

/**
 * Packs of workgroup memory for a trial that needs `size`: somewhat more, so that trials of many sizes share few pipelines.
 * @returns undefined where it does not fit
 */
function workgroupMemory(
  size: number,
  { workgroupSize }: FusedShape,
  { maxComputeWorkgroupStorageSize }: Pick<GPUSupportedLimits, 'maxComputeWorkgroupStorageSize'>,
): number | undefined {
  const bytes = (floats: number) => floats * Float32Array.BYTES_PER_ELEMENT;
  const taken = (floats: number) => Math.ceil(bytes(floats) / WORKGROUP_ALIGNMENT) * WORKGROUP_ALIGNMENT;
  // Beside the trial, of each invocation: a pack for each of two column sums, a float for the other sums; and a word for the stop.
  const others = taken(2 * workgroupSize * PACK_FLOATS) + taken(workgroupSize) + taken(1);
  const most = Math.floor((maxComputeWorkgroupStorageSize - others) / bytes(PACK_FLOATS));
  const quarter = Math.ceil(2 ** Math.floor(Math.log2(size)) / 4);
  return size > most ? undefined : Math.min(most, Math.ceil(size / quarter) * quarter);
}

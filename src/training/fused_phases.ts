import {
  gradientBlocks,
  productBlocks,
  type FusedPhase,
  type PhaseBlocks,
  type PhaseConstants,
} from '../kernels/train_fused';
import type { Plan } from './plan';

/** A dispatch of a step, and the layer that it is of. */
export interface Phase {
  readonly layer: number;
  readonly phase: FusedPhase;
}

const OF_NO_LAYER: PhaseConstants = {
  ON_BATCH: 0,
  NORMALIZED: 0,
  ACTIVATED: 0,
  BELOW: 0,
  DIFFERENTIATES: 0,
  OUTPUT: 0,
};
const NO_BLOCKS: PhaseBlocks = { product: [], deep: false, gradient: [] };

/** What has to be done once, before the first step. */
export const FETCH: Phase = {
  layer: 0,
  phase: { entryPoint: 'fetch', constants: OF_NO_LAYER, blocks: NO_BLOCKS },
};

/**
 * A training step, phase by phase. Layers alike share their pipelines: a phase is about what a layer is, not about which one.
 * @param packs of so many units
 */
export function phasesOfStep(plan: Plan, packs: (units: number) => number): Phase[] {
  const ON_BATCH = plan.batch === plan.samples ? 0 : 1;
  const last = plan.layers.length - 1;
  const layers = plan.layers.map((layer, index) => {
    const under = plan.layers[index - 1];
    const [packsIn, packsOut] = [packs(layer.fanIn), packs(layer.fanOut)];
    const constants: PhaseConstants = {
      ...OF_NO_LAYER,
      NORMALIZED: layer.normalized ? 1 : 0,
      ACTIVATED: plan.activated && index < last ? 1 : 0,
    };
    const forward: FusedPhase = {
      entryPoint: 'forward',
      constants,
      blocks: { ...productBlocks(packsIn, packsOut), gradient: [] },
    };
    const backward: FusedPhase = {
      entryPoint: 'backward',
      constants: {
        ...constants,
        ON_BATCH,
        BELOW: under ? 1 : 0,
        DIFFERENTIATES: under && plan.activated && !under.normalized ? 1 : 0,
        OUTPUT: index === last ? 1 : 0,
      },
      blocks: {
        ...(under ? productBlocks(packsOut, packsIn) : NO_BLOCKS),
        gradient: gradientBlocks(packsIn, packsOut),
      },
    };
    return { layer: index, forward, backward };
  });
  const forward = layers.map(({ layer, forward: phase }) => ({ layer, phase }));
  const onBatch = forward.map(({ layer, phase }) => ({
    layer,
    phase: { ...phase, constants: { ...phase.constants, ON_BATCH } },
  }));
  return [
    ...forward,
    { layer: 0, phase: { ...FETCH.phase, entryPoint: 'judge_step' } },
    ...(ON_BATCH ? onBatch : []),
    ...layers.map(({ layer, backward: phase }) => ({ layer, phase })).reverse(),
  ];
}

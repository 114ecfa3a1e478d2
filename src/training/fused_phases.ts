import { gradientBlocks, productBlocks, type FusedPhase } from '../kernels/train_fused';
import type { Plan } from './plan';

/** A dispatch of a step, and the layer that it is of. */
export interface Phase {
  readonly layer: number;
  /** Of the minibatch, not of all samples. */
  readonly onBatch: boolean;
  readonly phase: FusedPhase;
}

/** What has to be done once, before the first step. */
export const FETCH: Phase = { layer: 0, onBatch: false, phase: { name: 'fetch', constants: {} } };

/**
 * A training step, phase by phase. Layers alike share their pipelines: a phase is about what a layer is, not about which one.
 * @param packs of so many units
 */
export function phasesOfStep(plan: Plan, packs: (units: number) => number): Phase[] {
  const minibatch = plan.batch !== plan.samples;
  const last = plan.layers.length - 1;
  const up = (onBatch: boolean) =>
    plan.layers.flatMap(({ fanIn, fanOut, normalized }, layer): Phase[] => {
      const blocks = { ...productBlocks(packs(fanIn), packs(fanOut)), gradient: [] };
      const forward: Phase = { layer, onBatch, phase: { name: 'forward', constants: {}, blocks } };
      return normalized
        ? [forward, { layer, onBatch, phase: { name: 'normalize', constants: {} } }]
        : [forward];
    });
  const down = plan.layers.flatMap(({ fanIn, fanOut, normalized }, layer): Phase[] => {
    const below = plan.layers[layer - 1];
    const starts = (first: boolean) => ({ STARTS: first && layer === last ? 1 : 0 });
    const backward: FusedPhase = {
      name: 'backward',
      constants: {
        ...starts(!normalized),
        BELOW: below ? 1 : 0,
        DIFFERENTIATES: below && plan.activated && !(below.normalized && plan.normalizedAfter) ? 1 : 0,
      },
      blocks: {
        ...(below ? productBlocks(packs(fanOut), packs(fanIn)) : { product: [], deep: false }),
        gradient: gradientBlocks(packs(fanIn), packs(fanOut)),
      },
    };
    const normalize: FusedPhase = { name: 'normalize_backward', constants: starts(true) };
    // In the order in which they are undone, below.
    return [backward, ...(normalized ? [normalize] : [])].map((phase) => ({
      layer,
      onBatch: minibatch,
      phase,
    }));
  });
  return [
    ...up(false),
    { layer: 0, onBatch: false, phase: { name: 'judge', constants: {} } },
    ...(minibatch ? up(true) : []),
    ...down.reverse(),
  ];
}

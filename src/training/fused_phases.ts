import { gradientBlocks, productBlocks, type FusedPhase } from '../kernels/train_fused';
import type { Plan } from './plan';

/** A dispatch of a step, and the layer that it is of. */
export interface Phase {
  readonly layer: number;
  /** Of the minibatch, not of all samples. */
  readonly onBatch: boolean;
  readonly phase: FusedPhase;
}

const phase = (
  layer: number,
  onBatch: boolean,
  name: FusedPhase['name'],
  changes: Partial<FusedPhase> = {},
): Phase => ({ layer, onBatch, phase: { name, constants: {}, ...changes } });

/** What has to be done once, before the first step. */
export const FETCH: Phase = phase(0, false, 'fetch');

/**
 * A training step, phase by phase. Layers alike share their pipelines: a phase is about what a layer is, not about which one.
 * @param packs of so many units
 */
export function phasesOfStep(plan: Plan, packs: (units: number) => number): Phase[] {
  const minibatch = plan.batch !== plan.samples;
  const up = (onBatch: boolean) =>
    plan.layers.flatMap(({ fanIn, fanOut, normalized }, layer) => {
      const blocks = { ...productBlocks(packs(fanIn), packs(fanOut)), gradient: [] };
      const forward = phase(layer, onBatch, 'forward', { blocks });
      return normalized ? [forward, phase(layer, onBatch, 'normalize')] : [forward];
    });
  const down = plan.layers.map(({ fanIn, fanOut, normalized }, layer) => {
    const below = plan.layers[layer - 1];
    const constants = {
      BELOW: below ? 1 : 0,
      DIFFERENTIATES: below && plan.activated && !(below.normalized && plan.normalizedAfter) ? 1 : 0,
    };
    const blocks = {
      ...(below ? productBlocks(packs(fanOut), packs(fanIn)) : { product: [], deep: false }),
      gradient: gradientBlocks(packs(fanIn), packs(fanOut)),
    };
    const backward = phase(layer, minibatch, 'backward', { constants, blocks });
    return normalized ? [phase(layer, minibatch, 'normalize_backward'), backward] : [backward];
  });
  return [
    ...up(false),
    phase(0, false, 'judge'),
    ...(minibatch ? [...up(true), phase(0, true, 'start')] : []),
    ...down.reverse().flat(),
  ];
}

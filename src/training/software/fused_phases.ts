import { gradientBlocks, isDeep, productBlocks, type FusedPhase } from '../../kernels/software/fused_phases';
import type { Plan } from '../plan';

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

/** Invocations that share a trial. */
const QUAD = 4;

/** What has to be done once, before the first step. */
export const FETCH: Phase = phase(0, false, 'fetch');

/**
 * A training step, phase by phase. Layers alike share their pipelines: a phase is about what a layer is, not about which one.
 * @param packs of so many units
 */
export function phasesOfStep(plan: Plan, packs: (units: number) => number): Phase[] {
  const { minibatch } = plan;
  const up = (onBatch: boolean) =>
    plan.layers.flatMap(({ fanIn, fanOut, normalized }, layer) => {
      const [inner, cols] = [packs(fanIn), packs(fanOut)];
      const forward = phase(
        layer,
        onBatch,
        'forward',
        fanOut === 1
          ? { products: 'vector', constants: { DEEP: inner > QUAD ? 1 : 0 } }
          : {
              products: { product: productBlocks(inner, cols), gradient: [] },
              constants: { DEEP: isDeep(inner) ? 1 : 0 },
            },
      );
      return normalized ? [forward, phase(layer, onBatch, 'normalize')] : [forward];
    });
  const down = plan.layers.map(({ fanIn, fanOut, normalized }, layer) => {
    const [inner, cols] = [packs(fanOut), packs(fanIn)];
    const below = plan.layers[layer - 1];
    const backward = phase(layer, minibatch, 'backward', {
      products:
        fanOut === 1
          ? 'vector'
          : { product: below ? productBlocks(inner, cols) : [], gradient: gradientBlocks(cols, inner) },
      constants: {
        BELOW: below ? 1 : 0,
        DIFFERENTIATES: below?.activated && below.normalized !== 'after' ? 1 : 0,
        DEEP: below && fanOut > 1 && isDeep(inner) ? 1 : 0,
      },
    });
    return normalized ? [phase(layer, minibatch, 'normalize_backward'), backward] : [backward];
  });
  return [
    ...up(false),
    phase(0, false, 'judge'),
    ...(minibatch ? [...up(true), phase(0, true, 'start')] : []),
    ...down.reverse().flat(),
  ];
}

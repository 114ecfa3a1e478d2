import type { Plan } from '../training/plan';

/** What one trial did at every step that it recorded. */
export interface Trace {
  /** The loss before update t. */
  loss: Float64Array;
  /** ‖∇‖₂ over all weights, of the gradient that update t uses. */
  gradientNorm: Float64Array;
  /** ‖W‖₂ over all weights, before update t. */
  weightNorm: Float64Array;
  /** The same two, layer by layer. */
  layers: { gradientNorm: Float64Array; weightNorm: Float64Array }[];
}

/**
 * @param history (steps) losses
 * @param norms (steps × layers × 2) ‖∇W‖₂ and ‖W‖₂
 */
export function traceOf(plan: Plan, recorded: number, history: Float64Array, norms: Float64Array): Trace {
  const layers = plan.layers.length;
  const column = (layer: number, which: 0 | 1) =>
    Float64Array.from({ length: recorded }, (_, t) => norms[(t * layers + layer) * 2 + which]!);
  const each = plan.layers.map((_, layer) => ({
    gradientNorm: column(layer, 0),
    weightNorm: column(layer, 1),
  }));
  const whole = (name: 'gradientNorm' | 'weightNorm') =>
    Float64Array.from({ length: recorded }, (_, t) => Math.hypot(...each.map((layer) => layer[name][t]!)));
  return {
    loss: history.slice(0, recorded),
    gradientNorm: whole('gradientNorm'),
    weightNorm: whole('weightNorm'),
    layers: each,
  };
}

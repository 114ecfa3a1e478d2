import type { Trace } from '../scheduler/trace';

export interface BlowUp {
  /** From 0. */
  layer: number;
  step: number;
  norm: 'gradient' | 'weight';
}

/** A norm has blown up when it is this many times its first value, and never comes back below. */
const FACTOR = 10;

/** Where a diverged run began to grow: the layer whose gradient or weight norm blew up first, ties to the one that grew most. */
export function blowUp({ layers }: Pick<Trace, 'layers'>): BlowUp | undefined {
  const starts = layers.flatMap(({ gradientNorm, weightNorm }, layer) => [
    { layer, norm: 'gradient' as const, ...onset(gradientNorm) },
    { layer, norm: 'weight' as const, ...onset(weightNorm) },
  ]);
  const [first] = starts
    .filter(({ step }) => Number.isFinite(step))
    .sort((a, b) => a.step - b.step || b.growth - a.growth);
  return first && { layer: first.layer, step: first.step, norm: first.norm };
}

/** The step from which a norm stays beyond FACTOR times its first value, and how far beyond it is there. */
function onset(norms: Float64Array): { step: number; growth: number } {
  const limit = FACTOR * norms[0]!;
  // What is not a number has blown up too.
  const last = norms.findLastIndex((norm) => norm <= limit);
  if (!(norms[0]! > 0) || last === norms.length - 1) return { step: Infinity, growth: 0 };
  const growth = norms[last + 1]! / norms[0]!;
  return { step: last + 1, growth: Number.isNaN(growth) ? Infinity : growth };
}

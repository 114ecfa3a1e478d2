import type { Axis } from '../experiment/types';
import { axisPosition } from './axis_ticks';
import { isLearningRate } from './parameter_names';

/** Learning rates that are used in practice on standardized inputs, though no strict range (Bengio 2012, “Practical recommendations”). */
export const REALISTIC = { from: 1e-6, to: 1, source: 'https://arxiv.org/abs/1206.5533' } as const;

/** The part of an axis on which learning rates are realistic, 0 to 1 along it; nothing where none is, or for another parameter. */
export function realisticBand(axis: Axis): { readonly from: number; readonly to: number } | undefined {
  if (!isLearningRate(axis.parameter)) return undefined;
  const place = (value: number) => {
    const position = axisPosition(axis, value);
    return Math.min(1, Math.max(0, position));
  };
  const [from, to] = [place(REALISTIC.from), place(REALISTIC.to)].sort((a, b) => a - b) as [number, number];
  return to > from ? { from, to } : undefined;
}

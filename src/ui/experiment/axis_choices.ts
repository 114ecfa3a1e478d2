import { isNumeric } from '../../experiment/axes';
import type { Axis, Experiment } from '../../experiment/types';

type Range = Pick<Axis, 'scale' | 'from' | 'to'>;

const log = (from: number, to: number): Range => ({ scale: 'log', from, to });
const linear = (from: number, to: number): Range => ({ scale: 'linear', from, to });

/** Parameters that an axis is offered, each with a range to start from. */
const RANGES: Readonly<Record<string, Range>> = {
  'optimizer.learningRate': log(1e-4, 10),
  'model.initialization.gain': log(0.5, 4),
  'model.depth': linear(1, 16),
  'model.width': log(2, 64),
  'optimizer.batch': log(2, 128),
  'optimizer.momentum': linear(0, 0.99),
  'optimizer.weightDecay': log(1e-6, 1),
  'model.normalization.epsilon': log(1e-8, 1),
  'model.preactivationGain': log(0.25, 4),
  'data.inputScale': log(0.1, 10),
  'data.inputShift': linear(-5, 5),
  'data.noise': linear(0, 1),
};

/** Paths that an axis of this experiment may take, whichever it takes now included. */
export function axisParameters(experiment: Experiment): string[] {
  const { model, axes } = experiment;
  const usual = Object.keys(RANGES).filter((path) => isNumeric(experiment, path));
  const layers = model.hidden.map((_, layer) => `optimizer.learningRate[${layer}]`);
  const last = `optimizer.learningRate[${model.hidden.length}]`;
  const current = [axes.x, axes.y].flatMap((axis) => (axis ? [axis.parameter] : []));
  return [...new Set([...usual, ...layers, last, ...current])];
}

/** An axis of another parameter, over that parameter's usual range. */
export function axisFor(parameter: string, count: number): Axis {
  const range = RANGES[parameter] ?? RANGES[parameter.replace(/\[\d+\]$/, '')] ?? log(0.1, 10);
  return { parameter, ...range, count };
}

import { axisValues, cellOf, type Grid } from '../experiment/axes';
import { trialDocument } from '../experiment/trial';
import type { Experiment } from '../experiment/types';
import type { ActivationHistory } from '../measures/activations';
import type { Trace } from '../scheduler/trace';
import type { Timed } from './curves';
import type { SharpnessHistory } from './sharpness_words';

/** What is drawn of a trial beside its loss. */
export const QUANTITIES = ['gradient', 'weights', 'rate', 'mean', 'variance', 'sharpness'] as const;
export type Quantity = (typeof QUANTITIES)[number];

/** Of which layer: of all together, of each by itself, or of one, from 1. */
export type LayerChoice = 'all' | 'each' | number;

const WORDS: Readonly<Record<Quantity, string>> = {
  gradient: 'gradient norm',
  weights: 'weight norm',
  rate: 'effective learning rate η/‖w‖²',
  mean: 'activation mean',
  variance: 'activation variance',
  sharpness: 'sharpness |λ|',
};

export function quantityWords(quantity: Quantity): string {
  return WORDS[quantity];
}

/** Whether only the float64 reference tells it. */
export function isReplayed(quantity: Quantity): quantity is 'mean' | 'variance' {
  return quantity === 'mean' || quantity === 'variance';
}

/** What is found of a trial by its norms and by looking at its activations. */
export type LayerQuantity = Exclude<Quantity, 'sharpness'>;

/** |λ| over the steps at which it was measured, and beside it 2/η, up to which descent on a quadratic is stable. */
export interface SharpnessCurves {
  readonly sharpness: Timed;
  readonly limit: Timed;
}

/** The same object for the same history, as a chart is drawn anew for another. */
const drawn = new WeakMap<SharpnessHistory, SharpnessCurves>();

/** @param rate of the trial that the history is of */
export function sharpnessCurves(history: SharpnessHistory, rate: number): SharpnessCurves {
  let curves = drawn.get(history);
  if (!curves) {
    const { steps, values } = history;
    const limit = 2 / rate;
    curves = {
      sharpness: { values: values.map(Math.abs), steps, rate },
      limit: { values: steps.map(() => limit), steps, rate },
    };
    drawn.set(history, curves);
  }
  return curves;
}

/** The learning rates of a trial's weight layers. */
export function ratesOf(experiment: Experiment, grid: Grid, trial: number): readonly number[] {
  const { arm, replicate, ix, iy } = cellOf(grid, trial);
  const { x, y } = experiment.axes;
  const document = trialDocument(experiment, arm, replicate, axisValues(x)[ix]!, y && axisValues(y)[iy]!);
  const { learningRate } = document.optimizer;
  return typeof learningRate === 'number'
    ? Array.from({ length: document.model.hidden.length + 1 }, () => learningRate)
    : learningRate;
}

/** η of a trial as a whole: where its layers have rates of their own, the largest. */
export function rateOf(rates: readonly number[]): number {
  return Math.max(...rates);
}

/**
 * A quantity over a trial's steps; nothing where the trial has no such layer, or what it is told by is not there.
 *
 * The effective learning rate of a layer is η/‖W‖², of the layer's rate and the 2-norm of its weight matrix before update t; that of
 * all layers is η/‖W‖² of the largest rate and of all weight matrices as one vector. With batch norm the gradient falls as 1/‖W‖, so
 * that it is by this rate that a scale-invariant layer's direction turns (van Laarhoven 2017).
 *
 * @param layer from 0; all together where it is left out, which activations never are
 */
export function curveOf(
  quantity: LayerQuantity,
  layer: number | undefined,
  rates: readonly number[],
  trace: Trace | undefined,
  activations: ActivationHistory | undefined,
): Timed | undefined {
  const rate = layer === undefined ? rateOf(rates) : rates[layer];
  if (rate === undefined) return undefined;
  if (isReplayed(quantity)) {
    const looked = layer === undefined ? undefined : activations?.layers[layer];
    return looked && { values: looked[quantity], steps: activations!.steps, rate };
  }
  const norms = layer === undefined ? trace : trace?.layers[layer];
  if (!norms) return undefined;
  if (quantity === 'gradient') return { values: norms.gradientNorm, rate };
  if (quantity === 'weights') return { values: norms.weightNorm, rate };
  return { values: effectiveRates(norms.weightNorm, rate), rate };
}

/** By the norms that they were made of: the same object for the same curve, as a chart is drawn anew for another. */
const known = new WeakMap<Float64Array, { readonly rate: number; readonly values: Float64Array }>();

function effectiveRates(norms: Float64Array, rate: number): Float64Array {
  let made = known.get(norms);
  if (made?.rate !== rate) {
    made = { rate, values: norms.map((norm) => rate / norm ** 2) };
    known.set(norms, made);
  }
  return made.values;
}

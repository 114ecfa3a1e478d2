import { axisValues } from '../../experiment/axes';
import { trialDocument } from '../../experiment/trial';
import type { Axis, Experiment, TrialDocument } from '../../experiment/types';
import { batchNormChainLargestRate } from '../../theory/batch_norm_chain';
import { chainDivergenceRate, chainLargestRate, divergenceSlope, type Chain } from '../../theory/chain';
import { axisPosition } from '../../view/axis_ticks';
import { rateAxisOfGains } from '../../view/edge_slope';

/** The largest learning rate of a trial by a law, and the law. */
interface Law {
  /** In the field's symbols; what stands in `^{…}` is raised. */
  readonly formula: string;
  /** What happens beyond. */
  readonly words: string;
  /** NaN where the law does not hold. */
  readonly rate: (trial: TrialDocument) => number;
}

/** A law drawn over a map. */
export interface Prediction extends Pick<Law, 'formula' | 'words'> {
  /** Points of lines, each coordinate 0 to 1 from the lower left corner, and beyond; a break where the law does not hold. */
  readonly lines: readonly (readonly (readonly [x: number, y: number])[])[];
  /** The rate, where it is the same all over the map. */
  readonly constant: number | undefined;
  /** By numbers of this map, not in closed form. */
  readonly isMeasured?: boolean;
}

/** How many times the target a chain's first product must be for it to be large beside it. */
const LARGE = 2;
/** How small ε must be beside the variance. */
const SMALL = 0.01;

/** Laws of the chain ŷ = w₁·…·w_d·x whose weights are all the same at first, with batch norm or without. */
const LAWS: readonly Law[] = [
  {
    formula: 'η = 2/(s·d·|t|^{2−2/d})',
    words: 'no minimum is stable beyond',
    rate: (trial) => {
      const chain = chainOf(trial, 'none');
      return chain && chain.target > 0 ? chainLargestRate(chain) : Number.NaN;
    },
  },
  {
    formula: 'η = 2/(s·c^{2d−2})',
    words: 'large weights c grow beyond',
    rate: (trial) => {
      const chain = chainOf(trial, 'none');
      const { gain } = trial.model.initialization;
      if (!chain || gain ** chain.depth < LARGE * Math.abs(chain.target)) return Number.NaN;
      return chainDivergenceRate(chain, gain);
    },
  },
  {
    formula: 'η = 1/(|t|·√s)',
    words: 'with batch norm no minimum is stable beyond',
    rate: (trial) => batchNormRate(trial, 'trained'),
  },
  {
    formula: 'η = 2',
    words: 'with γ and β frozen no minimum is stable beyond',
    rate: (trial) => batchNormRate(trial, 'frozen'),
  },
];

/** The chain that a trial is, if it is one that the laws are about. */
function chainOf(trial: TrialDocument, normalization: 'none' | 'batch'): Chain | undefined {
  const { model, data, loss, optimizer } = trial;
  const { initialization } = model;
  const isChain =
    [model.inputs, ...model.hidden, model.outputs].every((units) => units === 1) &&
    model.activation === 'identity' &&
    model.preactivationGain === 1 &&
    !model.bias &&
    model.scaling === 'standard' &&
    model.normalization.type === normalization;
  const isEqual = initialization.type === 'constant' && !initialization.gainLayers && initialization.gain > 0;
  const isDescent =
    loss === 'half-mse' &&
    optimizer.type === 'sgd' &&
    optimizer.batch === 'full' &&
    optimizer.momentum === 0 &&
    optimizer.weightDecay === 0 &&
    typeof optimizer.learningRate === 'number' &&
    (optimizer.learningRateNorm === undefined || optimizer.learningRateNorm === optimizer.learningRate);
  if (!isChain || !isEqual || !isDescent || data.type !== 'linear') return undefined;
  if (data.noise !== 0 || data.inputShift !== 0 || data.inputScale === 0) return undefined;
  // The inputs are standardized, and y is made before they are scaled.
  return {
    depth: model.hidden.length + 1,
    target: data.target / data.inputScale,
    meanSquare: data.inputScale ** 2,
  };
}

function batchNormRate(trial: TrialDocument, affine: 'trained' | 'frozen'): number {
  const chain = chainOf(trial, 'batch');
  const { hidden, normalization, initialization } = trial.model;
  const variance = initialization.gain ** 2 * Math.min(1, chain?.meanSquare ?? 0);
  const holds =
    chain &&
    hidden.length > 0 &&
    normalization.affine === affine &&
    normalization.placement === 'pre' &&
    normalization.layers === 'hidden' &&
    normalization.epsilon < SMALL * variance;
  return holds ? batchNormChainLargestRate(affine, chain.target * Math.sqrt(chain.meanSquare)) : Number.NaN;
}

/** The axis of learning rates, and the one across, if there is one. */
export function rateAxes({ axes: { x, y } }: Pick<Experiment, 'axes'>): RateAxes | undefined {
  if (x.parameter === 'optimizer.learningRate') return { along: x, across: y, isAlongX: true };
  if (y?.parameter === 'optimizer.learningRate') return { along: y, across: x, isAlongX: false };
  return undefined;
}

export interface RateAxes {
  readonly along: Axis;
  readonly across: Axis | undefined;
  readonly isAlongX: boolean;
}

/** The laws that hold somewhere on an arm's map, of which one axis must be the learning rate. */
export function predictionsOf(experiment: Experiment, arm: number): Prediction[] {
  const axes = rateAxes(experiment);
  if (!axes) return [];
  const { along, across, isAlongX } = axes;
  const rate = axisValues(along)[0]!;
  const trials = Array.from(across ? axisValues(across) : [Number.NaN], (value) =>
    isAlongX
      ? trialDocument(experiment, arm, 0, rate, across && value)
      : trialDocument(experiment, arm, 0, value, rate),
  );
  return LAWS.flatMap((law) => predictionBy(axes, law, trials.map(law.rate)) ?? []);
}

/**
 * A law as it is drawn; nothing where it holds nowhere.
 * @param rates by place across, NaN where it does not hold
 */
export function predictionBy(
  { along, isAlongX }: RateAxes,
  { formula, words }: Pick<Law, 'formula' | 'words'>,
  rates: readonly number[],
): Prediction | undefined {
  const held = rates.filter((each) => !Number.isNaN(each));
  if (held.length === 0) return undefined;
  const lines = runs(rates, along).map((line) =>
    line.map(([place, at]): readonly [number, number] => (isAlongX ? [at, place] : [place, at])),
  );
  return { formula, words, lines, constant: new Set(held).size === 1 ? held[0] : undefined };
}

/** Lines through the rates of neighbouring cells, from edge to edge of the outermost: places across, and along the axis of rates. */
function runs(rates: readonly number[], along: Axis): (readonly [number, number])[][] {
  const lines: [number, number][][] = [];
  for (const [i, rate] of rates.entries()) {
    const at = axisPosition(along, rate);
    if (Number.isNaN(rate)) continue;
    const isNext = i > 0 && !Number.isNaN(rates[i - 1]!);
    if (!isNext) lines.push([]);
    lines.at(-1)!.push([(i + 0.5) / rates.length, at]);
  }
  return lines.map((line) => extended(line, 0.5 / rates.length));
}

/** A line with half a cell more at both ends. */
function extended(line: readonly (readonly [number, number])[], half: number): (readonly [number, number])[] {
  const [first, last] = [line[0]!, line.at(-1)!];
  const rise = (from: readonly [number, number] | undefined, to: readonly [number, number] | undefined) =>
    from && to ? (half * (to[1] - from[1])) / (to[0] - from[0]) : 0;
  return [
    [first[0] - half, first[1] - (line.length > 1 ? rise(line[0], line[1]) : 0)],
    ...line,
    [last[0] + half, last[1] + (line.length > 1 ? rise(line.at(-2), line.at(-1)) : 0)],
  ];
}

/**
 * The slope that ln(divergence edge) has against ln(gain) in an arm, where the gain multiplies every weight of a network that is
 * homogeneous in each layer and the map is one of gain by learning rate; nothing elsewhere.
 */
export function predictedSlope(experiment: Experiment, arm: number): number | undefined {
  const { x, y } = experiment.axes;
  const along = rateAxisOfGains(experiment);
  if (!along || !y || (along === 'x' ? x : y).parameter !== 'optimizer.learningRate') return undefined;
  const { model, loss, optimizer } = trialDocument(experiment, arm, 0, axisValues(x)[0]!, axisValues(y)[0]!);
  const isHomogeneous =
    ['relu', 'leaky-relu', 'identity'].includes(model.activation) &&
    !model.bias &&
    model.normalization.type === 'none' &&
    model.initialization.type !== 'inline' &&
    loss !== 'logistic' &&
    optimizer.momentum === 0 &&
    optimizer.weightDecay === 0;
  return isHomogeneous ? divergenceSlope(model.hidden.length + 1) : undefined;
}

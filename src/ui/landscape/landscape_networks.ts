import { parseExperiment } from '../../experiment/parse';
import { presetExperiment } from '../../experiment/presets';
import { baseTrial, trialDocument, withArm } from '../../experiment/trial';
import type { Experiment, TrialDocument } from '../../experiment/types';
import { rateOf } from '../../measures/along_training';
import { baseValue } from '../../view/headline';
import { isLearningRate } from '../../view/parameter_names';
import type { MapView } from '../map/map_view';
import type { LandscapeView, Net } from './landscape_view';

/** A network under comparison, an arm after the other, as it is to be trained. */
export interface Compared {
  readonly arms: readonly { readonly name: string; readonly trial: TrialDocument }[];
  /** η of the charts. */
  readonly rate: number;
  /** The sharpness above which descent at that rate oscillates and grows: 2/η, with momentum μ 2(1 + μ)/η (Cohen et al. 2021, §2). */
  readonly edge: number;
  /** The learning rates of the maps, evenly on a log scale. */
  readonly rates: { readonly from: number; readonly to: number; readonly count: number };
}

/** What of the page's state says what is compared. */
export interface Shown {
  readonly landscape: LandscapeView;
  readonly experiment: Experiment;
  readonly map: Pick<MapView, 'at'>;
}

/** Arms that are compared: as many as there are colours for. Noise behind batch norm, the paper's third, is to be one of a network's. */
const MOST_ARMS = 2;
const RATES = 24;

const bed = presetExperiment('init-gain');

/** T8 of the project's test beds at four hidden layers, with weights half as large again as He's. */
const BED: Experiment = {
  ...bed,
  model: { ...bed.model, initialization: { type: 'he', gain: 1.5 } },
  optimizer: { ...bed.optimizer, learningRate: 0.01 },
};

/**
 * The deep linear network of Santurkar et al. 2018 (arXiv 1805.11604, Figures 2 and 9): 25 weight layers of 10 units, full-batch gradient
 * descent on data that a linear map makes. Its loss is a mean over the ten outputs, of which a rate of 0.01 is 0.001 of their sum.
 */
const LINEAR: Experiment = parseExperiment({
  format: 'normscape/experiment',
  version: 1,
  name: 'Deep linear network',
  model: {
    inputs: 10,
    hidden: Array.from({ length: 24 }, () => 10),
    outputs: 10,
    activation: 'identity',
    initialization: { type: 'lecun' },
  },
  data: { type: 'linear', samples: 128 },
  loss: 'half-mse',
  optimizer: { learningRate: 0.01, steps: 200 },
  axes: { x: { parameter: 'optimizer.learningRate', scale: 'log', from: 1e-4, to: 1, count: RATES } },
});

const OWN: Readonly<Record<Exclude<Net, 'map'>, Experiment>> = { bed: BED, linear: LINEAR };

/** What is trained, and at which rates, for the page's state as it is. */
export function comparedOf(shown: Shown): Compared {
  const { net, rate, steps } = shown.landscape;
  const experiment = net === 'map' ? shown.experiment : OWN[net];
  const arms = experiment.arms.slice(0, MOST_ARMS).map((arm, index) => {
    const trial = net === 'map' ? trialUnderCrosshair(shown, index) : withArm(baseTrial(experiment), arm);
    const optimizer = { ...trial.optimizer, steps, ...(rate !== undefined && { learningRate: rate }) };
    return { name: arm.name, trial: { ...trial, optimizer } };
  });
  const { trial } = arms[0]!;
  const chosen = rateOf(trial);
  const edge = (2 * (1 + trial.optimizer.momentum)) / chosen;
  return { arms, rate: chosen, edge, rates: ratesOf(experiment) };
}

/** How `Compared.edge` is written. */
export function edgeWords({ optimizer: { momentum } }: TrialDocument): string {
  return momentum === 0 ? '2/η' : '2(1 + μ)/η';
}

/** A trial at another learning rate. */
export function atRate(trial: TrialDocument, learningRate: number): TrialDocument {
  return { ...trial, optimizer: { ...trial.optimizer, learningRate } };
}

/** The rate of a column of the maps. */
export function rateAt({ rates: { from, to, count } }: Compared, column: number): number {
  return from * (to / from) ** (column / (count - 1));
}

/** Pinned last, else the document's own values. */
function trialUnderCrosshair({ experiment, map }: Shown, arm: number): TrialDocument {
  const { x, y } = experiment.axes;
  const pin = map.at.at(-1);
  const own = (parameter: string, from: number) => baseValue(experiment, parameter) ?? from;
  return trialDocument(
    experiment,
    arm,
    0,
    pin?.x ?? own(x.parameter, x.from),
    y && (pin?.y ?? own(y.parameter, y.from)),
  );
}

/** Those of the axis that is a learning rate; else what trains somewhere in most networks. */
function ratesOf({ axes: { x, y } }: Experiment): Compared['rates'] {
  const axis = [x, y].find((one) => one && isLearningRate(one.parameter) && one.from > 0 && one.to > 0);
  const [from, to] = axis ? [axis.from, axis.to].sort((a, b) => a - b) : [1e-4, 10];
  return { from: from!, to: to!, count: RATES };
}

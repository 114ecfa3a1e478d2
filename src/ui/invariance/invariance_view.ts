import { LAYER_ACTIVATIONS, type InvarianceRequest, type LayerActivation } from '../../measures/invariance';
import type { NormLawRequest } from '../../measures/norm_law';
import type { LabEngine } from '../../service/lab_protocol';
import { choice, numberSetting, type LinkSettings } from '../page/link_settings';

/** What links hold of the Scale invariance tab: a layer, who computes, and a descent. */
export interface InvarianceView {
  readonly activation: LayerActivation;
  /** Of the layer, as a text. */
  readonly units: (typeof UNITS)[number];
  readonly epsilon: (typeof EPSILONS)[number];
  readonly seed: number;
  readonly engine: LabEngine;
  /** What descent trains: the layer's weights, or all parameters. */
  readonly trained: NormLawRequest['trained'];
  /** The learning rate whose descent is drawn, one of RATES. */
  readonly rate: string;
}

export const UNITS = ['1', '4', '16'] as const;
export const EPSILONS = ['0', '1e-10', '1e-8', '1e-5', '1e-3', '0.1'] as const;
export const ENGINES = ['gpu', 'float64'] as const satisfies readonly LabEngine[];
export const TRAINED = ['weights', 'all'] as const satisfies readonly NormLawRequest['trained'][];
export const SEEDS = { least: 1, most: 8 } as const;

/** Values of `decades` powers of ten, so many a decade, to three digits. */
const logGrid = (first: number, decades: number, perDecade: number) =>
  Array.from({ length: decades * perDecade + 1 }, (_, i) =>
    Number((10 ** (first + i / perDecade)).toPrecision(3)),
  );

/** a, by which weights are multiplied, and the learning rates of descents. */
export const SCALES = logGrid(-3, 6, 5);
export const RATES = logGrid(-3, 7, 4);
/** Updates of a descent. */
export const STEPS = 1000;

const KEY = 'invariance.';

export const INVARIANCE_SETTINGS: LinkSettings<InvarianceView> = {
  activation: choice(`${KEY}activation`, LAYER_ACTIVATIONS, 'identity'),
  units: choice(`${KEY}units`, UNITS, '1'),
  epsilon: choice(`${KEY}epsilon`, EPSILONS, '1e-5'),
  seed: numberSetting(`${KEY}seed`, SEEDS, 1, 'whole'),
  engine: choice(`${KEY}engine`, ENGINES, 'gpu'),
  trained: choice(`${KEY}trained`, TRAINED, 'weights'),
  rate: choice(`${KEY}rate`, RATES.map(String), '1'),
};

const layerOf = ({ activation, units, epsilon, seed }: InvarianceView) => ({
  activation,
  units: Number(units),
  epsilon: Number(epsilon),
  seed,
});

export function invarianceRequest(view: InvarianceView): InvarianceRequest {
  return { ...layerOf(view), scales: SCALES };
}

/** The descents of all rates: which of them is drawn does not change it. */
export function normLawRequest(view: InvarianceView): NormLawRequest {
  return { ...layerOf(view), trained: view.trained, rates: RATES, steps: STEPS };
}

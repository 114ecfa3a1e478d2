import { LIMITS } from '../../experiment/document_schema';
import { ExperimentError } from '../../experiment/types';
import { REACHES } from '../../measures/landscape';
import {
  choice,
  numberSetting,
  optionalNumber,
  PREFIX,
  type LinkSettings,
  type Range,
} from '../page/link_settings';

/** Networks that are looked at: the test bed, Santurkar's deep linear one, and the cell of the Map tab's crosshair. */
export const NETS = ['bed', 'linear', 'map'] as const;
export type Net = (typeof NETS)[number];

/** What the maps over learning rates show. */
export const MEASURES = ['beta', 'variation', 'change', 'loss'] as const;
export type MapMeasure = (typeof MEASURES)[number];

export type Reach = keyof typeof REACHES;

/** What links hold of the Landscape tab. */
export interface LandscapeView {
  readonly net: Net;
  /** η; the network's own where none is told. */
  readonly rate: number | undefined;
  /** Training steps, and how many lie between two looks. */
  readonly steps: number;
  readonly every: number;
  /** Step lengths of the landscape, in units of η. */
  readonly reach: Reach;
  readonly measure: MapMeasure;
  /** The layer whose shift is drawn over the steps, from 2; the middle one where none is told. */
  readonly layer: number | undefined;
  /** The step whose shift is drawn layer by layer; the latest where none is told. */
  readonly at: number | undefined;
}

export const RANGES = {
  rate: { least: 1e-6, most: 1e3 },
  steps: { least: 1, most: 5000 },
  every: { least: 1, most: 1000 },
  layer: { least: 2, most: LIMITS.hidden + 1 },
} as const satisfies Record<string, Range>;

/** Looks at a run at the most: each costs as much as some dozen steps, and hundreds of times that for sharpness. */
export const MOST_LOOKS = 200;

const KEY = 'landscape.';

export const LANDSCAPE_SETTINGS: LinkSettings<LandscapeView> = {
  net: choice(`${KEY}net`, NETS, 'bed'),
  rate: optionalNumber(`${KEY}rate`, RANGES.rate),
  steps: numberSetting(`${KEY}steps`, RANGES.steps, 200, 'whole'),
  every: numberSetting(`${KEY}every`, RANGES.every, 5, 'whole'),
  reach: choice(`${KEY}reach`, Object.keys(REACHES) as Reach[], 'vgg'),
  measure: choice(`${KEY}measure`, MEASURES, 'beta'),
  layer: optionalNumber(`${KEY}layer`, RANGES.layer, 'whole'),
  at: optionalNumber(`${KEY}at`, { least: 0, most: RANGES.steps.most }, 'whole'),
};

/** @throws ExperimentError for more looks than there may be */
export function checkLandscape({ steps, every }: LandscapeView): void {
  const least = leastEvery(steps);
  if (every < least)
    throw new ExperimentError(
      `${PREFIX}${KEY}every`,
      every,
      `${least} or more with ${steps} steps, which is a look at ${MOST_LOOKS} of them`,
    );
}

/** Steps between two looks, so that there are no more than may be. */
export function leastEvery(steps: number): number {
  return Math.ceil(steps / MOST_LOOKS);
}

/** The steps at which training is looked at, before their updates. */
export function lookSteps({ steps, every }: Pick<LandscapeView, 'steps' | 'every'>): readonly number[] {
  return Array.from({ length: Math.ceil(steps / every) }, (_, look) => look * every);
}

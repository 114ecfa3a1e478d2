import { sealed, unsealed } from '../../experiment/link_seal';
import { ExperimentError, type Experiment } from '../../experiment/types';
import { decodeExperiment, encodeExperiment, linkParts } from '../../experiment/url';
import { choice, oneOf, PREFIX, type LinkSetting, type LinkSettings } from './link_settings';
import { STOPS } from '../tour/stops';
import type { Source, TabDescriptor } from './tab';
import { TAB_IDS, TABS, type Tab, type TabViews } from './tabs';

/** `system` follows the machine's own setting. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const SHOWS = ['everything', 'maps'] as const;
export type Shows = (typeof SHOWS)[number];

/** What of the page's state belongs to all tabs, besides the experiment. */
interface Common {
  readonly theme: Theme;
  /** `maps` leaves out all controls, as a lesson that shows the page in one of its own wants it. */
  readonly shows: Shows;
  /** The stop of the tour that is open, from 1; 0 where none is. */
  readonly tour: number;
}

/** Everything that a link to the page holds: what all tabs share, and under its name each tab's own part. */
export interface ViewState extends Common, TabViews {
  readonly tab: Tab;
  readonly experiment: Experiment;
}

const COMMON: LinkSettings<Common> = {
  theme: choice('theme', THEMES, 'system'),
  shows: choice('shows', SHOWS, 'everything'),
  tour: {
    key: 'tour',
    encode: (stop) => (stop === 0 ? undefined : String(stop)),
    decode: (text) => (text === undefined ? 0 : stopNumber(`${PREFIX}tour`, text)),
  },
};

/** The order that these keys have in links that are out in the world, so that the same state stays the same link. Other keys follow. */
const FIRST_KEYS = ['grid', 'memory', 'palette', 'colour', 'theme', 'size', 'at'];
const place = (key: string) => (FIRST_KEYS.includes(key) ? FIRST_KEYS.indexOf(key) : FIRST_KEYS.length);

const FIRST = 'preset=init-gain';
/** Begins the short links to the stops of the tour. */
const STOP = 'tour=';

/** The fragment of a link, with `#`. What is as on first open is left out. */
export function encodeView(view: ViewState): string {
  const experiment = encodeExperiment(view.experiment);
  const settings = [
    ...encoded(COMMON, view, experiment),
    ...TAB_IDS.flatMap((tab) => encoded(TABS[tab].settings, view[tab], experiment)),
  ];
  const parts = settings
    .sort(([a], [b]) => place(a) - place(b))
    .flatMap(([key, text]) => (text === undefined ? [] : [`${PREFIX}${key}=${text}`]));
  return `#${view.tab}?${sealed([experiment, ...parts].join('&'))}`;
}

/**
 * The state that a fragment names; the first preset for an empty one, and for `#tour=3` what that stop of the tour shows.
 * @throws ExperimentError for a fragment that `encodeView` cannot have made, DamagedLinkError for what is left of one
 */
export function decodeView(hash: string): ViewState {
  const [, tab = '', query = ''] = /^#?([^?]*)\??(.*)$/s.exec(unsealed(hash)) ?? [];
  if (tab.startsWith(STOP) && query === '') {
    const stop = stopNumber('tour', tab.slice(STOP.length));
    return { ...shownAt(stop), tour: stop };
  }
  const parts = query.split('&').filter(Boolean);
  const experiment = parts.filter((part) => !part.startsWith(PREFIX)).join('&') || FIRST;
  const own = parts.filter((part) => part.startsWith(PREFIX)).join('&');
  const texts = new Map(own === '' ? [] : linkParts(own));
  const keys = [COMMON, ...TAB_IDS.map((id) => TABS[id].settings)]
    .flatMap((settings) => Object.values<LinkSetting<unknown>>(settings).map(({ key }) => key))
    .sort((a, b) => place(a) - place(b))
    .map((key) => PREFIX + key);
  const unknown = [...texts.keys()].find((key) => !keys.includes(key));
  if (unknown !== undefined) throw new ExperimentError(unknown, texts.get(unknown), keys.join(', '));
  return {
    tab: oneOf('tab', tab || TAB_IDS[0]!, TAB_IDS),
    experiment: decodeExperiment(experiment),
    ...decoded(COMMON, texts, experiment),
    ...eachTab((id) => decoded(TABS[id].settings, texts, experiment)),
  };
}

const decodedStops = new Map<number, ViewState>();

/** What the link of a stop shows; the same object each time, as the page asks for all of them often. */
function shownAt(stop: number): ViewState {
  const view = decodedStops.get(stop) ?? decodeView(STOPS[stop - 1]!.link);
  decodedStops.set(stop, view);
  return view;
}

/**
 * What a stop of the tour shows in its tab, with what is the reader's own: the theme, the palette, and what the machine is asked for. What
 * other tabs show stays, and so does the experiment where the stop is not about one.
 * @param stop from 1
 */
export function atStop(view: ViewState, stop: number): ViewState {
  const { tab, ...own } = shownAt(stop);
  if (tab !== 'map') return { ...view, tab, tour: stop, [tab]: own[tab] };
  const { palette, grid, memory } = view.map;
  return { ...view, tab, tour: stop, experiment: own.experiment, map: { ...own.map, palette, grid, memory } };
}

/** @throws ExperimentError where a tab cannot show the experiment so */
export function checkView(view: ViewState): void {
  const check = <Id extends Tab>(id: Id) => {
    const tab: TabDescriptor<TabViews[Id]> = TABS[id];
    tab.check?.(view[id], view.experiment);
  };
  for (const id of TAB_IDS) check(id);
}

/** The view of another experiment, opened from a file or as a preset. */
export function openedView(view: ViewState, experiment: Experiment, from: Source): ViewState {
  return { ...view, experiment, ...eachTab((id) => TABS[id].opened?.(view[id], from) ?? view[id]) };
}

/** The view of the same experiment after an edit. */
export function editedView(view: ViewState, experiment: Experiment): ViewState {
  const edited = eachTab((id) => TABS[id].edited?.(view[id], view.experiment, experiment) ?? view[id]);
  return { ...view, experiment, ...edited };
}

/** What a function makes of each tab. */
function eachTab(made: <Id extends Tab>(id: Id) => TabViews[Id]): TabViews {
  return Object.fromEntries(TAB_IDS.map((id) => [id, made(id)])) as unknown as TabViews;
}

/** Keys with their texts. */
function encoded<Part extends object>(
  settings: LinkSettings<Part>,
  part: Part,
  experiment: string,
): [key: string, text: string | undefined][] {
  return names(settings).map((name) => [settings[name].key, settings[name].encode(part[name], experiment)]);
}

function decoded<Part extends object>(
  settings: LinkSettings<Part>,
  texts: ReadonlyMap<string, string>,
  experiment: string,
): Part {
  const entries = names(settings).map((name) => {
    const { key, decode } = settings[name];
    return [name, decode(texts.get(PREFIX + key), experiment)];
  });
  return Object.fromEntries(entries) as Part;
}

function names<Part extends object>(settings: LinkSettings<Part>): (keyof Part)[] {
  return Object.keys(settings) as (keyof Part)[];
}

/** @throws ExperimentError for the number of no stop */
function stopNumber(path: string, text: string): number {
  const stop = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (stop >= 1 && stop <= STOPS.length) return stop;
  throw new ExperimentError(path, text, `a whole number from 1 to ${STOPS.length}`);
}

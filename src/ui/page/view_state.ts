import { sealed, unsealed } from '../../experiment/link_seal';
import { ExperimentError, type Experiment } from '../../experiment/types';
import { decodeExperiment, encodeExperiment, linkParts } from '../../experiment/url';
import { choice, oneOf, PREFIX, type LinkSetting, type LinkSettings } from './link_settings';
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
}

/** Everything that a link to the page holds: what all tabs share, and under its name each tab's own part. */
export interface ViewState extends Common, TabViews {
  readonly tab: Tab;
  readonly experiment: Experiment;
}

const COMMON: LinkSettings<Common> = {
  theme: choice('theme', THEMES, 'system'),
  shows: choice('shows', SHOWS, 'everything'),
};

/** The order that these keys have in links that are out in the world, so that the same state stays the same link. Other keys follow. */
const FIRST_KEYS = ['grid', 'memory', 'palette', 'colour', 'theme', 'size', 'at'];
const place = (key: string) => (FIRST_KEYS.includes(key) ? FIRST_KEYS.indexOf(key) : FIRST_KEYS.length);

const FIRST = 'preset=init-gain';

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
 * The state that a fragment names; the first preset for an empty one.
 * @throws ExperimentError for a fragment that `encodeView` cannot have made, DamagedLinkError for what is left of one
 */
export function decodeView(hash: string): ViewState {
  const [, tab = '', query = ''] = /^#?([^?]*)\??(.*)$/s.exec(unsealed(hash)) ?? [];
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

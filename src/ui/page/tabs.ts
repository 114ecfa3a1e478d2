import { CHAIN_TAB } from '../chain/tab';
import { INVARIANCE_TAB } from '../invariance/tab';
import { KERNELS_TAB } from '../kernels/tab';
import { LANDSCAPE_TAB } from '../landscape/tab';
import { MAP_TAB } from '../map/tab';
import type { TabDescriptor } from './tab';

/** The page's tabs by the names that their links begin with, in their order on the page; the first is home. */
const LIST = {
  map: MAP_TAB,
  chain: CHAIN_TAB,
  invariance: INVARIANCE_TAB,
  landscape: LANDSCAPE_TAB,
  kernels: KERNELS_TAB,
};

export type Tab = keyof typeof LIST;
/** Each tab's own part of the page's state. */
export type TabViews = {
  readonly [Id in Tab]: (typeof LIST)[Id] extends TabDescriptor<infer Own> ? Own : never;
};

/** What each tab finds. */
export type TabFound = {
  readonly [Id in Tab]: (typeof LIST)[Id] extends TabDescriptor<infer _Own, infer Found> ? Found : never;
};

export const TABS: { readonly [Id in Tab]: TabDescriptor<TabViews[Id], TabFound[Id]> } = LIST;
export const TAB_IDS = Object.keys(LIST) as readonly Tab[];

import { presetExperiment } from '../src/experiment/presets';
import type { Shown } from '../src/ui/landscape/landscape_networks';
import { LANDSCAPE_SETTINGS, type LandscapeView } from '../src/ui/landscape/landscape_view';
import { firstOf } from '../src/ui/page/link_settings';

/** What the Landscape tab opens with. */
export const FIRST_LANDSCAPE = firstOf(LANDSCAPE_SETTINGS);

/** The page's state as the tab sees it, with some of its own part changed. */
export function shownWith(change: Partial<LandscapeView>, rest: Partial<Shown> = {}): Shown {
  return {
    landscape: { ...FIRST_LANDSCAPE, ...change },
    experiment: presetExperiment('init-gain'),
    map: { at: [] },
    ...rest,
  };
}

import { html } from 'lit';
import type { TabDescriptor } from '../page/tab';
import { LandscapeRun, type LandscapeFound } from './landscape_run';
import './landscape_tab';
import { checkLandscape, LANDSCAPE_SETTINGS, type LandscapeView } from './landscape_view';

/** The loss around the path of training. */
export const LANDSCAPE_TAB: TabDescriptor<LandscapeView, LandscapeFound> = {
  name: 'Landscape',
  settings: LANDSCAPE_SETTINGS,
  help: [
    ['Tab', 'to the settings, the layer and the step of the shift, and the maps'],
    ['left and right on a slider', 'a little less, a little more; Home and End: least and most'],
    ['arrow keys on a map', 'to another learning rate, another step; Enter draws the charts at its rate'],
  ],
  check: checkLandscape,
  open(page) {
    const run = new LandscapeRun(page.lab);
    return {
      render: (theme) => html`<landscape-tab .page=${page} .run=${run} theme=${theme}></landscape-tab>`,
      findings: { sources: [page, run], now: () => run.found(page.view) },
    };
  },
};

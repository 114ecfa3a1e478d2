import { html } from 'lit';
import type { TabDescriptor } from '../page/tab';
import { ChainRuns, type ChainFound } from './chain_run';
import './chain_tab';
import { CHAIN_SETTINGS, checkChain, type ChainView } from './chain_view';

/** The networks of the question, factor by factor. */
export const CHAIN_TAB: TabDescriptor<ChainView, ChainFound> = {
  name: 'Chain rule',
  settings: CHAIN_SETTINGS,
  help: [
    ['Tab', 'to the steps, the settings and the sliders'],
    ['left and right on a slider', 'a little less, a little more; Home and End: least and most'],
    ['Back and Forward', 'every setting and every step is one of the history'],
  ],
  check: checkChain,
  open(page) {
    const descents = new ChainRuns();
    return {
      render: (theme) => html`<chain-tab .page=${page} theme=${theme}></chain-tab>`,
      findings: {
        sources: [page],
        now: () => ({ view: page.view.chain, runs: descents.of(page.view.chain).runs }),
      },
    };
  },
};

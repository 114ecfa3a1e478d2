import { html } from 'lit';
import type { TabDescriptor } from '../page/tab';
import type { InvarianceFound } from './found';
import './invariance_tab';
import { INVARIANCE_SETTINGS, type InvarianceView } from './invariance_view';
import { LabResult } from './lab_result';

/** What batch norm forgets: the scale of the weights before it. */
export const INVARIANCE_TAB: TabDescriptor<InvarianceView, InvarianceFound> = {
  name: 'Scale invariance',
  settings: INVARIANCE_SETTINGS,
  help: [
    ['Tab', 'to the lists of the layer, and to the learning rate'],
    ['← → on the slider', 'the next smaller or larger learning rate that was trained'],
    ['pointer on a chart', 'values at that a, step or learning rate'],
  ],
  open(page) {
    const scaling = new LabResult(page.lab, 'invariance');
    const growth = new LabResult(page.lab, 'norm_law');
    return {
      render: (theme) =>
        html`<invariance-tab
          .page=${page}
          .scaling=${scaling}
          .growth=${growth}
          theme=${theme}
        ></invariance-tab>`,
      findings: {
        sources: [page, scaling, growth],
        now: () => ({ scaling: scaling.shown, growth: growth.shown, rate: page.view.invariance.rate }),
      },
    };
  },
};

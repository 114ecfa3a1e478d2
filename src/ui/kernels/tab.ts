import { html } from 'lit';
import type { TabDescriptor } from '../page/tab';
import { BenchController } from './bench_controller';
import './kernels_tab';
import { KERNELS_SETTINGS, type KernelsView } from './kernels_view';

/** Every kernel and every engine measured; what was measured stays while other tabs are shown. */
export const KERNELS_TAB: TabDescriptor<KernelsView> = {
  name: 'Kernels',
  settings: KERNELS_SETTINGS,
  help: [
    ['Tab', 'to the size, to Measure or Stop, and to the report’s buttons'],
    ['left and right in a table', 'scroll it, where it is wider than the window'],
  ],
  open(page) {
    const bench = new BenchController(page.turns);
    return { render: () => html`<kernels-tab .page=${page} .bench=${bench}></kernels-tab>` };
  },
};

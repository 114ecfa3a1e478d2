import { requestGpu } from '../../src/gpu/device';
import { jaxJs } from './jax_js';
import { measure, type Options, type Row } from './measure';
import { ours } from './ours';
import { pyTorch } from './pytorch';
import { tensorFlowJs } from './tensorflow_js';

export interface PeersPage {
  /** Measures one workload; the adapter in words comes with it. */
  measure(workload: string, options: Options): Promise<{ adapter: string; row: Row }>;
}

declare global {
  interface Window {
    peers?: PeersPage;
  }
}

window.peers = {
  async measure(workload, options) {
    const gpu = await requestGpu(navigator.gpu, { secure: isSecureContext });
    const all = [
      ...ours(gpu),
      ...(await jaxJs()),
      ...(await tensorFlowJs()),
      ...(window.torch ? pyTorch(window.torch) : []),
    ];
    const contestants = all.filter(({ library }) => !options.without.includes(library));
    return { adapter: gpu.adapter.name, row: await measure(workload, contestants, options) };
  },
};

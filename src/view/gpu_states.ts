import type { GpuUnavailableState } from '../gpu/errors';

/** Where the page computes, and what a person can do about it. */
export type ComputeState = GpuUnavailableState | 'software-adapter' | 'gpu';

export const COMPUTE_STATES: Readonly<
  Record<ComputeState, { title: string; words: string; remedy: string }>
> = {
  'insecure-context': {
    title: 'This page was not opened securely',
    words: 'Browsers offer WebGPU only to pages from HTTPS or localhost.',
    remedy: 'Open the page by its https:// address, or from localhost.',
  },
  'no-webgpu': {
    title: 'This browser has no WebGPU',
    words: 'The kernels cannot run here.',
    remedy:
      'Use Chrome or Edge 113 or later (on Linux 144 or later), Safari 26, or Firefox 141 on Windows and 145 on Apple silicon.',
  },
  'no-adapter': {
    title: 'WebGPU found no graphics adapter',
    words: 'The browser has WebGPU, but no graphics card that it would use.',
    remedy:
      'Turn on graphics acceleration in the browser’s settings and update the graphics driver. Where the GPU has just crashed several times, try again in some minutes.',
  },
  limits: {
    title: 'The graphics adapter is too small',
    words: 'It offers less than WebGPU asks of every adapter, as old ones do in a compatibility mode.',
    remedy: 'Use another graphics adapter, or a newer driver.',
  },
  'device-failed': {
    title: 'The graphics adapter gave no device',
    words: 'The adapter was found, and refused to start.',
    remedy: 'Close other pages that use the GPU and reload; if that does not help, restart the browser.',
  },
  'software-adapter': {
    title: 'WebGPU runs in software',
    words: 'The processor plays the graphics card: the results are the same, only slower.',
    remedy: 'Turn on graphics acceleration in the browser’s settings to use the graphics card.',
  },
  gpu: { title: 'WebGPU', words: 'The kernels run on the graphics card.', remedy: '' },
};

export function isSoftware(adapter: string): boolean {
  return adapter.includes('software adapter');
}

import { requestGpu, type Gpu } from '../src/gpu/device';

const PACKAGE = 'webgpu'; // named by a variable, so that the browser's bundler leaves it alone

let gpu: Promise<Gpu> | undefined;

/** The one GPU of this test worker: the browser's, or Dawn's in Node. Throws where there is no adapter. */
export function testGpu(): Promise<Gpu> {
  return (gpu ??= entry().then((gpu) => requestGpu(gpu, { secure: true })));
}

let dawn: GPU | undefined; // referenced for ever: the collector crashes the process if it takes it

/** `navigator.gpu`, or Dawn with timestamps that are not rounded. */
export async function entry(): Promise<GPU> {
  if (typeof window !== 'undefined' && navigator.gpu) return navigator.gpu;
  if (dawn) return dawn;
  const { create, globals }: typeof import('webgpu') = await import(/* @vite-ignore */ PACKAGE);
  Object.assign(globalThis, globals);
  return (dawn = create(['disable-dawn-features=timestamp_quantization']));
}

import { requestGpu, type Gpu } from '../src/gpu/device';

const PACKAGE = 'webgpu'; // named by a variable, so that the browser's bundler leaves it alone

let gpu: Promise<Gpu> | undefined;

/** The one GPU of this test worker: the browser's, wgpu's in Deno, or Dawn's in Node. Throws where there is no adapter. */
export function testGpu(): Promise<Gpu> {
  return (gpu ??= entry().then((gpu) => requestGpu(gpu, { secure: true })));
}

// Referenced for ever: the collector crashes the process if it takes it.
let dawn: Promise<GPU> | undefined;

/** `navigator.gpu`, or Dawn with timestamps that are not rounded. */
export async function entry(): Promise<GPU> {
  if ('navigator' in globalThis && navigator.gpu) return navigator.gpu;
  return (dawn ??= createDawn());
}

async function createDawn(): Promise<GPU> {
  const { create, globals }: typeof import('webgpu') = await import(/* @vite-ignore */ PACKAGE);
  Object.assign(globalThis, globals);
  return create([
    'disable-dawn-features=timestamp_quantization',
    'enable-dawn-features=disable_workgroup_init',
  ]);
}

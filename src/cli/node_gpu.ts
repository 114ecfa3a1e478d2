let dawn: GPU | undefined; // referenced for ever: the collector crashes the process if it takes it

/** What stands for `navigator.gpu`: Deno's own, else Dawn's; nothing on a machine for which the package has no binary. */
export async function nodeGpu(): Promise<GPU | undefined> {
  if ('navigator' in globalThis && navigator.gpu) return navigator.gpu;
  if (dawn) return dawn;
  try {
    const { create, globals } = await import('webgpu');
    Object.assign(globalThis, globals);
    dawn = create(['disable-dawn-features=timestamp_quantization']); // there is no page to keep time from
  } catch {
    return undefined;
  }
  return dawn;
}

let dawn: GPU | undefined; // referenced for ever: the collector crashes the process if it takes it

/** Dawn's `navigator.gpu`; nothing on a machine for which the package has no binary. */
export async function nodeGpu(): Promise<GPU | undefined> {
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

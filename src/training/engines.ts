import { requestGpu, type GpuRequest } from '../gpu/device';
import type { Engine, EngineName } from './engine';
import { FirstFitEngine } from './first_fit_engine';
import { FusedEngine } from './fused_engine';
import { LayeredEngine } from './layered_engine';
import { ReferenceEngine } from './reference_engine';

export const ENGINE_NAMES = ['fused', 'layered', 'reference'] as const satisfies readonly EngineName[];
export type AvailableEngine = (typeof ENGINE_NAMES)[number];

/** What a GPU engine trains fastest with, where there is an adapter. */
export const FASTEST: AvailableEngine = 'fused';

export interface EngineChoice extends Pick<GpuRequest, 'tell'> {
  /** Which of the machine's adapters. */
  readonly adapter?: GPURequestAdapterOptions;
  /** Steps of a dispatch at the most. */
  readonly steps?: number;
  /** `Gpu.patience`, instead of what suits the adapter. */
  readonly patience?: number | undefined;
}

/**
 * @param gpu `navigator.gpu` or Dawn's, where there is one
 * @param secure `isSecureContext`; true outside a browser
 * @throws GpuUnavailableError when the engine needs a GPU and there is none
 */
export async function openEngine(
  name: AvailableEngine,
  gpu: GPU | undefined,
  secure: boolean,
  { adapter, steps, patience, tell }: EngineChoice = {},
): Promise<Engine> {
  if (name === 'reference') return new ReferenceEngine();
  const device = await requestGpu(gpu, {
    secure,
    ...(adapter && { adapter }),
    ...(patience && { patience }),
    ...(tell && { tell }),
  });
  const layered = new LayeredEngine(device);
  return name === 'fused'
    ? new FirstFitEngine([new FusedEngine(device, undefined, steps), layered])
    : layered;
}

import { GpuUnavailableError } from '../gpu/errors';
import type { EngineFaultError } from '../training/engine';
import { FASTEST } from '../training/engines';
import { Ladder } from '../training/ladder';
import { ReferenceEngine } from '../training/reference_engine';
import { LabHost } from './lab_host';
import type { LabRequest } from './lab_protocol';
import { MEASUREMENTS } from './measurements';

const ladder = new Ladder(FASTEST, async () => navigator.gpu, isSecureContext);

const host = new LabHost(
  MEASUREMENTS,
  {
    gpu: (fault?: EngineFaultError) =>
      ladder.open(fault).catch((error: unknown) => {
        if (error instanceof GpuUnavailableError) return new ReferenceEngine();
        throw error;
      }),
    float64: async () => new ReferenceEngine(),
  },
  (event) => postMessage(event, { transfer: [] }),
);

addEventListener('message', ({ data }: MessageEvent<LabRequest>) => host.handle(data));

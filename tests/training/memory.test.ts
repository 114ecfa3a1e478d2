import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Experiment } from '../../src/experiment/types';
import { requestGpu, type Gpu } from '../../src/gpu/device';
import { Sweep } from '../../src/scheduler/sweep';
import { FusedEngine } from '../../src/training/fused_engine';
import { LayeredEngine } from '../../src/training/layered_engine';
import { entry } from '../gpu_device';
import { chainExperiment } from '../scheduler/chain_experiment';

const ENGINES = { layered: LayeredEngine, fused: FusedEngine } as const;

/** Buffers that do not grow with the trials of a wave, or far less: calls and lists, shared data, staging. */
const BESIDES = new Set(['calls', 'network', 'trials', 'segments', 'x', 'y', 'base', 'readback']);
/** What they may take in the experiments below, all together. */
const BESIDES_BYTES = 32 * 1024;

/** Learning rate × input scale, so that every row of the map has a data set of its own. */
const SCALES = {
  x: { parameter: 'optimizer.learningRate', scale: 'log', from: 0.01, to: 4, count: 16 },
  y: { parameter: 'data.inputScale', scale: 'linear', from: 0.5, to: 2, count: 12 },
};
const EXPERIMENTS: [name: string, experiment: Experiment][] = [
  ['a map', chainExperiment({ nx: 24, ny: 20, steps: 6, replicates: 1 })],
  ['many data sets', chainExperiment({ steps: 6, replicates: 2 }, { axes: SCALES })],
];

/** A device that counts the bytes of its living buffers. */
class CountedGpu {
  readonly living = new Map<GPUBuffer, GPUBufferDescriptor>();
  peak = 0;
  peakOfTrials = 0;

  constructor(readonly gpu: Gpu) {
    const { device } = gpu;
    const create = device.createBuffer.bind(device);
    device.createBuffer = (descriptor) => {
      const buffer = create(descriptor);
      const destroy = buffer.destroy.bind(buffer);
      buffer.destroy = () => {
        this.living.delete(buffer);
        return destroy();
      };
      this.living.set(buffer, descriptor);
      this.peak = Math.max(
        this.peak,
        this.bytes(() => true),
      );
      this.peakOfTrials = Math.max(
        this.peakOfTrials,
        this.bytes((label) => !BESIDES.has(label)),
      );
      return buffer;
    };
  }

  private bytes(which: (label: string) => boolean): number {
    const chosen = [...this.living.values()].filter(({ label }) => which(label ?? ''));
    return chosen.reduce((sum, { size }) => sum + size, 0);
  }
}

let gpu: Gpu;
beforeAll(async () => {
  gpu = await requestGpu(await entry(), { secure: true });
});
afterAll(() => gpu.destroy());

describe.each(['layered', 'fused'] as const)('the buffers of the %s engine', (name) => {
  // With 12 KiB it is the memory that decides the size of every wave; with 256 KiB, the pace.
  describe.each([12, 256])('in %i KiB', (kibibytes) => {
    test.each(EXPERIMENTS)('of %s stay within it, and are all given back', async (_which, experiment) => {
      const memory = kibibytes * 1024;
      const counted = new CountedGpu({ ...gpu, destroy: () => undefined });
      const sweep = new Sweep(
        experiment,
        async () => new ENGINES[name](counted.gpu),
        { results: () => undefined },
        { memory },
      );
      expect(await sweep.run()).toBe('done');
      expect(counted.peakOfTrials).toBeLessThanOrEqual(memory);
      expect(counted.peak).toBeLessThanOrEqual(memory + BESIDES_BYTES);
      expect(counted.peakOfTrials, 'it is used').toBeGreaterThan(kibibytes === 12 ? memory / 2 : 0);
      expect([...counted.living.values()].map(({ label }) => label)).toEqual([]);
    });
  });
});

import { describe, expect, test } from 'vitest';
import { FusedEngine, type FusedShape } from '../../src/training/fused_engine';
import { GOLDEN_RUNS, relativeErrors } from '../golden_runs';
import { ENGINES, runSweep, sharedGpu } from '../sweeps';

/** Small enough that a trial fits the 16 KiB of workgroup memory that every device has. */
const SMALL = GOLDEN_RUNS.find(({ name }) => name === 'chain')!;
const STEPS = 10;

const SHAPES: FusedShape[] = [
  { workgroupSize: 1, memory: 'storage' },
  { workgroupSize: 4, memory: 'storage' },
  { workgroupSize: 64, memory: 'storage' },
  { workgroupSize: 4, memory: 'workgroup' },
  { workgroupSize: 32, memory: 'workgroup' },
];

describe('the fused engine, however a trial is spread over invocations and wherever its memory is', () => {
  test.each(SHAPES)('$workgroupSize invocations, $memory memory', async (shape) => {
    const engine = new FusedEngine(await sharedGpu(), shape);
    const { traces } = await runSweep(SMALL.experiment, async () => engine, { tracing: true });
    const reference = await runSweep(SMALL.experiment, ENGINES.reference, { tracing: true });
    for (const [trial, expected] of reference.traces) {
      const steps = Math.min(STEPS, expected.loss.length);
      const actual = traces.get(trial)!;
      expect(Math.max(...relativeErrors(actual.loss, expected.loss, steps)), `loss of ${trial}`).toBeLessThan(
        1e-4,
      );
      expect(
        Math.max(...relativeErrors(actual.gradientNorm, expected.gradientNorm, steps)),
        `gradient norm of ${trial}`,
      ).toBeLessThan(1e-4);
    }
  });
});

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

/** Wide enough that every invocation has a part in every layer; untraced, for the sums of a trace bring barriers of their own. */
const WIDE = GOLDEN_RUNS.find(({ name }) => name === 'relu-4x16')!;

describe('no invocation overtakes another', () => {
  test.each([4, 8, 32, 64])('%i invocations', async (workgroupSize) => {
    const experiment = { ...WIDE.experiment, optimizer: { ...WIDE.experiment.optimizer, steps: STEPS } };
    const engine = new FusedEngine(await sharedGpu(), { workgroupSize, memory: 'storage' });
    const actual = (await runSweep(experiment, async () => engine)).results;
    const expected = (await runSweep(experiment, ENGINES.reference)).results;
    expect([...actual.class]).toEqual([...expected.class]);
    expect(Math.max(...relativeErrors(actual.lossFinal, expected.lossFinal, actual.trials))).toBeLessThan(
      1e-4,
    );
    expect(Math.max(...relativeErrors(actual.lossMin, expected.lossMin, actual.trials))).toBeLessThan(1e-4);
  });
});

import { describe, expect, test } from 'vitest';
import type { FusedShape } from '../../src/kernels/geometry';
import { FusedEngine } from '../../src/training/fused_engine';
import { fusedForm } from '../../src/training/fused_form';
import { planOf } from '../../src/training/planner';
import { GOLDEN_RUNS, relativeErrors } from '../golden_runs';
import { ENGINES, runSweep, sharedGpu } from '../sweeps';

/** Small enough that a trial fits the 16 KiB of workgroup memory that every device has. */
const SMALL = GOLDEN_RUNS.find(({ name }) => name === 'chain')!;
const STEPS = 10;

const SHAPES: FusedShape[] = [
  { team: 'workgroup', workgroupSize: 1, memory: 'storage', pack: 4 },
  { team: 'workgroup', workgroupSize: 4, memory: 'storage', pack: 1 },
  { team: 'workgroup', workgroupSize: 64, memory: 'storage', pack: 4 },
  { team: 'workgroup', workgroupSize: 4, memory: 'workgroup', pack: 4 },
  { team: 'workgroup', workgroupSize: 32, memory: 'workgroup', pack: 1 },
  { team: 'single', workgroupSize: 4, memory: 'storage', pack: 1 },
  { team: 'single', workgroupSize: 32, memory: 'storage', pack: 1 },
  { team: 'quad', workgroupSize: 4, memory: 'storage', pack: 4 },
];

const { adapter } = await sharedGpu();
/** Where invocations cannot swap values, a shape that needs it does not compile, and is not chosen either (last test). */
const possible = ({ team }: Partial<FusedShape>) => team !== 'quad' || adapter.subgroups;

describe('the fused engine, however a trial is spread over invocations and wherever its memory is', () => {
  test.each(SHAPES.filter(possible))(
    'team: $team of $workgroupSize invocations, $memory memory, packs of $pack',
    async (shape) => {
      const engine = new FusedEngine(await sharedGpu(), shape);
      const { traces } = await runSweep(SMALL.experiment, async () => engine, { tracing: true });
      const reference = await runSweep(SMALL.experiment, ENGINES.reference, { tracing: true });
      for (const [trial, expected] of reference.traces) {
        const steps = Math.min(STEPS, expected.loss.length);
        const actual = traces.get(trial)!;
        expect(
          Math.max(...relativeErrors(actual.loss, expected.loss, steps)),
          `loss of ${trial}`,
        ).toBeLessThan(1e-4);
        expect(
          Math.max(...relativeErrors(actual.gradientNorm, expected.gradientNorm, steps)),
          `gradient norm of ${trial}`,
        ).toBeLessThan(1e-4);
      }
    },
  );
});

/** Wide enough that every invocation has a part in every layer; untraced, for the sums of a trace bring barriers of their own. */
const WIDE = GOLDEN_RUNS.find(({ name }) => name === 'relu-4x16')!;

describe('no invocation overtakes another', () => {
  const shapes: Partial<FusedShape>[] = [4, 64].map((workgroupSize) => ({
    team: 'workgroup',
    workgroupSize,
  }));
  test.each([...shapes, { team: 'quad' as const, workgroupSize: 4 }].filter(possible))(
    '$team of $workgroupSize',
    async (shape) => {
      const experiment = { ...WIDE.experiment, optimizer: { ...WIDE.experiment.optimizer, steps: STEPS } };
      const engine = new FusedEngine(await sharedGpu(), { ...shape, memory: 'storage' });
      const actual = (await runSweep(experiment, async () => engine)).results;
      const expected = (await runSweep(experiment, ENGINES.reference)).results;
      expect([...actual.class]).toEqual([...expected.class]);
      expect(Math.max(...relativeErrors(actual.lossFinal, expected.lossFinal, actual.trials))).toBeLessThan(
        1e-4,
      );
      expect(Math.max(...relativeErrors(actual.lossMin, expected.lossMin, actual.trials))).toBeLessThan(1e-4);
    },
  );
});

test.each([1, 3, 7])(
  'dispatches of %i steps at most give the same bits as one of all steps',
  async (most) => {
    const run = async (mostSteps?: number) => {
      const gpu = await sharedGpu();
      const engine = new FusedEngine(gpu, { team: 'workgroup', workgroupSize: 4 }, mostSteps);
      return (await runSweep(SMALL.experiment, async () => engine)).results;
    };
    const [few, all] = [await run(most), await run(16)];
    for (const column of ['class', 'score', 'lossFinal', 'lossMin', 'divergedAt'] as const)
      expect([...few[column]], column).toEqual([...all[column]]);
  },
);

test.each([
  [false, true, 'workgroup'],
  [false, false, 'workgroup'],
  [true, true, 'quad'],
  [true, false, 'workgroup'],
])(
  'in software %s, with subgroups %s, a trial is trained by a team: %s',
  async (software, subgroups, team) => {
    const { limits } = await sharedGpu();
    const form = fusedForm(planOf(WIDE.experiment), {
      adapter: { ...adapter, software, subgroups },
      limits,
    });
    expect(form.shape.team).toBe(team);
  },
);

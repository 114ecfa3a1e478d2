import { describe, expect, test } from 'vitest';
import { baseTrial } from '../../src/experiment/trial';
import { presetExperiment } from '../../src/experiment/presets';
import { parseExperiment } from '../../src/experiment/parse';
import { MOST_HELD, type FusedShape } from '../../src/kernels/geometry';
import { FusedEngine } from '../../src/training/fused_engine';
import { formOf, fusedForm } from '../../src/training/fused_form';
import { planOf } from '../../src/training/planner';
import { shapeNamed } from '../../src/training/shape_names';
import { tried } from '../every';
import { GOLDEN_RUNS, relativeErrors } from '../golden_runs';
import { ENGINES, runSweep, sharedGpu } from '../sweeps';

/** Small enough that a trial fits the 16 KiB of workgroup memory that every device has. */
const SMALL = GOLDEN_RUNS.find(({ name }) => name === 'chain')!;
const STEPS = 10;

const IN_WORKGROUP: FusedShape = {
  team: 'workgroup',
  workgroupSize: 4,
  memory: 'workgroup',
  pack: 'columns',
};
const SHAPES = tried<FusedShape>(
  [
    IN_WORKGROUP,
    { team: 'single', workgroupSize: 4, memory: 'storage', pack: 'rows' },
    { team: 'quad', workgroupSize: 4, memory: 'storage', pack: 'columns' },
    { team: 'workgroup', workgroupSize: 8, memory: 'storage', pack: 'columns', strip: 4 },
    { team: 'single', workgroupSize: 4, memory: 'interleaved', pack: 'rows', held: true },
  ],
  [
    { team: 'workgroup', workgroupSize: 1, memory: 'storage', pack: 'columns' },
    { team: 'workgroup', workgroupSize: 4, memory: 'storage', pack: 'rows' },
    { team: 'workgroup', workgroupSize: 64, memory: 'storage', pack: 'columns' },
    { team: 'workgroup', workgroupSize: 16, memory: 'workgroup', pack: 'columns', strip: 1 },
    { team: 'workgroup', workgroupSize: 128, memory: 'storage', pack: 'columns', strip: 2 },
    { team: 'workgroup', workgroupSize: 32, memory: 'workgroup', pack: 'rows' },
    { team: 'single', workgroupSize: 4, memory: 'interleaved', pack: 'rows' },
    { team: 'single', workgroupSize: 32, memory: 'interleaved', pack: 'columns' },
    // Which lavapipe compiles for minutes, and where it is not chosen.
    ...('Deno' in globalThis
      ? []
      : [{ team: 'single', workgroupSize: 4, memory: 'private', pack: 'rows' } as const]),
  ],
);

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
  const shapes = tried<Pick<FusedShape, 'team' | 'workgroupSize'>>(
    [{ team: 'workgroup', workgroupSize: 4 }],
    [
      { team: 'workgroup', workgroupSize: 64 },
      { team: 'quad', workgroupSize: 4 },
    ],
  );
  test.each(shapes.filter(possible))('$team of $workgroupSize', async (shape) => {
    const experiment = { ...WIDE.experiment, optimizer: { ...WIDE.experiment.optimizer, steps: STEPS } };
    const engine = new FusedEngine(await sharedGpu(), {
      ...shape,
      memory: 'storage',
      pack: 'columns',
    });
    const actual = (await runSweep(experiment, async () => engine)).results;
    const expected = (await runSweep(experiment, ENGINES.reference)).results;
    expect([...actual.class]).toEqual([...expected.class]);
    expect(Math.max(...relativeErrors(actual.lossFinal, expected.lossFinal, actual.trials))).toBeLessThan(
      1e-4,
    );
    expect(Math.max(...relativeErrors(actual.lossMin, expected.lossMin, actual.trials))).toBeLessThan(1e-4);
  });
});

test.each([1, 3, 7])(
  'dispatches of %i steps at most give the same bits as one of all steps',
  async (most) => {
    const run = async (mostSteps?: number) => {
      const gpu = await sharedGpu();
      const engine = new FusedEngine(gpu, IN_WORKGROUP, mostSteps);
      return (await runSweep(SMALL.experiment, async () => engine)).results;
    };
    const [few, all] = [await run(most), await run(16)];
    for (const column of ['class', 'score', 'lossFinal', 'lossMin', 'divergedAt'] as const)
      expect([...few[column]], column).toEqual([...all[column]]);
  },
);

const EXPERIMENTS = {
  large: WIDE.experiment,
  small: parseExperiment({
    ...presetExperiment('chain'),
    model: { inputs: 4, hidden: [4], outputs: 1, activation: 'tanh' },
    data: { type: 'teacher', samples: 16 },
    loss: 'half-mse',
  }),
  narrow: SMALL.experiment,
};
test.each([
  [false, true, 'large', 'workgroup of 128, storage memory, columns'],
  [false, true, 'small', 'workgroup of 32, workgroup memory, columns'],
  [false, false, 'narrow', 'single of 32, interleaved memory, rows'],
  [true, true, 'large', 'quad of 4, storage memory, columns'],
  [true, true, 'narrow', 'single of 4, private memory, rows'],
  [true, false, 'large', 'single of 8, interleaved memory, columns'],
  [true, false, 'narrow', 'single of 8, interleaved memory, rows'],
] as const)(
  'in software %s, with subgroups %s, a %s trial is trained by a %s',
  (software, subgroups, size, words) => {
    const limits = { maxComputeWorkgroupStorageSize: 16_384 } as GPUSupportedLimits;
    const { shape } = fusedForm(planOf(baseTrial(EXPERIMENTS[size])), {
      adapter: { ...adapter, software, subgroups },
      limits,
    });
    expect(`${shape.team} of ${shape.workgroupSize}, ${shape.memory} memory, ${shape.pack}`).toBe(words);
  },
);

test.each([
  ['a layer of 128 rows is held', { samples: 4 * MOST_HELD }, 'full', true],
  ['one of more is not', { samples: 4 * MOST_HELD + 1 }, 'full', false],
  ['nor are all rows for a batch of a few of them', { samples: 4 * MOST_HELD }, 8, false],
] as const)('%s', (_what, data, batch, fits) => {
  const experiment = parseExperiment({
    ...presetExperiment('chain'),
    data: { type: 'linear', target: 1, ...data },
    optimizer: { learningRate: 0.1, steps: 10, batch },
  });
  const held = shapeNamed('single-32-interleaved-rows-held')!;
  const limits = {} as GPUSupportedLimits;
  expect(formOf(planOf(baseTrial(experiment)), { adapter, limits }, held) !== undefined).toBe(fits);
});

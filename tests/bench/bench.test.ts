import { expect, test } from 'vitest';
import { runBench, type BenchReport } from '../../src/bench/bench';
import { benchMarkdown, shapeMarkdown } from '../../src/view/bench_markdown';
import { benchEngine, REFERENCE_TRIALS } from '../../src/bench/engine_bench';
import { benchShapes } from '../../src/bench/shape_bench';
import { sizeNamed } from '../../src/bench/kernel_sizes';
import { WORKLOADS } from '../../src/bench/workloads';
import { EngineFaultError, type Wave, type WaveInput } from '../../src/training/engine';
import { ReferenceEngine } from '../../src/training/reference_engine';
import { shapeNamed } from '../../src/training/shape_names';
import { entry } from '../gpu_device';

const isPositive = (value: number) => Number.isFinite(value) && value > 0;

test('a report of two kernels and all engines, row by row', async () => {
  const said: string[] = [];
  const seen: BenchReport[] = [];
  const workloads = WORKLOADS.filter(({ id }) => id === 'D');
  const report = await runBench(
    await entry(),
    true,
    {
      kernels: () => ['matmul', 'gather'].map((name) => ({ name, size: sizeNamed('tiny')! })),
      workloads,
      trials: () => 6,
      memory: 2 ** 26,
      quick: true,
    },
    {
      begins: (what, at, total) => said.push(`${at}/${total} ${what}`),
      measured: (partial) => seen.push(partial),
    },
  );
  expect(said).toEqual([
    '1/6 the ceilings',
    '2/6 matmul',
    '3/6 gather',
    '4/6 D, fused',
    '5/6 D, layered',
    '6/6 D, reference',
  ]);
  expect(seen.map(({ kernels, engines }) => [kernels.length, engines.length])).toEqual([
    [1, 0],
    [2, 0],
    [2, 1],
    [2, 2],
    [2, 3],
  ]);
  expect(seen.at(-1)).toBe(report);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  expect(report).toMatchObject({ format: 'normscape/bench', version: 1 });
  expect(Date.parse(report.date)).not.toBeNaN();
  expect([report.ceilings.flops, report.ceilings.bytes].every(isPositive)).toBe(true);
  expect(report.kernels.map(({ kernel, trials }) => [kernel, trials])).toEqual([
    ['matmul', 2],
    ['gather', 2],
  ]);
  expect(report.engines.map(({ engine, trials }) => [engine, trials])).toEqual([
    ['fused', 6],
    ['layered', 6],
    ['reference', REFERENCE_TRIALS],
  ]);
  expect(report.engines.every(({ rate, samples, steps }) => [rate, samples, steps].every(isPositive))).toBe(
    true,
  );

  const markdown = benchMarkdown(report);
  expect(markdown).toContain(report.adapter.name);
  expect(markdown.includes('these figures say nothing about a GPU')).toBe(report.adapter.software);
  expect(markdown).toMatch(/^\| matmul \| 2 trials, 12 × 8 \| (blocks|tiles) of \d+ × \d+ \| [\d.]+ .s ± /m);
  expect(markdown).toMatch(/^\| D \| chain 1-1-1-1-1-1, .* \| [\d.]+(\u202fk)? ± .* \(4 trials, /m);
  const widths = markdown
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split(' | ').length);
  expect(new Set(widths)).toEqual(new Set([12, 5]));
});

test('on a device that is lost no row is measured twice, and none is missing', async () => {
  const devices: GPUDevice[] = [];
  const real = await entry();
  const gpu = {
    async requestAdapter(options?: GPURequestAdapterOptions) {
      const adapter = (await real.requestAdapter(options))!;
      const request = adapter.requestDevice.bind(adapter);
      Object.defineProperty(adapter, 'requestDevice', {
        async value(descriptor?: GPUDeviceDescriptor) {
          devices.push(await request(descriptor));
          return devices.at(-1);
        },
      });
      return adapter;
    },
  } as GPU;
  const said: string[] = [];
  const faults: string[] = [];
  const report = await runBench(
    gpu,
    true,
    {
      kernels: () => ['gather', 'norms'].map((name) => ({ name, size: sizeNamed('tiny')! })),
      workloads: WORKLOADS.filter(({ id }) => id === 'D'),
      trials: () => 2,
      memory: 2 ** 26,
      quick: true,
    },
    {
      begins: (what) => said.push(what),
      measured({ kernels, engines }) {
        // As a driver does it: once between kernels, once between engines, of which each has a device of its own.
        if ((kernels.length === 1 && engines.length === 0) || engines.length === 1)
          for (const device of devices) device.destroy();
      },
      fault: (words) => faults.push(words),
    },
  );
  const rows = ['gather', 'norms', 'D, fused', 'D, layered', 'D, reference'];
  expect([
    ...report.kernels.map(({ kernel }) => kernel),
    ...report.engines.map(({ workload, engine }) => `${workload}, ${engine}`),
  ]).toEqual(rows);
  for (const once of ['the ceilings', 'gather', 'D, fused'])
    expect(said.filter((what) => what === once)).toHaveLength(1);
  // What was under way is begun again.
  expect(new Set(said)).toEqual(new Set(['the ceilings', ...rows]));
  expect(faults[0]).toMatch(/: GPU device lost \(destroyed\).*\. Measured further on a new device\.$/);
});

test('the reference is measured on a few trials', async () => {
  const workload = WORKLOADS[0]!;
  const rules = { shortest: 0, samples: 2, slow: Infinity, slowSamples: 2 };
  const row = await benchEngine(new ReferenceEngine(), workload, { trials: 1000, memory: 2 ** 26 }, rules);
  expect(row).toMatchObject({ workload: 'A', engine: 'reference', trials: REFERENCE_TRIALS, samples: 2 });
  expect(isPositive(row.rate)).toBe(true);
});

test('a device that cuts long dispatches is measured in shorter ones', async () => {
  const asked: number[] = [];
  let open = 0;
  /** Ends dispatches after three steps. */
  class Cutting extends ReferenceEngine {
    override async open(input: WaveInput): Promise<Wave> {
      const wave = await super.open(input);
      open += 1;
      return {
        run: async (steps, together = steps) => {
          asked.push(together);
          if (together > 3) throw new EngineFaultError('cut', { steps: together });
          return wave.run(steps, together);
        },
        keep: (slots) => wave.keep(slots),
        read: (name) => wave.read(name),
        begin: (parameters) => wave.begin(parameters),
        close: () => {
          open -= 1;
          wave.close();
        },
      };
    }
  }
  const rules = { shortest: 0.05, samples: 2, slow: Infinity, slowSamples: 2 };
  const row = await benchEngine(new Cutting(), WORKLOADS[0]!, { trials: 1, memory: 2 ** 26 }, rules);
  expect(row.steps, 'steps of a sample').toBeGreaterThan(3);
  expect(asked.some((steps) => steps > 3)).toBe(true);
  expect(asked.at(-1)).toBeLessThanOrEqual(3);
  expect(open).toBe(0);
});

test('the shapes of the fused engine are measured where they fit', async () => {
  const [interleaved, workgroup] = ['single-4-interleaved-rows', 'workgroup-4-workgroup-columns'];
  const report = await benchShapes(
    await entry(),
    {
      workloads: WORKLOADS.filter(({ id }) => id === 'D'),
      shapes: [shapeNamed(interleaved)!],
      trials: 9,
      memory: 2 ** 26,
      quick: true,
    },
    () => undefined,
  );
  expect(report.shapes).toMatchObject([
    { workload: 'D', shape: interleaved, packs: 202, measured: { trials: 9 } },
  ]);
  expect(isPositive(report.shapes[0]!.measured!.rate)).toBe(true);
  const unfit = await benchShapes(
    await entry(),
    {
      workloads: WORKLOADS.filter(({ id }) => id === "A'"),
      shapes: [shapeNamed(workgroup)!],
      trials: 1,
      memory: 2 ** 26,
      quick: true,
    },
    () => undefined,
  );
  expect(unfit.shapes).toEqual([{ workload: "A'", shape: workgroup, packs: undefined, measured: undefined }]);
  expect(shapeMarkdown({ ...report, shapes: [...report.shapes, ...unfit.shapes] })).toMatch(
    /^\| D \| single-4-interleaved-rows \| 202 \| [\d.]+.* \| 9 \| .*\n\| A' \| workgroup-4-workgroup-columns \| {2}\| does not fit /m,
  );
});

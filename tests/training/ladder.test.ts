import { describe, expect, test } from 'vitest';
import { GpuUnavailableError } from '../../src/gpu/errors';
import { rowsOf, type TrialResult } from '../../src/scheduler/results';
import { Sweep } from '../../src/scheduler/sweep';
import { EngineFaultError, type Engine } from '../../src/training/engine';
import { Ladder } from '../../src/training/ladder';
import { entry } from '../gpu_device';
import { chainExperiment } from '../scheduler/chain_experiment';

const cut = (steps: number) => new EngineFaultError('a trial did not end its loops', steps);
const wrong = new EngineFaultError('of an ordinary trial loss 0 is 1, and 2 by the reference');

/** A ladder on the adapters there are, and what it says. */
function ladder(gpu: () => Promise<GPU | undefined> = entry) {
  const words: string[] = [];
  let checked = 0;
  const { open } = new Ladder('fused', gpu, true, {
    fault: (what) => words.push(what),
    checked: () => (checked += 1),
  });
  return { open, words, checked: () => checked };
}

describe('after a fault', () => {
  test('dispatches become shorter, then the engine another, and the reference is the last', async () => {
    const { open, words } = ladder(async () => onlyAdapter(await entry()));
    const names: string[] = [];
    for (const fault of [undefined, cut(100), cut(25), cut(6), cut(1), wrong]) {
      const engine = await open(fault);
      names.push(engine.name);
      engine.close();
    }
    expect(names).toEqual(['fused', 'fused', 'fused', 'fused', 'layered', 'reference']);
    expect(words.map((text) => text.replace(/^.*\), /, ''))).toEqual([
      'fused engine: a trial did not end its loops. Trained again in dispatches of at most 25 steps.',
      'fused engine: a trial did not end its loops. Trained again in dispatches of at most 6 steps.',
      'fused engine: a trial did not end its loops. Trained again in dispatches of one step.',
      'fused engine: a trial did not end its loops. Trained again by the layered engine.',
      'layered engine: of an ordinary trial loss 0 is 1, and 2 by the reference. Trained again on the CPU, by the reference engine in float64.',
    ]);
    await expect(open(wrong)).rejects.toBe(wrong);
  });

  test('another adapter is tried before the CPU', async () => {
    const { open, words } = ladder(async () => twoAdapters(await entry()));
    await open();
    await open(wrong);
    const engine = await open(wrong);
    expect([engine.name, engine.adapter]).toEqual(['fused', 'the other one (software adapter)']);
    expect(words.at(-1)).toMatch(
      /Trained again by the fused engine on the other one \(software adapter\)\.$/,
    );
    engine.close();
  });
});

test('without any adapter it says why, and trains on nothing else', async () => {
  const error = await ladder(async () => undefined)
    .open()
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(GpuUnavailableError);
});

/** A GPU that has one adapter, however it is asked. */
function onlyAdapter(gpu: GPU): GPU {
  return { requestAdapter: () => gpu.requestAdapter() } as GPU;
}

/** A GPU whose slower adapter has another name. */
function twoAdapters(gpu: GPU): GPU {
  return {
    async requestAdapter(options?: GPURequestAdapterOptions) {
      const adapter = (await gpu.requestAdapter())!;
      if (options?.powerPreference !== 'low-power') return adapter;
      const info = { description: 'the other one', isFallbackAdapter: true };
      return new Proxy(adapter, {
        get(target, key) {
          const value: unknown = key === 'info' ? info : Reflect.get(target, key, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    },
  } as GPU;
}

/** Which submissions of a device never reach it, as some drivers drop them; counted from 0, over all its devices. */
function dropping(which: (submission: number) => boolean): () => Promise<GPU> {
  let submissions = 0;
  const gpu = {
    async requestAdapter() {
      const adapter = (await (await entry()).requestAdapter())!;
      const request = adapter.requestDevice.bind(adapter);
      Object.defineProperty(adapter, 'requestDevice', {
        async value(descriptor: GPUDeviceDescriptor) {
          const device = await request(descriptor);
          const { queue } = device;
          const submit = queue.submit.bind(queue);
          // What trains is a slice; copies of results to the CPU are let through.
          const create = device.createCommandEncoder.bind(device);
          const slices = new WeakSet<GPUCommandBuffer>();
          device.createCommandEncoder = (options) => {
            const encoder = create(options);
            const finish = encoder.finish.bind(encoder);
            encoder.finish = (end) => {
              const commands = finish(end);
              if (options?.label === 'slice') slices.add(commands);
              return commands;
            };
            return encoder;
          };
          queue.submit = (commands) => {
            const all = [...commands];
            const drops = all.some((one) => slices.has(one)) && which(submissions++);
            return submit(drops ? [] : all);
          };
          return device;
        },
      });
      return adapter;
    },
  } as GPU;
  return async () => gpu;
}

describe('a slice that the driver drops', () => {
  const experiment = chainExperiment({ nx: 9, ny: 7, steps: 40, replicates: 1 });
  async function sweep(makeEngine: (fault?: EngineFaultError) => Promise<Engine>) {
    const outcomes: TrialResult[] = [];
    await new Sweep(experiment, makeEngine, { results: (batch) => outcomes.push(...rowsOf(batch)) }).run();
    return outcomes.toSorted((a, b) => a.trial - b.trial);
  }

  test.each([12, 14, 17])(
    'is seen by the trials’ clocks (number %i), and trained again to the same results',
    async (number) => {
      const disturbed = ladder(dropping((submission) => submission === number));
      const results = await sweep(disturbed.open);
      expect(disturbed.words).toHaveLength(1);
      expect(disturbed.words[0]).toMatch(/made \d+ steps on the way to step \d+\. Trained again /);
      const undisturbed = ladder();
      const expected = await sweep(undisturbed.open);
      expect(undisturbed.words).toEqual([]);
      expect(undisturbed.checked()).toBeGreaterThan(0);
      expect(results.map(({ trial, class: name }) => [trial, name])).toEqual(
        expected.map(({ trial, class: name }) => [trial, name]),
      );
    },
  );

  test('every time ends on the CPU', async () => {
    const { open, words } = ladder(dropping((submission) => submission > 4));
    const results = await sweep(open);
    expect(results).toHaveLength(2 * 9 * 7);
    expect(words.at(-1)).toMatch(/Trained again on the CPU, by the reference engine in float64\.$/);
  });
});

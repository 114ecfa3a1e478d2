import { describe, expect, test } from 'vitest';
import { GpuUnavailableError } from '../../src/gpu/errors';
import { EngineFaultError } from '../../src/training/engine';
import { Ladder } from '../../src/training/ladder';
import { entry } from '../gpu_device';

const cut = (steps: number) => new EngineFaultError('a trial did not end its loops', { steps });
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
    expect(words.map((text) => text.replace(/^.*, (?=\w+ engine: )/, ''))).toEqual([
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

test('an adapter that is no longer given leaves the CPU, and it says so', async () => {
  let isGone = false;
  const { open, words } = ladder(async () => {
    const gpu = await entry();
    return { requestAdapter: async () => (isGone ? null : gpu.requestAdapter()) } as GPU;
  });
  (await open()).close();
  isGone = true;
  expect((await open()).name).toBe('reference');
  expect(words).toEqual([
    expect.stringMatching(
      /, fused engine: there is no GPU any more \(WebGPU found no usable graphics adapter\)\. Trained again on the CPU, by the reference engine in float64\.$/,
    ),
  ]);
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

import { describe, expect, test } from 'vitest';
import { GpuTurns, type GpuUser } from '../../src/service/gpu_turns';
import { Lab } from '../../src/service/lab';
import { LabHost } from '../../src/service/lab_host';
import type { LabCompute, LabRequest, MeasurementName } from '../../src/service/lab_protocol';
import type { Measurements } from '../../src/service/measurements';
import { EngineLostError, type Engine } from '../../src/training/engine';
import { ReferenceEngine } from '../../src/training/reference_engine';

const MACROTASK = () => new Promise<void>((resolve) => setTimeout(resolve));

/** A reference engine of another name. */
class Named extends ReferenceEngine {
  override readonly adapter: never;
  constructor(adapter: string) {
    super();
    this.adapter = adapter as never;
  }
}

/** A lab whose worker is a host in this thread, and what it opens as a GPU. */
function lab(measurements: Measurements, gpu: () => Engine = () => new Named('a GPU')) {
  const turns = new GpuTurns();
  const workers: EventTarget[] = [];
  const page = new Lab(turns, () => {
    const worker = new EventTarget();
    workers.push(worker);
    const host = new LabHost(
      measurements,
      { gpu: async () => gpu(), float64: async () => new ReferenceEngine() },
      (event) => worker.dispatchEvent(new MessageEvent('message', { data: structuredClone(event) })),
    );
    return Object.assign(worker, {
      postMessage: (request: LabRequest) => host.handle(structuredClone(request)),
    }) as unknown as Worker;
  });
  const began: LabCompute[] = [];
  const parts: unknown[] = [];
  const measure = (name: string, request: unknown, signal?: AbortSignal, engine: 'gpu' | 'float64' = 'gpu') =>
    page.measure(name as MeasurementName, request as never, {
      engine,
      began: (compute) => {
        began.push(compute);
        parts.length = 0;
      },
      tell: (part) => parts.push(part),
      ...(signal && { signal }),
    });
  return { measure, turns, began, parts, workers };
}

/** Counts to what is asked, a part a macrotask. */
const COUNT: Measurements = {
  async count(_engine, to: number, tell, isWanted) {
    for (let at = 1; at <= to && isWanted(); at += 1) {
      tell(at);
      await MACROTASK();
    }
  },
};

describe('a lab', () => {
  test('tells on what it measures, every part, and ends', async () => {
    const { measure, began, parts } = lab(COUNT);
    await measure('count', 3);
    expect(parts).toEqual([1, 2, 3]);
    expect(began).toEqual([{ engine: 'reference', adapter: 'a GPU' }]);
    await measure('count', 1, undefined, 'float64');
    expect(began[1]).toEqual({ engine: 'reference', adapter: 'CPU, float64' });
  });

  test('holds the sweep meanwhile, and only so long', async () => {
    const { measure, turns } = lab(COUNT);
    const told: string[] = [];
    const sweep: GpuUser = { use: 'sweep', go: () => told.push('go'), hold: () => told.push('hold') };
    turns.enter(sweep);
    await measure('count', 2);
    expect(told).toEqual(['go', 'hold', 'go']);
  });

  test('makes one measurement after the other', async () => {
    const { measure, parts } = lab(COUNT);
    await Promise.all([measure('count', 2), measure('count', 1)]);
    expect(parts).toEqual([1]); // of the second, when the first had ended
  });

  test('ends without a word when it is no longer wanted', async () => {
    const { measure, parts, turns } = lab(COUNT);
    const ending = new AbortController();
    const measured = measure('count', 1e6, ending.signal);
    await MACROTASK();
    ending.abort();
    await measured;
    const soFar = parts.length;
    await MACROTASK();
    expect(parts).toHaveLength(soFar);
    const told: string[] = [];
    turns.enter({ use: 'sweep', go: () => told.push('go'), hold: () => undefined });
    expect(told).toEqual(['go']);
    await measure('count', 1);
    expect(parts).toEqual([1]);
  });

  test('begins anew after a benchmark had the GPU', async () => {
    const { measure, parts, turns, began } = lab(COUNT);
    const measured = measure('count', 5);
    await MACROTASK();
    const benchmark: GpuUser = { use: 'benchmark', go: () => undefined, hold: () => undefined };
    turns.enter(benchmark);
    await MACROTASK();
    turns.leave(benchmark);
    await measured;
    expect(parts).toEqual([1, 2, 3, 4, 5]);
    expect(began).toHaveLength(2);
  });

  test('begins anew on another engine when its own is lost', async () => {
    let lost = false;
    const engines: string[] = [];
    const { measure, parts, began } = lab(
      {
        async once(engine, _request, tell) {
          tell(engine.adapter);
          if (lost) return;
          lost = true;
          throw new EngineLostError('the device is lost');
        },
      },
      () => new Named(`GPU ${engines.push('opened')}`),
    );
    await measure('once', null);
    expect(parts).toEqual(['GPU 2']);
    expect(began.map(({ adapter }) => adapter)).toEqual(['GPU 1', 'GPU 2']);
  });

  test('says in words what went wrong, and measures on', async () => {
    const { measure, parts } = lab({
      ...COUNT,
      async wrong() {
        throw new Error('a width of 0 cannot be measured');
      },
    });
    await expect(measure('wrong', null)).rejects.toThrow('a width of 0 cannot be measured');
    await measure('count', 1);
    expect(parts).toEqual([1]);
  });

  test('says so when its worker cannot be loaded, and tries again', async () => {
    const { measure, workers } = lab({
      async never(_engine, _request, _tell, isWanted) {
        while (isWanted()) await MACROTASK();
      },
    });
    const measured = measure('never', null);
    workers[0]!.dispatchEvent(Object.assign(new Event('error'), { message: 'no such file' }));
    await expect(measured).rejects.toThrow('no such file');
    const ending = new AbortController();
    const again = measure('never', null, ending.signal);
    expect(workers).toHaveLength(2);
    ending.abort();
    await again;
  });
});

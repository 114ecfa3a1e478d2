import { describe, expect, test } from 'vitest';
import { computePipeline, locate, type PipelineRequest } from '../../src/gpu/compile';
import type { Gpu } from '../../src/gpu/device';
import { DeviceLostError, ShaderCompileError } from '../../src/gpu/errors';
import { testGpu } from '../gpu_device';

const HELPERS = {
  file: 'shared/helpers.wgsl',
  text: '// one\nfn twice(x: f32) -> f32 {\n  return 2 * x;\n}\n',
};
const MAIN = {
  file: 'double.wgsl',
  text: `@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@compute @workgroup_size(1) fn main() {
  x[0] = f32(FACTOR) * twice(x[0]);
}
`,
};

function request(label: string, changes: Partial<PipelineRequest> = {}): PipelineRequest {
  return { label, parts: [HELPERS, MAIN], bindings: ['storage'], constants: { FACTOR: 1 }, ...changes };
}

async function failure(changes: Partial<PipelineRequest>, label: string): Promise<unknown> {
  const gpu = await testGpu();
  return computePipeline(gpu, request(label, changes)).catch((error: unknown) => error);
}

describe('computePipeline', () => {
  test('labels what it makes', async () => {
    expect((await computePipeline(await testGpu(), request('double'))).label).toBe('double.pipeline');
  });

  test('makes a pipeline once for each label and constants', async () => {
    const gpu = await testGpu();
    const first = computePipeline(gpu, request('once', { constants: { FACTOR: 1 } }));
    expect(computePipeline(gpu, request('once', { constants: { FACTOR: 1 } }))).toBe(first);
    expect(computePipeline(gpu, request('once', { constants: { FACTOR: 2 } }))).not.toBe(first);
    expect(computePipeline(gpu, request('another', { constants: { FACTOR: 1 } }))).not.toBe(first);
  });

  test('asks a software adapter for two at a time, in order, also when one fails', async () => {
    const waiting: { label: string; end: (error?: Error) => void }[] = [];
    const asked: string[] = [];
    const device = {
      pushErrorScope() {},
      popErrorScope: async () => null,
      createShaderModule: () => ({ getCompilationInfo: async () => ({ messages: [] }) }),
      createBindGroupLayout: () => ({}),
      createPipelineLayout: () => ({}),
      createComputePipelineAsync: ({ label }: { label: string }) => {
        asked.push(label);
        return new Promise((resolve, reject) => {
          waiting.push({ label, end: (error) => (error ? reject(error) : resolve({ label })) });
        });
      },
    };
    const ask = (software: boolean) => {
      const lost = new Promise<never>(() => undefined);
      const gpu = { device: { ...device }, adapter: { software }, lost } as unknown as Gpu;
      return ['a', 'b', 'c', 'd'].map((label) => computePipeline(gpu, request(label)));
    };
    const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
    const software = ask(true);
    await settled();
    expect(asked).toEqual(['a.pipeline', 'b.pipeline']);
    waiting[0]!.end(new Error('no memory'));
    await expect(software[0]).rejects.toThrow('no memory');
    await settled();
    expect(asked.slice(2)).toEqual(['c.pipeline']);
    for (const { end } of waiting) end();
    await settled();
    waiting.at(-1)!.end();
    expect((await Promise.all(software.slice(1))).map(({ label }) => label)).toEqual([
      'b.pipeline',
      'c.pipeline',
      'd.pipeline',
    ]);
    asked.length = 0;
    ask(false);
    await settled();
    expect(asked).toHaveLength(4);
  });

  test.each(['module', 'pipeline'])(
    'a device that is lost over a %s is no error of the text',
    async (what) => {
      const dropped = () => Promise.reject(new Error('Instance dropped'));
      const isModule = what === 'module';
      const device = {
        pushErrorScope() {},
        popErrorScope: isModule ? dropped : async () => null,
        createShaderModule: () => ({
          getCompilationInfo: isModule ? dropped : async () => ({ messages: [] }),
        }),
        createBindGroupLayout: () => ({}),
        createPipelineLayout: () => ({}),
        createComputePipelineAsync: dropped,
      };
      // It says so a little later than what it was asked for is rejected.
      const lost = new Promise<DeviceLostError>((resolve) => {
        setTimeout(() => resolve(new DeviceLostError(false, 'unknown', 'gone.')), 20);
      });
      const gpu = { device, adapter: { software: true }, lost } as unknown as Gpu;
      await expect(computePipeline(gpu, request('lost'))).rejects.toThrow('GPU device lost (unknown): gone');
    },
  );

  test('an error names the file, line and source line of the part that it is in', async () => {
    const wrong = { file: 'wrong.wgsl', text: MAIN.text.replace('twice(x[0])', 'thrice(x[0])') };
    const error = await failure({ parts: [HELPERS, wrong] }, 'wrong');
    if (!(error instanceof ShaderCompileError)) throw error;
    expect(error.label).toBe('wrong');
    expect(error.messages[0]).toMatchObject({ type: 'error', file: 'wrong.wgsl', line: 3 });
    expect(error.messages[0]?.source).toContain('thrice(x[0])');
    expect(error.message).toContain('wrong.wgsl:3:');

    const broken = { file: 'shared/broken.wgsl', text: HELPERS.text.replace('2 * x', '2 * y') };
    const inShared = await failure({ parts: [broken, MAIN] }, 'broken');
    if (!(inShared instanceof ShaderCompileError)) throw inShared;
    expect(inShared.messages[0]).toMatchObject({ file: 'shared/broken.wgsl', line: 3 });
  });

  test('what only the pipeline finds wrong is an error too', async () => {
    for (const changes of [
      { bindings: ['uniform'] as const },
      { parts: [HELPERS, { ...MAIN, text: MAIN.text.replace('size(1)', 'size(2048)') }] },
    ]) {
      const error = await failure(changes, `invalid ${JSON.stringify(changes)}`);
      expect(error).toBeInstanceOf(ShaderCompileError);
    }
  });

  test('errors stay out of the uncaptured ones', async () => {
    const gpu = await testGpu();
    const heard: string[] = [];
    const listener = (event: GPUUncapturedErrorEvent) => heard.push(event.error.message);
    gpu.device.addEventListener('uncapturederror', listener);
    expect(await failure({ parts: [MAIN] }, 'captured')).toBeInstanceOf(ShaderCompileError);
    await gpu.device.queue.onSubmittedWorkDone();
    gpu.device.removeEventListener('uncapturederror', listener);
    expect(heard).toEqual([]);
  });
});

test('locate counts lines across parts, also where one does not end its last line', () => {
  const parts = [
    { file: 'a', text: 'a1\na2\n' },
    { file: 'b', text: 'b1\n\nb3' },
    { file: 'c', text: 'c1' },
  ];
  const at = (lineNum: number) => {
    const { file, line, source } = locate(parts, { type: 'warning', message: '', lineNum, linePos: 1 });
    return [file, line, source];
  };
  expect([1, 2, 3, 4, 5, 6].map(at)).toEqual([
    ['a', 1, 'a1'],
    ['a', 2, 'a2'],
    ['b', 1, 'b1'],
    ['b', 2, ''],
    ['b', 3, 'b3'],
    ['c', 1, 'c1'],
  ]);
  expect(at(0)).toEqual(['c', 0, '']);
});

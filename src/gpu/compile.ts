import type { Gpu } from './device';
import { ShaderCompileError, type ShaderMessage } from './errors';
import { answerOf, lostAfter } from './readback';

/** A piece of WGSL and where it comes from. */
export interface SourcePart {
  readonly file: string;
  readonly text: string;
}

export interface PipelineRequest {
  /** Names the pipeline in errors and captures; with `constants` and `written` it is the key of the cache. */
  readonly label: string;
  /** Joined in this order, with the constants behind them. */
  readonly parts: readonly SourcePart[];
  /** The buffers of group 0, by binding; a binding that the text does not use may be left out. */
  readonly bindings: readonly (GPUBufferBindingType | undefined)[];
  /** Whole numbers from 0 that stand in the text as `const NAME: u32`. */
  readonly constants: Readonly<Record<string, number>>;
  /** The text among the parts that nothing of the above names. */
  readonly written?: string;
}

/**
 * Pipelines that a software adapter is asked for at once. It compiles on the CPU, one after the other, what the browser itself
 * draws with too: which would have to wait for all of ours.
 */
const SOFTWARE_AT_ONCE = 2;

const caches = new WeakMap<GPUDevice, Map<string, Promise<GPUComputePipeline>>>();

/**
 * The pipeline of a request, made without blocking, and once.
 * @throws ShaderCompileError, DeviceLostError
 */
export function computePipeline(gpu: Gpu, request: PipelineRequest): Promise<GPUComputePipeline> {
  let cache = caches.get(gpu.device);
  if (!cache) caches.set(gpu.device, (cache = new Map()));
  const { label, constants, written } = request;
  const key = JSON.stringify([label, Object.entries(constants).sort(), written]);
  let pipeline = cache.get(key);
  if (!pipeline) {
    const before = gpu.adapter.software ? [...cache.values()].at(-SOFTWARE_AT_ONCE) : undefined;
    const turn = before?.then(
      () => undefined,
      () => undefined, // its failure is told to those who asked for it
    );
    pipeline = Promise.race([
      (turn ?? Promise.resolve()).then(() => createPipeline(gpu, request)),
      gpu.lost.then((error) => Promise.reject(error)), // of which the making need not hear
    ]);
    cache.set(key, pipeline);
  }
  return pipeline;
}

async function createPipeline(gpu: Gpu, request: PipelineRequest): Promise<GPUComputePipeline> {
  const { device } = gpu;
  const { label, bindings, constants } = request;
  const parts = composed(request);
  const module = await compile(gpu, label, parts);
  const group = device.createBindGroupLayout({
    label: `${label}.group`,
    entries: bindings.flatMap((type, binding) =>
      type ? [{ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } }] : [],
    ),
  });
  try {
    return await device.createComputePipelineAsync({
      label: `${label}.pipeline`,
      layout: device.createPipelineLayout({ label: `${label}.layout`, bindGroupLayouts: [group] }),
      compute: { module, entryPoint: 'main' },
    });
  } catch (cause) {
    await lostAfter(gpu, cause);
    const text = cause instanceof Error ? cause.message : String(cause);
    const file = request.parts.at(-1)?.file ?? label;
    const message = {
      type: 'error',
      file,
      line: 0,
      column: 0,
      text,
      source: JSON.stringify(constants),
    } as const;
    throw new ShaderCompileError(label, [message], { cause });
  }
}

async function compile(gpu: Gpu, label: string, parts: readonly SourcePart[]): Promise<GPUShaderModule> {
  const { device } = gpu;
  // The scope only keeps the error from the page's uncaptured ones: the compilation info says it better.
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label: `${label}.module`, code: joinParts(parts) });
  // Together, so that nothing is left to be rejected unheard when the device is lost.
  const [error, { messages }] = await answerOf(
    gpu,
    Promise.all([device.popErrorScope(), module.getCompilationInfo()]),
  );
  if (error || messages.some(({ type }) => type === 'error')) {
    throw new ShaderCompileError(
      label,
      messages.map((message) => locate(parts, message)),
      { cause: error },
    );
  }
  return module;
}

/**
 * All of a module's text. Constants are written out rather than given to the pipeline as `override`s, by which arrays may not be
 * sized everywhere: naga 29 panics where one is computed from another, Safari is reported to size such arrays wrongly.
 */
export function composed({ parts, constants }: Pick<PipelineRequest, 'parts' | 'constants'>): SourcePart[] {
  const lines = Object.entries(constants).map(([name, value]) => `const ${name}: u32 = ${value}u;\n`);
  return [...parts, { file: 'constants from the host', text: lines.join('') }];
}

function joinParts(parts: readonly SourcePart[]): string {
  return parts.map(({ text }) => (text.endsWith('\n') ? text : `${text}\n`)).join('');
}

/** Turns a line of the joined text back into a line of the part that it came from. */
export function locate(
  parts: readonly SourcePart[],
  message: Pick<GPUCompilationMessage, 'type' | 'message' | 'lineNum' | 'linePos'>,
): ShaderMessage {
  const { type, message: text, linePos: column } = message;
  let line = message.lineNum;
  for (const part of parts) {
    const lines = part.text.replace(/\n$/, '').split('\n');
    const source = lines[line - 1];
    if (source !== undefined) return { type, file: part.file, line, column, text, source };
    line -= lines.length;
  }
  return { type, file: parts.at(-1)?.file ?? '', line: 0, column, text, source: '' };
}

import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { parseSweepArguments } from '../../src/cli/args';
import { benchCommand } from '../../src/cli/bench';
import { parseBenchArguments } from '../../src/cli/bench_args';
import { CallError, oneLine } from '../../src/cli/command';
import { endingOf } from '../../src/cli/endings';
import { standardOutput } from '../../src/cli/writing';
import { DeviceLostError } from '../../src/gpu/errors';
import { EngineFaultError, EngineLostError } from '../../src/training/engine';
import { experimentFile, smallDocument, sweepHere, temporaryFolder } from './commands';

const REPORT = { adapter: 'Test GPU', steps: 1, memory: 2 ** 28, sizes: [] };
// What is written here has not to be measured.
vi.mock(import('../../src/cli/scale'), async (original) => ({
  ...(await original()),
  measureScale: async () => REPORT,
}));

const REFERENCE = ['--engine', 'reference'];

/** Whatever is asked of it, it is, does and gives nothing. */
function nothing(known: Readonly<Record<PropertyKey, unknown>> = {}): unknown {
  return new Proxy(() => undefined, {
    get(_target, key) {
      if (key in known) return known[key];
      if (key === 'then') return undefined;
      if (key === Symbol.iterator) return Array.prototype[Symbol.iterator].bind([]);
      if (key === Symbol.toPrimitive) return () => 2 ** 20;
      return nothing();
    },
    apply: () => nothing(),
  });
}

/** An adapter of which nothing can be read, and when its devices are lost. */
const gpuOf =
  (read: () => Promise<never>, lost: Promise<unknown>): (() => Promise<GPU>) =>
  async () => {
    const limits = new Proxy({}, { get: () => 2 ** 20 });
    const features = new Set();
    const createBuffer = ({ size }: { size: number }) => nothing({ size, mapAsync: read });
    const device = { lost, limits, features, createBuffer, popErrorScope: async () => null };
    const requestDevice = async () => nothing(device);
    const adapter = { limits, features, info: { description: 'Test GPU' }, requestDevice };
    return { requestAdapter: async () => adapter } as unknown as GPU;
  };
const never = () => new Promise<never>(() => undefined);
const losing = gpuOf(
  () => Promise.reject(new Error('unmapped')),
  Promise.resolve({ reason: 'unknown', message: 'the driver was reset' }),
);
const silent = gpuOf(never, never());
const noGpu = async () => undefined;

beforeAll(() => {
  for (const name of ['GPUBufferUsage', 'GPUMapMode', 'GPUShaderStage'])
    vi.stubGlobal(name, new Proxy({}, { get: () => 1 }));
  return () => vi.unstubAllGlobals();
});

describe('a device that is lost again and again', () => {
  test.each(['fused', 'layered'])(
    'ends a sweep by %s in words, and what was finished is kept',
    async (engine) => {
      const { file, out } = experimentFile(smallDocument(2, 2, 5));
      const { status, stderr } = await sweepHere([file, '--out', out, '--engine', engine], { gpu: losing });
      expect(status).toBe(4);
      const [again, ...lines] = stderr.split('\n').reverse().slice(1);
      expect(lines).toHaveLength(3);
      for (const line of lines)
        expect(line).toMatch(
          /: GPU device lost \(.*\): the driver was reset\. Trained again on a new device\.$/,
        );
      expect(again).toMatch(
        /^the graphics device was lost again and again \(.*the driver was reset\): 0 of 8 trials kept in .*checkpoint\.jsonl; the same call goes on from there; --engine reference, [^\n]*$/,
      );
      expect(readdirSync(out)).toEqual(['checkpoint.jsonl']);
    },
  );

  test('ends a bench in words', async () => {
    const { status, stderr } = await benchHere(['--quick'], losing);
    expect(status).toBe(4);
    expect(stderr).toMatch(/^the graphics device was lost again and again \([^\n]*\)\n$/);
  });
});

async function benchHere(
  args: readonly string[],
  gpu: () => Promise<GPU | undefined>,
  stdout: { write(text: string): unknown } = { write: () => undefined },
  interrupt = new AbortController().signal,
) {
  let stderr = '';
  const write = (text: string) => (stderr += text);
  const status = await benchCommand(args, { stderr: { write }, stdout, gpu, interrupt });
  return { status, stderr };
}

test.skipIf(process.platform === 'win32')('tables that cannot be written are no success', async () => {
  const json = join(temporaryFolder(), 'scale.json');
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = await benchHere(['--scale', '--json', json], noGpu, standardOutput(full));
  closeSync(full);
  expect([status, stderr]).toEqual([5, 'standard output cannot be written (ENOSPC)\n']);
  expect(JSON.parse(readFileSync(json, 'utf8'))).toEqual(REPORT);
});

test.skipIf(process.platform === 'win32')('nor is a report that cannot be written', async () => {
  const { status, stderr } = await benchHere(['--scale', '--json', '/dev/full'], noGpu);
  expect([status, stderr]).toEqual([5, '/dev/full cannot be written (ENOSPC)\n']);
});

describe('who wants to stop, and is not heard,', () => {
  test('is not kept waiting', async () => {
    const { file, out } = experimentFile(smallDocument(1, 1, 1));
    const began = performance.now();
    const { status, stderr } = await sweepHere([file, '--out', out], {
      gpu: never,
      interrupt: AbortSignal.abort(),
    });
    expect([status, stderr]).toEqual([130, 'interrupted\n']);
    expect(performance.now() - began).toBeGreaterThan(1000); // in which it could have ended by itself
  });

  test('is told what is kept', async () => {
    const { file, out } = experimentFile(smallDocument(2, 2, 5));
    const { status, stderr } = await sweepHere([file, '--out', out], {
      gpu: silent,
      interrupt: AbortSignal.abort(),
    });
    expect(status).toBe(130);
    expect(stderr).toMatch(
      /^interrupted: 0 of 8 trials kept in .*checkpoint\.jsonl; the same call [^\n]*\n$/,
    );
  });

  test('waits for no bench', async () => {
    const { status, stderr } = await benchHere([], never, undefined, AbortSignal.abort());
    expect([status, stderr]).toEqual([130, 'interrupted\n']);
  });
});

describe('an ending in words', () => {
  const systemError = () => {
    try {
      return openSync('/nonexistent/file', 'r');
    } catch (error) {
      return error;
    }
  };

  test.each([
    [4, new DeviceLostError(false, 'unknown', 'reset')],
    [4, new EngineLostError('lost')],
    [4, new EngineFaultError('a trial made 3 steps')],
    [5, systemError()],
    [2, new CallError('--out', 'nothing', 'a folder')],
  ])('%i', (status, error) => {
    const ending = endingOf(error)!;
    expect(ending.status).toBe(status);
    expect(ending.words).not.toContain('\n');
    expect(ending.words).not.toMatch(/\bat /);
  });

  test('has no mistake in normscape', () => {
    expect(endingOf(new TypeError('x is undefined'))).toBeUndefined();
    expect(endingOf('nonsense')).toBeUndefined();
  });
});

describe('a complaint is one line under 300 characters, whatever it quotes', () => {
  const LONG = 'Ä\n'.repeat(2500);

  function complaint(call: () => unknown): unknown {
    try {
      return call();
    } catch (error) {
      return error;
    }
  }

  test.each<[what: string, call: () => unknown]>([
    ['an option', () => parseSweepArguments([`--${LONG}`])],
    ['a value', () => parseSweepArguments(['a.json', '--out', 'x', '--engine', LONG])],
    ['a memory', () => parseSweepArguments(['a.json', '--out', 'x', '--memory', LONG])],
    ['a trace', () => parseSweepArguments(['a.json', '--out', 'x', '--trace', LONG])],
    ['two documents', () => parseSweepArguments([LONG, LONG, '--out', 'x'])],
    ['a flag with a value', () => parseBenchArguments([`--quick=${LONG}`])],
    ['a kernel', () => parseBenchArguments(['--kernel', LONG])],
    ['a workload', () => parseBenchArguments(['--workload', LONG])],
    ['an argument', () => parseBenchArguments([LONG])],
  ])('%s', (_what, call) => {
    const error = complaint(call);
    expect(error).toBeInstanceOf(CallError);
    const words = oneLine((error as CallError).message);
    expect(words.length).toBeLessThan(300);
    expect(words).toMatch(/^[^\n]+: found [^\n]+, allowed: [^\n]+\n$/);
  });

  test.each([
    ['a document', (_file: string, out: string) => [`/${LONG}`, '--out', out]],
    ['a folder', (file: string) => [file, '--out', `/tmp/${'x/'.repeat(2500)}`]],
  ])('%s that cannot be', async (_what, args) => {
    const { file, out } = experimentFile(smallDocument(1, 1, 1));
    const { status, stderr } = await sweepHere([...args(file, out), ...REFERENCE]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^[^\n]{1,299}\n$/);
    expect(stderr).toContain('ENAMETOOLONG');
  });
});

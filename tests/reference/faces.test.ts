import { describe, expect, test } from 'vitest';
import { KERNELS } from '../../src/kernels/index';
import type { Kernel, KernelCall } from '../../src/kernels/kernel';
import { withoutComments } from '../shaders/wgsl_layout';

const SHADERS = import.meta.glob<string>('../../shaders/*.wgsl', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const PARTS = import.meta.glob<string>('../../shaders/*/*.wgsl', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const TWINS = import.meta.glob<Record<string, unknown>>('../../src/reference/*.ts', { eager: true });
const TESTS = import.meta.glob<string>('../kernels/*.test.ts', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/**
 * The fused engine's entry point is no kernel of a plan: its host, its check and its tests live with the engine. Nor are the
 * two that only find out what an adapter can do: theirs are in the room bench. Check sums are of buffers, not of trials.
 */
const NOT_KERNELS = new Set(['train_fused', 'ceiling_compute', 'ceiling_bandwidth', 'check_sum']);

const stems = Object.keys(SHADERS)
  .map((path) => path.replace(/^.*\/|\.wgsl$/g, ''))
  .filter((stem) => !NOT_KERNELS.has(stem));
/** What is a reserved word in WGSL, such as target, has an underscore behind it there. */
const hostName = (name: string) => name.replace(/_$/, '');

/** `@binding`s of group 0 in order, as [address space and access, name, type]. */
function bindingsOf(wgsl: string): string[][] {
  const found = wgsl.matchAll(/@group\(0\)\s*@binding\((\d+)\)\s*var<([^>]*)>\s*(\w+)\s*:\s*([^;]+);/g);
  const bindings: string[][] = [];
  for (const [, at, access, name, type] of found)
    bindings[Number(at)] = [access!.replace(/\s/g, ''), hostName(name!), type!.trim()];
  return bindings;
}

/** The members of `struct Call`, as [name, type]. */
function callStructOf(wgsl: string): string[][] {
  const body = /struct Call\s*\{([^}]*)\}/.exec(wgsl)?.[1] ?? '';
  return [...body.matchAll(/(\w+)\s*:\s*(\w+)/g)].map(([, name, type]) => [hostName(name!), type!]);
}

/** Constants that a text names as coming from the host. */
function hostConstantsOf(wgsl: string): string[] {
  return [...wgsl.matchAll(/^\/\/ const (\w+): u32, from the host/gm)].map(([, name]) => name!).sort();
}

/** A call of ones, to learn the names of the constants that the host chooses. */
function anyCall(kernel: Kernel): KernelCall {
  const ones = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 1]));
  return {
    kernel: kernel.name,
    tensors: Object.fromEntries(
      Object.keys(kernel.tensors).map((name) => [name, { buffer: name, offset: 0, length: 1 }]),
    ),
    fields: ones(Object.keys(kernel.fields)),
    variant: ones(kernel.variant),
  };
}

const HARDWARE = { software: false, subgroups: true };

test('every kernel is registered, and nothing else is', () => {
  expect(Object.keys(KERNELS).sort()).toEqual([...stems].sort());
});

describe.each(stems)('%s', (stem) => {
  const wgsl = withoutComments(SHADERS[`../../shaders/${stem}.wgsl`]!);
  const kernel = KERNELS[stem]!;

  test('has a twin in the file that its text names, and a test', () => {
    const [, file] = /Twin: src\/reference\/(\w+\.ts)/.exec(SHADERS[`../../shaders/${stem}.wgsl`]!)!;
    expect(Object.values(TWINS[`../../src/reference/${file}`]!)).toContain(kernel.twin);
    expect(TESTS).toHaveProperty([`../kernels/${stem}.test.ts`]);
  });

  test('is measured', () => expect(Object.keys(kernel.cases)).not.toEqual([]));

  test('is joined from its own text and from shared parts that exist', () => {
    expect(kernel.source).toBe(SHADERS[`../../shaders/${stem}.wgsl`]);
    const parts = [...kernel.shared, ...(kernel.parts?.(anyCall(kernel), HARDWARE) ?? [])];
    expect(parts).toEqual(parts.map(({ file }) => ({ file, text: PARTS[`../../${file}`] })));
  });

  test('has the bindings that its host declares', () => {
    const [call, trials, tally, ...tensors] = bindingsOf(wgsl);
    expect(call).toEqual(['uniform', 'call', 'Call']);
    expect(trials).toEqual(['storage,read', 'trials', 'Trials']);
    expect(tally).toEqual(['storage,read_write', 'tally', 'array<atomic<u32>>']);
    expect(tensors.map(([access, name]) => [name, access])).toEqual(
      Object.entries(kernel.tensors).map(([name, access]) => [name, `storage,${access}`]),
    );
    expect(tensors.map(([, , type]) => type).join()).toMatch(/^(array<[fu]32>,?)+$/);
  });

  test('has the Call struct that its host packs', () => {
    const views = Object.keys(kernel.tensors).map((name) => [name, 'View']);
    expect(callStructOf(wgsl)).toEqual([...views, ...Object.entries(kernel.fields)]);
  });

  test('names the constants that its host gives', () => {
    for (const software of [false, true]) {
      const adapter = { software, subgroups: true };
      const parts = [...(kernel.parts?.(anyCall(kernel), adapter) ?? []), ...kernel.shared];
      const joined = [...parts.map(({ text }) => text), kernel.source].join('\n');
      const chosen = kernel.constants?.(anyCall(kernel), adapter) ?? {};
      expect(hostConstantsOf(joined)).toEqual([...kernel.variant, ...Object.keys(chosen)].sort());
    }
  });

  test('has one entry point, main', () => {
    expect([...wgsl.matchAll(/@compute[^{]*?fn (\w+)/g)].map(([, name]) => name)).toEqual(['main']);
  });
});

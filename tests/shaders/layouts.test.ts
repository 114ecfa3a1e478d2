import { describe, expect, test } from 'vitest';
import { PURPOSE } from '../../src/experiment/random';
import { KERNELS } from '../../src/kernels/index';
import { OWNER } from '../../src/kernels/kernel';
import { ACTIVATION_KERNELS } from '../../src/kernels/activation';
import {
  ACTIVATED_FIRST,
  ACTIVATED_LAST,
  LAYER_FIELDS,
  MOST_LAYERS,
  NETWORK_FIELDS,
  NONE,
  packNetwork,
  packSlice,
  packTable,
  SLICE_FIELDS,
  type LayerField,
  type NetworkField,
  type SliceField,
} from '../../src/kernels/fused_network';
import { LOSS_KERNELS } from '../../src/kernels/loss';
import { packPhase, PHASE_FIELDS, type PhaseField } from '../../src/kernels/software/fused_phases';
import { fusedBuffers } from '../../src/kernels/train_fused';
import { TRIAL_WORDS, TRIALS_HEADER_WORDS } from '../../src/kernels/trials';
import { writtenNetwork } from '../../src/kernels/written_network';
import { ACTIVATIONS } from '../../src/reference/activation';
import { LOSSES } from '../../src/reference/loss';
import { WORST } from '../../src/reference/outcome_record';
import { SATURATED_BELOW } from '../../src/reference/saturation';
import { beginningState, STATE, STATE_ENTRIES, STATE_LENGTH, wordsOfState } from '../../src/reference/state';
import { CLIP } from '../../src/training/outcome';
import { DECAYS, FROZEN, NO_GAIN } from '../../src/training/plan';
import { arrayOf, constantsOf, functionOf, structOf, type StructLayout } from './wgsl_layout';

const FILES = import.meta.glob<string>('../../shaders/**/*.wgsl', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const text = (file: string) => FILES[`../../shaders/${file}.wgsl`]!;
const SHAPE = { team: 'workgroup', workgroupSize: 32, memory: 'storage', pack: 'columns' } as const;
const camelCase = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Offsets in words by name, but for padding. */
function wordsOf({ members }: StructLayout): Record<string, number> {
  const named = members.filter(({ name }) => !name.startsWith('pad_'));
  return Object.fromEntries(named.map(({ name, offset }) => [name, offset / 4]));
}

/** A record in which no two fields are alike. */
function numbered<Name extends string>(names: readonly Name[], from: number): Record<Name, number>;
function numbered(names: readonly string[], from: number): Record<string, number> {
  return Object.fromEntries(names.map((name, at) => [name, from + at]));
}

describe('what the host packs lies where the fused kernel reads it:', () => {
  const wgsl = ['train_fused', 'fused/network_table', 'fused/whole_steps', 'software/phase']
    .map(text)
    .join('');
  const network = structOf(wgsl, 'Network');
  const layer = structOf(wgsl, 'Layer');
  const phase = structOf(wgsl, 'Phase');
  const slice = structOf(wgsl, 'Slice');
  const layers = [100, 200].map((from) => numbered<LayerField>(LAYER_FIELDS, from));

  /** What the words hold by a struct's members, as their types say. */
  function read(
    words: Uint32Array<ArrayBuffer>,
    { members }: StructLayout,
    from = 0,
  ): Record<string, number> {
    const arrays: Readonly<Record<string, Uint32Array | Float32Array>> = {
      u32: words,
      f32: new Float32Array(words.buffer),
    };
    const scalars = members.filter(({ name, type }) => type in arrays && !name.startsWith('pad_'));
    return Object.fromEntries(
      scalars.map(({ name, type, offset }) => [name, arrays[type]![(from + offset) / 4]!]),
    );
  }

  const header = numbered<NetworkField>(NETWORK_FIELDS, 1);

  test('Network', () => {
    const words = packNetwork({ header, layers });
    expect(words.byteLength).toBe(network.size);
    expect(read(words, network)).toEqual(header);
  });

  test('the table of layers', () => {
    const words = packTable({ header, layers });
    const [, type = ''] = /> table: ([^;]+);/.exec(wgsl) ?? [];
    const { element, stride, count } = arrayOf(wgsl, type)!;
    expect([element, count]).toEqual(['Layer', MOST_LAYERS]);
    expect(words.byteLength).toBe(count! * stride);
    for (const [index, each] of layers.entries()) expect(read(words, layer, index * stride)).toEqual(each);
  });

  test('Slice', () => {
    const fields = numbered<SliceField>(SLICE_FIELDS, 3);
    const words = packSlice(fields);
    expect(words.byteLength).toBe(slice.size);
    expect(read(words, slice)).toEqual(fields);
  });

  test('a network that is written out, word for word as the structs have them', () => {
    const { text: written } = writtenNetwork({ header, layers });
    const words = (constant: string) =>
      new RegExp(`const ${constant} = \\w+\\(([^)]+)\\)`)
        .exec(written)![1]!
        .split(', ')
        .map((word) => Number(word.slice(0, -1)));
    expect(words('network').length).toBe(network.members.length);
    expect(words('network').slice(0, NETWORK_FIELDS.length)).toEqual(Object.values(header));
    for (const [index, each] of layers.entries()) {
      expect(words(`LAYER_${index}`).length).toBe(layer.members.length);
      expect(words(`LAYER_${index}`).slice(0, LAYER_FIELDS.length)).toEqual(Object.values(each));
    }
  });

  test('Phase, with its layer', () => {
    const fields = numbered<PhaseField>(PHASE_FIELDS, 7);
    const words = packPhase(layers[1]!, fields);
    expect(words.byteLength).toBeGreaterThan(phase.members.at(-1)!.offset);
    expect(words.byteLength).toBeLessThanOrEqual(phase.size);
    expect(read(words, phase)).toEqual(fields);
    expect(phase.members[0]).toEqual({ name: 'layer', type: 'Layer', offset: 0 });
    expect(read(words, layer)).toEqual(layers[1]);
  });

  test.each([
    ['whole steps', undefined, ['fused/network_table', 'fused/whole_steps']],
    ['whole steps of a written network', 'written', ['fused/whole_steps']],
    ['a phase', 'forward', ['fused/network_table', 'software/phase']],
    ['the first phase', 'fetch', ['fused/network_table', 'software/phase']],
  ] as const)('the bindings of %s', (_what, name, files) => {
    const names =
      name === 'written'
        ? fusedBuffers({ ...SHAPE, written: true })
        : fusedBuffers(SHAPE, name && { name, constants: {} });
    const found = ['train_fused', 'fused/memory_storage', ...files].flatMap((file) => [
      ...text(file).matchAll(/@group\(0\) @binding\((\d+)\) var<[^>]*> (\w+)/g),
    ]);
    expect(found.length).toBe(names.length - (name === 'written' ? 2 : 0));
    // Those that a phase does not use are not bound, though the text has them.
    for (const [, binding, variable] of found)
      expect([variable, undefined]).toContain(names[Number(binding)]);
  });

  test.each(['fused/memory_storage', 'fused/memory_workgroup'])('%s binds the arena alike', (file) => {
    expect(text(file)).toContain(
      `@binding(${fusedBuffers(SHAPE).indexOf('arena')}) var<storage, read_write> arena:`,
    );
  });
});

describe('what every kernel is called with lies where it reads it:', () => {
  const wgsl = text('shared/trials');

  test('the trials', () => {
    const list = structOf(wgsl, 'Trials');
    expect(wordsOf(list)).toEqual({ count: 0, infinity: 1, list: TRIALS_HEADER_WORDS });
    expect(arrayOf(wgsl, list.members.at(-1)!.type)!.stride).toBe(4 * TRIAL_WORDS);
    // An owner is the place of its index in an entry.
    expect(OWNER).toEqual({ trial: 0, dataset: 1, initial: 2 });
    expect(wgsl).toContain('list: array<vec4u>, // (slot, data set, initial parameter vector, seed)');
  });

  test.each(Object.values(KERNELS))('the call of $name', ({ name, tensors, fields }) => {
    const call = structOf(wgsl + text(name), 'Call');
    const views = Object.keys(tensors).length;
    // Four words a view, then one a field, and no gap anywhere (`packCall`).
    expect(call.members.map(({ offset }) => offset)).toEqual([
      ...Object.keys(tensors).map((_, at) => 16 * at),
      ...Object.keys(fields).map((_, at) => 16 * views + 4 * at),
    ]);
    expect(wordsOf(structOf(wgsl, 'View'))).toEqual({ offset: 0, stride: 1, owner: 2, length: 3 });
  });
});

describe('the words of a trial’s state', () => {
  const wgsl = text('shared/outcome');
  const outcome = structOf(wgsl, 'Outcome');
  const constants = constantsOf(wgsl);
  /** Words that are no part of the struct, and their places. */
  const besides = { saturated: constants.get('SATURATED'), nonfinite: constants.get('NONFINITE') };

  test('are those of the list, in its order', () => {
    const inStruct = Object.entries(wordsOf(outcome)).map(([name, at]) => [camelCase(name), at] as const);
    expect({ ...Object.fromEntries(inStruct), ...besides }).toEqual(STATE);
    expect(constants.get('OUTCOME_WORDS')).toBe(STATE_LENGTH);
  });

  test('are of its types: numbers as such or as bits, counts as they are', () => {
    const isNumber = (name: string) =>
      wgsl.includes(`bitcast<f32>(after.${name})`) || wgsl.includes(`after.${name} = loss;`);
    const isCount = (name: string) => wgsl.includes(`after.${name} += 1u`);
    const known = outcome.members.flatMap(({ name, type }) => {
      const found = type === 'f32' || isNumber(name) ? 'f32' : isCount(name) ? 'u32' : undefined;
      return found ? [[camelCase(name), found]] : [];
    });
    expect(known.length).toBeGreaterThan(outcome.members.length / 2);
    const listed = new Map(STATE_ENTRIES.map(([name, { type }]) => [name as string, type]));
    expect(known).toEqual(known.map(([name]) => [name, listed.get(name!)]));
  });

  test('are read and written where they lie', () => {
    const reads = [...functionOf(wgsl, 'read_outcome').matchAll(/state\[at(?: \+ (\d+)u)?\]/g)];
    expect(reads.map(([, at = '0']) => Number(at))).toEqual(outcome.members.map(({ offset }) => offset / 4));
    const writes = [
      ...functionOf(wgsl, 'write_outcome').matchAll(
        /state\[at(?: \+ (\d+)u)?\] = (?:bitcast<u32>\()?outcome\.(\w+)/g,
      ),
    ];
    expect(Object.fromEntries(writes.map(([, at = '0', name]) => [name, Number(at)]))).toEqual(
      wordsOf(outcome),
    );
  });

  test('begin where no trial has diverged', () => {
    expect(wordsOfState(beginningState())[STATE.divergedAt]).toBe(constants.get('NEVER'));
  });
});

test.each<[file: string, name: string, value: number]>([
  ['train_fused', 'NONE', NONE],
  ['train_fused', 'ACTIVATED_LAST', ACTIVATED_LAST],
  ['train_fused', 'ACTIVATED_FIRST', ACTIVATED_FIRST],
  ['shared/outcome', 'WORST', WORST],
  ['shared/outcome', 'WORST', CLIP],
  ['shared/saturated', 'SATURATED_BELOW', SATURATED_BELOW],
  ['initialize', 'NO_GAIN', NO_GAIN],
  ['sgd_update', 'DECAYS', DECAYS],
  ['sgd_update', 'FROZEN', FROZEN],
  ['gather', 'MINIBATCH_STREAM', PURPOSE.minibatch],
  ['train_fused', 'MINIBATCH_STREAM', PURPOSE.minibatch],
])('%s: %s is the host’s', (file, name, value) => {
  expect(constantsOf(text(file)).get(name)).toBe(value);
});

test('kinds have the same numbers in kernels and twins, which choose by them', () => {
  expect(Object.keys(ACTIVATION_KERNELS)).toEqual(Object.keys(ACTIVATIONS));
  expect(Object.keys(LOSS_KERNELS)).toEqual(Object.keys(LOSSES));
});

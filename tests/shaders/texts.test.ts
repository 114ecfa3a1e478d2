import { describe, expect, test } from 'vitest';
import { trialDocument } from '../../src/experiment/trial';
import { PRESETS, presetExperiment } from '../../src/experiment/presets';
import { composed, type PipelineRequest } from '../../src/gpu/compile';
import { KERNELS } from '../../src/kernels/index';
import type { Adapter, FusedShape } from '../../src/kernels/geometry';
import { tunedKey, type KernelCall } from '../../src/kernels/kernel';
import { kernelPipeline } from '../../src/kernels/sequence';

import { dispatchesOf, formsOf, fusedForm, pipelineOf } from '../../src/training/fused_form';
import type { Plan } from '../../src/training/plan';
import { planOf } from '../../src/training/planner';
import { withoutComments } from './wgsl_layout';

const FILES = import.meta.glob<string>('../../shaders/**/*.wgsl', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const texts = Object.entries(FILES).map(
  ([path, text]) => [path.slice('../../shaders/'.length), withoutComments(text)] as const,
);

/** WGSL's functions, as of 2026-11: one of our own by such a name would hide it, and some compilers mix the two up. */
const BUILTINS = `abs acos acosh all any arrayLength asin asinh atan atan2 atanh atomicAdd atomicAnd
  atomicCompareExchangeWeak atomicExchange atomicLoad atomicMax atomicMin atomicOr atomicStore atomicSub atomicXor bitcast
  ceil clamp cos cosh countLeadingZeros countOneBits countTrailingZeros cross degrees determinant distance dot dot4I8Packed
  dot4U8Packed dpdx dpdy exp exp2 extractBits faceForward firstLeadingBit firstTrailingBit floor fma fract frexp fwidth
  insertBits inverseSqrt ldexp length log log2 max min mix modf normalize pow quadBroadcast quadSwapDiagonal quadSwapX
  quadSwapY radians reflect refract reverseBits round saturate select sign sin sinh smoothstep sqrt step storageBarrier
  subgroupAdd subgroupAll subgroupAnd subgroupAny subgroupBallot subgroupBroadcast subgroupBroadcastFirst subgroupElect
  subgroupExclusiveAdd subgroupExclusiveMul subgroupInclusiveAdd subgroupInclusiveMul subgroupMax subgroupMin subgroupMul
  subgroupOr subgroupShuffle subgroupShuffleDown subgroupShuffleUp subgroupShuffleXor subgroupXor tan tanh textureBarrier
  textureDimensions textureLoad textureSample textureStore transpose trunc unpack4x8unorm workgroupBarrier
  workgroupUniformLoad`.split(/\s+/);

describe.each(texts)('%s', (_file, wgsl) => {
  test('has its numbers in the text, for overrides may size no array and stand in no other', () => {
    expect(wgsl).not.toMatch(/\boverride\b/);
  });

  test('hides no function of the language', () => {
    const names = [...wgsl.matchAll(/\bfn\s+(\w+)/g)].map(([, name]) => name!);
    expect(names.filter((name) => BUILTINS.includes(name))).toEqual([]);
  });

  test('gives whole numbers beyond a signed one, and bits, a type', () => {
    const numbers = [...wgsl.matchAll(/\b(0[xX][\da-fA-F]+|\d+)([iu])?\b(?!\.)/g)];
    const untyped = numbers.filter(
      ([, digits, type]) => !type && (/^0x/i.test(digits!) || Number(digits) >= 2 ** 31),
    );
    expect(untyped.map(([text]) => text)).toEqual([]);
  });

  test('knows no bits of infinity, by which a compiler could decide what is finite', () => {
    expect(wgsl).not.toMatch(/0x[7f]f[78]0{5}u|0x7f7fffffu/i);
  });
});

const HARDWARE = { software: false, subgroups: true };
const ADAPTERS: readonly Adapter[] = [
  HARDWARE,
  { software: true, subgroups: true },
  { software: true, subgroups: false },
];
/** WebGPU's default, which every adapter has. */
const WORKGROUP_BYTES = 16384;

/** The plans of the presets' arms, traced and not, and with so few samples that a trial fits workgroup memory. */
const plans: Plan[] = PRESETS.flatMap(({ id }) => {
  const experiment = presetExperiment(id);
  return experiment.arms.flatMap((_, arm) => {
    const document = trialDocument(experiment, arm, 0, experiment.axes.x.to);
    const few = { ...document, data: { ...document.data, samples: 8 } };
    return [planOf(document), planOf(document, true), planOf(few)];
  });
});

/** Every configuration of every kernel that the presets' plans call, on every kind of adapter. */
function kernelRequests(): PipelineRequest[] {
  const requests = (call: KernelCall, adapter: Adapter) => {
    const { tuning } = KERNELS[call.kernel]!;
    const keys = tuning
      ? Object.keys(tuning.examples(adapter)).map((size) => tunedKey(call.kernel, size))
      : [];
    return (tuning?.configurations(adapter) ?? ['']).map((configuration) => {
      const tuned = Object.fromEntries(keys.map((key) => [key, configuration]));
      return kernelPipeline(call, { ...adapter, tuned });
    });
  };
  return plans.flatMap(({ start, step }) =>
    [...start, ...step].flatMap((call) => ADAPTERS.flatMap((adapter) => requests(call, adapter))),
  );
}

function fusedRequests(): PipelineRequest[] {
  const shapes: (FusedShape | undefined)[] = [
    undefined,
    { team: 'workgroup', workgroupSize: 64, memory: 'storage', pack: 'columns' },
  ];
  const limits = { maxComputeWorkgroupStorageSize: WORKGROUP_BYTES } as GPUSupportedLimits;
  return plans.flatMap((plan) =>
    ADAPTERS.flatMap((adapter) =>
      shapes.flatMap((shape) => {
        const gpu = {
          adapter: { ...adapter, vendor: '', architecture: '', description: '', name: '' },
          limits,
        };
        const forms = [fusedForm(plan, gpu, adapter.software ? undefined : shape), ...formsOf(plan, gpu)];
        return forms.flatMap((form) => dispatchesOf(form).map((phase) => pipelineOf(form, phase)));
      }),
    ),
  );
}

const byText = new Map(
  [...kernelRequests(), ...fusedRequests()].map((request) => {
    const text = composed(request)
      .map((part) => part.text)
      .join('\n');
    return [text, `${request.label} ${JSON.stringify(request.constants)}`] as const;
  }),
);
const COMPOSED = Array.from(byText, ([text, label]) => [label, text] as const);

/** The value of a constant expression: whole numbers, of which division leaves no rest. */
function valueOf(expression: string, constants: ReadonlyMap<string, string>): number {
  const known = expression.replace(
    /[A-Z][A-Z_0-9]*/g,
    (name) => `(${valueOf(constants.get(name)!, constants)})`,
  );
  const digits = known.replace(/(\d)u\b/g, '$1').replace(/\d+/g, '$&n');
  if (!/^[\dn+*/() -]+$/.test(digits)) throw new Error(`not a constant of whole numbers: ${expression}`);
  return Number(new Function(`return ${digits}`)());
}

/** Bytes of a type by its name. */
const BYTES: Readonly<Record<string, number>> = { u32: 4, f32: 4, vec2f: 8, vec4f: 16 };

describe('the texts that the presets need', () => {
  test('are many, of kernels and of the fused engine in every shape', () => {
    expect(COMPOSED.length).toBeGreaterThan(100);
    const labels = COMPOSED.map(([label]) => label);
    for (const shape of [
      'workgroup.workgroup.columns',
      'workgroup.storage.columns',
      'quad.storage.columns',
      'single.private.rows',
      'single.interleaved.rows',
      'single.interleaved.rows.held',
      'workgroup.workgroup.columns.strips of 2.written',
      'single.interleaved.columns',
    ])
      expect(
        labels.some((label) => label.startsWith(`train_fused.${shape}`)),
        shape,
      ).toBe(true);
  });

  test.each(COMPOSED)('%s', (_label, text) => {
    const wgsl = withoutComments(text);
    const declared = [...wgsl.matchAll(/^const\s+(\w+)(?:\s*:\s*\w+)?\s*=\s*([^;]+);/gm)];
    const constants = new Map(declared.map(([, name, value]) => [name!, value!]));
    expect(constants.size, 'each once').toBe(declared.length);
    const wanted = [...text.matchAll(/^\/\/ const (\w+): u32, from the host/gm)].map(([, name]) => name!);
    expect(
      wanted.filter((name) => !constants.has(name)),
      'constants that the host has to give',
    ).toEqual([]);

    const aliases = new Map(
      [...wgsl.matchAll(/\balias\s+(\w+)\s*=\s*(\w+)/g)].map(([, name, type]) => [name!, type!]),
    );
    let bytes = 0;
    for (const [, type] of wgsl.matchAll(/var<workgroup>\s+\w+\s*:\s*([^;]+);/g)) {
      const array = /^array<\s*(\w+)\s*,\s*(.+)>$/.exec(type!.trim());
      const element = array?.[1] ?? type!.trim();
      const size = BYTES[aliases.get(element) ?? element]! * (array ? valueOf(array[2]!, constants) : 1);
      bytes += Math.ceil(size / 16) * 16; // as drivers count it
    }
    expect(bytes).not.toBeNaN();
    expect(bytes).toBeLessThanOrEqual(WORKGROUP_BYTES);
    for (const [, size] of wgsl.matchAll(/var<private>\s+\w+\s*:\s*array<\s*\w+\s*,\s*([^;]+)>;/g))
      expect(valueOf(size!, constants)).toBeGreaterThan(0);
  });
});

import { describe, expect, test } from 'vitest';
import type { TrialDocument } from '../../src/experiment/types';
import { KERNELS } from '../../src/kernels/index';
import type { KernelCall, TensorView } from '../../src/kernels/kernel';
import { DECAYS, FROZEN, NO_GAIN, planKey, type Plan } from '../../src/training/plan';
import { planOf } from '../../src/training/planner';
import { trialWith } from '../experiment/documents';

type Changes = Parameters<typeof trialWith>;

/** Without batch norm unless a change says so. */
function trialOf(...changes: Changes): TrialDocument {
  return trialWith([['model', 'normalization'], { type: 'none' }], ...changes);
}

const NORM = (field: string, value: unknown): Changes[number] => [['model', 'normalization', field], value];
const MODEL = (field: string, value: unknown): Changes[number] => [['model', field], value];
const BATCH = NORM('type', 'batch');
const SMALL: Changes = [
  MODEL('hidden', [3, 5]),
  MODEL('outputs', 2),
  [['data', 'samples'], 7],
  [['optimizer', 'steps'], 9],
];

const NETWORKS: [name: string, ...Changes][] = [
  ['relu'],
  ['no hidden layer', MODEL('hidden', [])],
  ['no hidden layer, batch norm', MODEL('hidden', []), BATCH, NORM('layers', 'all')],
  ['no hidden layer, batch norm nowhere', MODEL('hidden', []), BATCH],
  ['identity', MODEL('activation', 'identity')],
  ['identity with a gain', MODEL('activation', 'identity'), MODEL('preactivationGain', 2)],
  ['identity, batch norm after', MODEL('activation', 'identity'), BATCH, NORM('placement', 'post')],
  ['sigmoid, bias', MODEL('activation', 'sigmoid'), MODEL('bias', true)],
  ['batch norm', BATCH],
  ['batch norm, bias, frozen', BATCH, MODEL('bias', true), NORM('affine', 'frozen')],
  ['batch norm after', MODEL('activation', 'tanh'), BATCH, NORM('placement', 'post')],
  ['batch norm of all layers', BATCH, NORM('layers', 'all')],
  [
    'batch norm of all layers, after, bias',
    BATCH,
    NORM('layers', 'all'),
    NORM('placement', 'post'),
    MODEL('bias', true),
  ],
  ['batch norm of the last', BATCH, NORM('layers', 'last')],
  ['smaller minibatches', BATCH, [['optimizer', 'batch'], 4]],
  ['larger minibatches, after', BATCH, NORM('placement', 'post'), [['optimizer', 'batch'], 11]],
  ["Sohl-Dickstein's rule", [['rule'], { type: 'sohl-dickstein' }]],
];
const PLANS: [string, Plan][] = NETWORKS.flatMap(([name, ...changes]) =>
  [false, true].map((tracing): [string, Plan] => [
    tracing ? `${name}, traced` : name,
    planOf(trialOf(...SMALL, ...changes), tracing),
  ]),
);

const calls = (plan: Plan) => [...plan.start, ...plan.step];
const sorted = (record: object) => Object.keys(record).toSorted();

/** Tensors of a call that its kernel accesses so. */
function tensorsOf({ kernel, tensors }: KernelCall, access: 'read' | 'read_write'): TensorView[] {
  return Object.entries(KERNELS[kernel]!.tensors).flatMap(([name, how]) =>
    how === access ? [tensors[name]!] : [],
  );
}

describe.each(PLANS)('the plan of %s', (_name, plan) => {
  test('gives every kernel just what it wants', () => {
    for (const call of calls(plan)) {
      const kernel = KERNELS[call.kernel];
      expect(kernel, `${call.kernel}`).toBeDefined();
      expect(KERNELS[call.kernel], call.kernel).toBeDefined();
      expect(sorted(call.tensors), `${call.kernel}`).toEqual(sorted(kernel!.tensors));
      expect(sorted(call.fields), `${call.kernel}`).toEqual(sorted(kernel!.fields));
      expect(sorted(call.variant), `${call.kernel}`).toEqual(kernel!.variant.toSorted());
    }
  });

  test('keeps every tensor inside its buffer, and fills every buffer', () => {
    const reach = new Map<string, number>();
    for (const { kernel, tensors } of calls(plan))
      for (const [name, { buffer, offset, length }] of Object.entries(tensors)) {
        const room = plan.buffers[buffer]?.length ?? -1;
        expect(length, `${name} of ${kernel}`).toBeGreaterThan(0);
        expect(offset + length, `${name} of ${kernel} in ${buffer}`).toBeLessThanOrEqual(room);
        reach.set(buffer, Math.max(reach.get(buffer) ?? 0, offset + length));
      }
    const lengths = Object.entries(plan.buffers).map(([name, { length }]): [string, number] => [
      name,
      length,
    ]);
    const whole = lengths.map(([name, length]) => [name, name === 'settings' ? length : reach.get(name)]);
    expect(whole).toEqual(lengths);
  });

  test('writes no buffer that the same call has bound otherwise', () => {
    for (const call of calls(plan)) {
      const buffers = Object.values(call.tensors).map(({ buffer }) => buffer);
      for (const { buffer } of tensorsOf(call, 'read_write'))
        expect(
          buffers.filter((other) => other === buffer),
          `${call.kernel} writes ${buffer}`,
        ).toHaveLength(1);
    }
  });

  test('reads of the scratch of a step what a call before it has written there, and as much', () => {
    const written = new Map<string, number>();
    for (const call of plan.step) {
      for (const { buffer, length } of tensorsOf(call, 'read')) {
        const expected = plan.buffers[buffer]!.persistent ? length : written.get(buffer);
        expect(length, `${call.kernel} reads ${buffer}`).toBe(expected);
      }
      for (const { buffer, length } of tensorsOf(call, 'read_write')) written.set(buffer, length);
    }
  });

  test('writes only what belongs to a trial', () => {
    for (const call of calls(plan))
      for (const { buffer } of tensorsOf(call, 'read_write'))
        expect(plan.buffers[buffer]!.owner).toBe('trial');
  });

  test('multiplies matrices that fit', () => {
    for (const { kernel, tensors, fields } of plan.step) {
      if (kernel !== 'matmul') continue;
      const [rows, inner, cols] = [fields['rows']!, fields['inner']!, fields['cols']!];
      const lengths = ['a', 'b', 'out'].map((name) => tensors[name]!.length);
      expect(lengths).toEqual([rows * inner, inner * cols, rows * cols]);
    }
  });

  test('lays the parameters out layer by layer, W, b, γ and β, and makes the gradient of each once', () => {
    let end = 0;
    for (const { weights, bias, affine, fanIn, fanOut } of plan.layers) {
      const parts = [weights, bias, affine].filter((part) => part !== undefined);
      for (const { buffer, offset, length } of parts) {
        expect([buffer, offset]).toEqual(['parameters', end]);
        end += length;
      }
      expect(weights.length).toBe(fanIn * fanOut);
      expect([undefined, fanOut]).toContain(bias?.length);
      expect([undefined, 2 * fanOut]).toContain(affine?.length);
    }
    expect(plan.parameters).toBe(end);

    const times = new Uint8Array(plan.parameters);
    for (const call of plan.step)
      for (const { buffer, offset, length } of tensorsOf(call, 'read_write'))
        if (buffer === 'gradient') for (let p = offset; p < offset + length; p += 1) times[p]! += 1;
    expect([...times]).toEqual([...times].fill(1));
  });

  test('gives each parameter its rate, gain and flags', () => {
    const { settings, segments } = plan;
    expect(segments).toHaveLength(2 * plan.parameters);
    const words = (view: TensorView) =>
      new Set(
        Array.from({ length: view.length }, (_, i) =>
          segments
            .slice(2 * (view.offset + i))
            .slice(0, 2)
            .join(),
        ),
      );
    for (const [index, { weights, bias, affine }] of plan.layers.entries()) {
      const rate = settings.learningRate + index;
      const rateNorm = settings.learningRateNorm + index;
      expect(words(weights)).toEqual(new Set([`${rate + DECAYS},${settings.gain + index}`]));
      expect(words(bias ?? weights)).toEqual(bias ? new Set([`${rate},${NO_GAIN}`]) : words(weights));
      const norm = `${rateNorm + (plan.frozen ? FROZEN : 0)},${NO_GAIN}`;
      expect(words(affine ?? weights)).toEqual(affine ? new Set([norm]) : words(weights));
    }
  });

  test('gives each setting a place of its own', () => {
    const { learningRate, learningRateNorm, gain, length, ...scalars } = plan.settings;
    const perLayer = [learningRate, learningRateNorm, gain].flatMap((first) =>
      plan.layers.map((_, i) => first + i),
    );
    const places = [...Object.values(scalars), ...perLayer].toSorted((a, b) => a - b);
    expect(places).toEqual(Array.from({ length }, (_, place) => place));
  });

  test('keeps the latest losses that the rule asks for, or all of them', () => {
    expect(plan.ring).toBe(plan.tracing ? 9 : Math.min(20, 9));
    expect(plan.buffers['history']!.length).toBe(plan.ring);
    expect(plan.buffers['norms']?.length).toBe(plan.tracing ? 9 * 2 * plan.layers.length : undefined);
  });
});

describe('the kernels of a step, in order', () => {
  const kernels = (...changes: Changes) =>
    planOf(trialOf(...changes))
      .step.map(({ kernel }) => kernel)
      .join(' ');

  test('without a hidden layer', () => {
    expect(kernels(MODEL('hidden', []))).toBe(
      'matmul loss_forward loss_backward matmul sgd_update outcome_record',
    );
  });

  test('normalization stands before the activation, the bias before both', () => {
    const order = [
      'matmul bias_forward batch_norm_forward activation_forward',
      'matmul bias_forward loss_forward loss_backward',
      'bias_backward matmul matmul',
      'activation_backward batch_norm_backward bias_backward matmul',
      'sgd_update outcome_record',
    ];
    expect(kernels(MODEL('hidden', [4]), BATCH, MODEL('bias', true))).toBe(order.join(' '));
  });

  test('or after it', () => {
    const order = [
      'matmul activation_forward batch_norm_forward',
      'matmul loss_forward loss_backward matmul matmul',
      'batch_norm_backward activation_backward matmul',
      'sgd_update outcome_record',
    ];
    expect(kernels(MODEL('hidden', [4]), BATCH, NORM('placement', 'post'))).toBe(order.join(' '));
  });

  test('the loss is of the full data set, the gradient of the minibatch', () => {
    const { step } = planOf(
      trialWith(MODEL('hidden', []), [['data', 'samples'], 10], [['optimizer', 'batch'], 4]),
    );
    expect(step.map(({ kernel, tensors }) => [kernel, tensors['prediction']?.length])).toEqual([
      ['matmul', undefined],
      ['loss_forward', 10],
      ['gather', undefined],
      ['matmul', undefined],
      ['loss_backward', 4],
      ['matmul', undefined],
      ['sgd_update', undefined],
      ['outcome_record', undefined],
    ]);
  });

  test('norms are taken of the gradient that the update uses, and of the weights before it', () => {
    const { step } = planOf(trialOf(MODEL('hidden', [4])), true);
    expect(step.slice(-4).map(({ kernel }) => kernel)).toEqual([
      'norms',
      'norms',
      'sgd_update',
      'outcome_record',
    ]);
  });
});

describe('which layers are normalized', () => {
  test.each([
    ['hidden', ['before', 'before', undefined]],
    ['all', ['before', 'before', 'before']],
    ['last', [undefined, 'before', undefined]],
  ])('%s', (layers, expected) => {
    const plan = planOf(trialOf(...SMALL, BATCH, NORM('layers', layers)));
    expect(plan.layers.map(({ normalized }) => normalized)).toEqual(expected);
    expect(plan.layers.map(({ affine }) => affine && 'before')).toEqual(expected);
  });
});

describe('k of Z = k·(A·W) + b', () => {
  test.each([
    ['standard', [1, 1, 1]],
    ['ntk', [1 / Math.sqrt(8), 1 / Math.sqrt(3), 1 / Math.sqrt(5)]],
    ['mean-field', [1 / Math.sqrt(8), 1 / Math.sqrt(3), 1 / 5]],
  ])('%s', (scaling, expected) => {
    const plan = planOf(trialOf(...SMALL, MODEL('scaling', scaling)));
    expect(plan.layers.map(({ scale }) => scale)).toEqual(expected);
  });
});

describe('trials share a plan', () => {
  const base = trialOf(...SMALL, BATCH);
  const changed = (change: (trial: TrialDocument) => void) => {
    const trial = structuredClone(base);
    change(trial);
    return trial;
  };
  const ALIKE: [string, (trial: TrialDocument) => void][] = [
    ['learning rate', (trial) => (trial.optimizer.learningRate = [1, 2, 3])],
    ['weight decay', (trial) => (trial.optimizer.weightDecay = 0.1)],
    ['gain', (trial) => (trial.model.initialization.gain = 3)],
    ['preactivation gain of a ReLU', (trial) => (trial.model.preactivationGain = 3)],
    ['epsilon', (trial) => (trial.model.normalization.epsilon = 1)],
    ['seed', (trial) => (trial.seed = 77)],
    ['input scale', (trial) => (trial.data.inputScale = 3)],
    ['divergence', (trial) => (trial.rule = { type: 'threshold', divergence: 9, target: 0.1, window: 20 })],
  ];
  const DIFFERENT: [string, (trial: TrialDocument) => void][] = [
    ['width', (trial) => (trial.model.hidden = [3, 4])],
    ['momentum', (trial) => (trial.optimizer.momentum = 0.9)],
    ['depth', (trial) => (trial.model.hidden = [3])],
    ['activation', (trial) => (trial.model.activation = 'tanh')],
    ['bias', (trial) => (trial.model.bias = true)],
    ['scaling', (trial) => (trial.model.scaling = 'ntk')],
    ['normalization', (trial) => (trial.model.normalization.type = 'none')],
    ['placement', (trial) => (trial.model.normalization.placement = 'post')],
    ['affine', (trial) => (trial.model.normalization.affine = 'frozen')],
    ['normalized layers', (trial) => (trial.model.normalization.layers = 'all')],
    ['samples', (trial) => (trial.data = { ...trial.data, type: 'teacher', samples: 8 })],
    ['loss', (trial) => (trial.loss = 'mse')],
    ['batch', (trial) => (trial.optimizer.batch = 4)],
    ['steps', (trial) => (trial.optimizer.steps = 10)],
    ['window', (trial) => (trial.rule = { type: 'threshold', divergence: 1000, target: 0.5, window: 5 })],
    ['rule', (trial) => (trial.rule = { type: 'sohl-dickstein' })],
  ];
  const withoutKey = ({ key: _key, document: _document, ...plan }: Plan) => plan;

  test.each(ALIKE)('that differ in %s', (_name, change) => {
    const trial = changed(change);
    expect(planKey(trial)).toBe(planKey(base));
    expect(withoutKey(planOf(trial))).toEqual(withoutKey(planOf(base)));
  });

  test.each(DIFFERENT)('not when they differ in %s', (_name, change) => {
    const trial = changed(change);
    expect(planKey(trial)).not.toBe(planKey(base));
    expect(withoutKey(planOf(trial))).not.toEqual(withoutKey(planOf(base)));
  });

  test('not when one is traced', () => {
    expect(planKey(base, true)).not.toBe(planKey(base));
  });

  test('nor where the identity has a gain and where it has none', () => {
    const gains = [1, 2].map((gain) =>
      planKey(
        changed(({ model }) => Object.assign(model, { activation: 'identity', preactivationGain: gain })),
      ),
    );
    expect(new Set(gains).size).toBe(2);
  });
});

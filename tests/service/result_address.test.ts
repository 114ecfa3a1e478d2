import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { parseExperiment } from '../../src/experiment/parse';
import { trialDocument } from '../../src/experiment/trial';
import type { Experiment, TrialDocument } from '../../src/experiment/types';
import { TrialSource } from '../../src/scheduler/trial_source';
import { addressOf, digestOf, sweepAddress } from '../../src/service/result_address';
import { MANY } from '../../src/training/manner';
import { minimalDocument } from '../experiment/documents';

const ENGINE = { engine: 'fused', manner: MANY };
const experimentOf = (rest: Record<string, unknown> = {}) =>
  parseExperiment({ ...minimalDocument(), ...rest });
const trialOf = (experiment: Experiment) => trialDocument(experiment, 1, 0, 0.25);

/** The same JSON with the members of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}

describe('the address of a trial', () => {
  const trial = trialOf(experimentOf());
  const address = addressOf(trial, ENGINE);

  test('is a hash', () => expect(address).toMatch(/^[0-9a-f]{64}$/));

  test('is the same in whatever order the document is written', () => {
    expect(Object.keys(reversed(trial) as TrialDocument)).not.toEqual(Object.keys(trial));
    expect(addressOf(reversed(trial) as TrialDocument, ENGINE)).toBe(address);
  });

  test('knows no names, and no place on a grid', () => {
    const x = { parameter: 'optimizer.learningRate', scale: 'linear', from: 0.25, to: 1, count: 3 };
    const other = experimentOf({
      name: 'another',
      axes: { x },
      arms: [{ name: 'only', set: { 'model.normalization.type': trial.model.normalization.type } }],
    });
    const same = new TrialSource(other).document(0);
    expect(same.optimizer.learningRate).toBe(0.25);
    expect(addressOf(same, ENGINE)).toBe(address);
    const whole = { ...other, ...same }; // an experiment is a trial with more to it
    expect(addressOf(whole, ENGINE)).toBe(address);
  });

  const changes: [string, TrialDocument][] = [
    ['seed', { ...trial, seed: trial.seed + 1 }],
    [
      'learning rate, by one bit',
      { ...trial, optimizer: { ...trial.optimizer, learningRate: 0.25 + 2 ** -54 } },
    ],
    ['steps', { ...trial, optimizer: { ...trial.optimizer, steps: trial.optimizer.steps + 1 } }],
    ['rule', { ...trial, rule: { type: 'sohl-dickstein' } }],
    ['activation', { ...trial, model: { ...trial.model, activation: 'sigmoid' } }],
    ['order of its layers', { ...trial, model: { ...trial.model, hidden: [16, 8] } }],
    ['order of its layers, the other way', { ...trial, model: { ...trial.model, hidden: [8, 16] } }],
    ['data', { ...trial, data: { ...trial.data, inputScale: 2 } }],
    ['loss', { ...trial, loss: 'mse' === trial.loss ? 'half-mse' : 'mse' }],
  ];

  test('is another one for every other trial, engine and adapter', () => {
    const others = [
      ...changes.map(([, document]) => addressOf(document, ENGINE)),
      addressOf(trial, { ...ENGINE, engine: 'layered' }),
      addressOf(trial, { ...ENGINE, manner: 'few' }),
      addressOf(trial, { ...ENGINE, adapter: 'one GPU' }),
      addressOf(trial, { ...ENGINE, adapter: 'another GPU' }),
    ];
    expect(new Set([address, ...others]).size).toBe(1 + others.length);
  });
});

test('a digest is SHA-256 of one text, however long', () => {
  const numbers = Array.from({ length: 20_000 }, (_, i) => i / 7);
  const text = `{"a":[${numbers.map((number) => `${number},`).join('')}],"b":"ü\\n",}`;
  const expected = createHash('sha256').update(text).digest('hex');
  expect(digestOf({ b: 'ü\n', nothing: undefined, a: numbers })).toBe(expected);
});

test('values that only look alike have other digests', () => {
  const values = [[], [[]], [1, 2], [[1], 2], ['1', 2], '1', 1, null, {}, { a: 1 }, { a: { b: 1 } }, [12]];
  expect(new Set(values.map(digestOf)).size).toBe(values.length);
});

test('a sweep that is trained in another shape is another', () => {
  const experiment = parseExperiment(minimalDocument());
  const addresses = [MANY, 'few', 'single-32-interleaved-rows'].map((manner) =>
    sweepAddress(experiment, { engine: 'fused', adapter: 'here', manner }),
  );
  expect(new Set(addresses).size).toBe(addresses.length);
});

test('a sweep of which something else is measured is another, in whatever order it is named', () => {
  const made = { engine: 'fused', adapter: 'here', manner: MANY };
  const address = (measures: Experiment['measures']) =>
    sweepAddress({ ...parseExperiment(minimalDocument()), measures }, made);
  expect(address(['weight_norm_final'])).not.toBe(address([]));
  expect(address(['weight_norm_final', 'gradient_norm_max'])).toBe(
    address(['gradient_norm_max', 'weight_norm_final']),
  );
});

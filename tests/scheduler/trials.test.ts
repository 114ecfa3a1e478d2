import { describe, expect, test } from 'vitest';
import { parseExperiment } from '../../src/experiment/parse';
import { TrialSource } from '../../src/scheduler/trial_source';
import { allBut, ListedTrials, named, someOf, type Trials } from '../../src/scheduler/trials';
import { minimalDocument } from '../experiment/documents';

const axis = (parameter: string, from: number, to: number, count: number) => ({
  parameter,
  scale: 'linear',
  from,
  to,
  count,
});
const RATE = axis('optimizer.learningRate', 0.1, 0.9, 5);
const STEPS = axis('optimizer.steps', 2, 8, 3);
const arms = [3, 5].map((steps) => ({ name: `${steps}`, set: { 'optimizer.steps': steps } }));

const sourceOf = (axes: Record<string, unknown>, rest: Record<string, unknown> = {}) =>
  new TrialSource(parseExperiment({ ...minimalDocument(), replicates: 2, axes, ...rest }));
const listed = (trials: Trials) => Array.from(trials.levels(), (level) => [...level]).flat();
const counted = (trials: Trials) => ({
  trials: listed(trials).length,
  steps: listed(trials).reduce((sum, trial) => sum + trials.document(trial).optimizer.steps, 0),
});

describe.each([
  ['the document', sourceOf({ x: RATE })],
  ['an axis', sourceOf({ x: RATE, y: STEPS })],
  ['the other axis', sourceOf({ x: STEPS, y: RATE })],
  ['arms', sourceOf({ x: RATE }, { arms })],
])('where %s sets the steps, what is told without listing is what is listed:', (_name, source) => {
  const all = listed(source);
  const odd = (trial: number) => trial % 2 === 1;

  test('all trials', () => {
    expect(all.toSorted((a, b) => a - b)).toEqual([...Array(source.grid.trials).keys()]);
    expect(source.total).toEqual(counted(source));
    for (const trial of all) expect(source.steps(trial)).toBe(source.document(trial).optimizer.steps);
  });

  test('those that a rule picks, in the same order', () => {
    const some = someOf(source, odd);
    expect(listed(some)).toEqual(all.filter(odd));
    expect(some.total).toEqual(counted(some));
  });

  test('all but those that are done', () => {
    const done = Uint32Array.from(all.filter(odd));
    const rest = allBut(source, done);
    expect(listed(rest)).toEqual(all.filter((trial) => !odd(trial)));
    expect(rest.total).toEqual(counted(rest));
    expect(allBut(source, Uint32Array.of()).total).toEqual(source.total);
    expect(listed(allBut(source, Uint32Array.from(all)))).toEqual([]);
    expect(allBut(source, Uint32Array.from(all)).total).toEqual({ trials: 0, steps: 0 });
  });

  test('those that are named, in that order', () => {
    const few = named(source, [4, 0, 3]);
    expect(listed(few)).toEqual([4, 0, 3]);
    expect(few.total).toEqual(counted(few));
    expect(few.document(4)).toEqual(source.document(4));
    expect(few.samePlan(4)).toBe(source.samePlan(4));
  });

  test('documents', () => {
    const documents = new ListedTrials(all.map((trial) => source.document(trial)));
    expect(listed(documents)).toEqual([...all.keys()]);
    expect(documents.total).toEqual(source.total);
  });
});

test('the first of 2²⁸ trials are told at once', () => {
  const wide = { ...RATE, count: 4096 };
  const source = sourceOf(
    { x: wide, y: { ...axis('model.initialization.gain', 1, 2, 4096) } },
    { replicates: 8 },
  );
  expect(source.total.trials).toBe(2 ** 28);
  const begun = [];
  for (const level of someOf(source, (trial) => trial % 3 === 0, source.total).levels()) {
    for (const trial of level) if (begun.push(trial) === 5) break;
    break;
  }
  expect(begun).toHaveLength(5);
});

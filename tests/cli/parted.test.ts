import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documentInPng } from '../../src/experiment/png';
import { drawMap } from '../../src/view/map_file';
import { trialLines } from '../../src/view/trials_csv';
import { PartedOutcomes } from '../../src/cli/parted_outcomes';
import { partedTraces } from '../../src/cli/parted_traces';
import { parseExperiment } from '../../src/experiment/parse';
import { TrialSource } from '../../src/scheduler/trial_source';
import { COLUMN_NAMES } from '../../src/training/outcome_columns';
import { smallDocument, sweepHere } from './commands';
import { decodePng, pngFile } from '../decode_png';

// A sweep that is larger than what is held of it at once, as one of 10⁸ trials is.
const PARTS = 3;
const DOCUMENT = { ...smallDocument(5, 7, 6), replicates: 2 };
const source = new TrialSource(parseExperiment(DOCUMENT));
const { trials } = source.grid;

let folder: string;
let read: (name: string) => Buffer;
let folders: string[];
let outcomes: PartedOutcomes;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'normscape-'));
  const [file, out] = [join(folder, 'experiment.json'), join(folder, 'out')];
  writeFileSync(file, JSON.stringify(DOCUMENT));
  const call = [file, '--out', out, '--engine', 'reference', '--trace', 'all'];
  await sweepHere(call);
  read = (name) => readFileSync(join(out, name));
  folders = Array.from({ length: PARTS }, (_, index) => join(out, `part-${index}-of-${PARTS}`));
  for (let index = 0; index < PARTS; index += 1) await sweepHere([...call, '--part', `${index}/${PARTS}`]);
  outcomes = new PartedOutcomes(
    source,
    folders.map((own) => ({ folder: own })),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

test('any trials in a row are those of all', () => {
  const all = outcomes.table(0, trials);
  for (let trial = 0; trial < trials; trial += 1) expect(all.isFinished(trial)).toBe(true);
  for (const first of [0, 1, 4, 17, trials - 1])
    for (const count of [1, 2, 3, 10, trials].map((most) => Math.min(most, trials - first))) {
      const some = outcomes.table(first, count);
      for (const name of COLUMN_NAMES) expect(some[name]).toEqual(all[name].slice(first, first + count));
    }
});

test('of a part that is missing nothing is known, and of the others all', () => {
  const some = new PartedOutcomes(source, [{ folder: folders[0]! }, undefined, { table: tableOf(2) }]);
  const all = outcomes.table(0, trials);
  const table = some.table(0, trials);
  let known = 0;
  for (let trial = 0; trial < trials; trial += 1) {
    if (!table.isFinished(trial)) continue;
    known += 1;
    for (const name of COLUMN_NAMES) expect(table[name][trial]).toEqual(all[name][trial]);
  }
  expect(known).toBe(Math.ceil(trials / PARTS) + Math.floor(trials / PARTS));
});

/** What a part has, row by row. */
function tableOf(index: number) {
  const only = new PartedOutcomes(
    source,
    folders.map((own, at) => (at === index ? { folder: own } : undefined)),
  ).table(0, trials);
  const own = [...only.class.keys()].filter((trial) => only.isFinished(trial));
  const table = only.view(0, own.length).copy();
  for (const name of COLUMN_NAMES) table[name].set(own.map((trial) => only[name][trial]!));
  return table;
}

describe.each([1, 5, 13, 40])('with %i trials held at once', (together) => {
  test('trials.csv is that of the undivided sweep', () => {
    expect([...trialLines(outcomes, together)].join('')).toBe(read('trials.csv').toString());
  });

  test('map.png is that of the undivided sweep', () => {
    const drawn = pngFile(drawMap(outcomes, {}, together), documentInPng(read('map.png')));
    expect(Buffer.from(drawn)).toEqual(read('map.png'));
    expect(decodePng(read('map.png')).width).toBe(2 * 5 * 52 + 16);
  });
});

test.each([100, 128, 1000, 10 ** 6])(
  'with %i bytes held of each part, traces.csv is that of the undivided sweep',
  (held) => {
    const pieces = [...partedTraces(source.grid, 'all', folders, held)].map((piece) => Buffer.from(piece));
    expect(Buffer.concat(pieces)).toEqual(read('traces.csv'));
  },
);

import { afterEach, expect, test, vi } from 'vitest';
import { DamageError, OUTCOME_BYTES } from '../../src/scheduler/column_codec';
import { batchOf, rowsOf } from '../../src/scheduler/results';
import { openBrowserStore } from '../../src/service/browser_store';
import { KeptSweeps, TooLargeError } from '../../src/service/kept_sweeps';
import { storeInMemory } from '../browser_store';
import { trialResult } from '../trial_results';

afterEach(() => void vi.unstubAllGlobals());

const TRIALS = 20;
const some = (...trials: number[]) =>
  batchOf(trials.map((trial) => trialResult({ trial, lossFinal: trial / 7 })));

/** Kept sweeps with room for so many outcomes, at times that go on by one. */
async function kept(most = 1000) {
  const store = await storeInMemory();
  let time = 0;
  return { store, sweeps: new KeptSweeps(store, most * OUTCOME_BYTES, () => (time += 1)) };
}

test('outcomes come back as they were written, in whatever batches', async () => {
  const { sweeps } = await kept();
  await sweeps.add('a', '{}', some(3, 1));
  await sweeps.add('b', '{}', some(5));
  await sweeps.add('a', '{}', some(19));
  expect(rowsOf((await sweeps.outcomes('a', TRIALS))!)).toEqual(rowsOf(some(3, 1, 19)));
  expect(await sweeps.outcomes('c', TRIALS)).toBeUndefined();
  expect(await sweeps.size()).toEqual({ sweeps: 2, bytes: 4 * OUTCOME_BYTES });
});

test('what was used least lately goes, with all of its outcomes', async () => {
  const { sweeps, store } = await kept(6);
  for (const address of ['a', 'b', 'c']) await sweeps.add(address, '{}', some(1, 2));
  await sweeps.outcomes('a', TRIALS);
  await sweeps.add('c', '{}', some(3));
  expect(await sweeps.outcomes('b', TRIALS)).toBeUndefined();
  expect((await sweeps.outcomes('a', TRIALS))?.trial).toHaveLength(2);
  expect(await store.count('outcomes')).toBe(3);
});

test('a sweep that alone is too large is not kept, and the others stay', async () => {
  const { sweeps, store } = await kept(4);
  await sweeps.add('a', '{}', some(1, 2));
  await sweeps.add('b', '{}', some(1, 2));
  await expect(sweeps.add('b', '{}', some(3, 4, 5))).rejects.toThrow(TooLargeError);
  expect(await sweeps.outcomes('b', TRIALS)).toBeUndefined();
  expect((await sweeps.outcomes('a', TRIALS))?.trial).toHaveLength(2);
  expect(await store.count('outcomes')).toBe(1);
});

test.each<[string, (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>]>([
  ['an altered byte', (bytes) => bytes.map((byte, at) => (at === 9 ? byte ^ 1 : byte))],
  ['bytes that are missing', (bytes) => bytes.slice(1)],
])('%s is found, and the sweep forgotten', async (_what, damage) => {
  const { sweeps, store } = await kept();
  await sweeps.add('a', '{}', some(1, 2));
  const [key] = await store.getAllKeys('outcomes');
  const batch = (await store.get('outcomes', key!))!;
  await store.put('outcomes', { ...batch, bytes: damage(batch.bytes) }, key);
  await expect(sweeps.outcomes('a', TRIALS)).rejects.toThrow(DamageError);
  expect(await sweeps.outcomes('a', TRIALS)).toBeUndefined();
  expect(await store.count('outcomes')).toBe(0);
});

test('outcomes of trials that there are not are damage', async () => {
  const { sweeps } = await kept();
  await sweeps.add('a', '{}', some(12));
  await expect(sweeps.outcomes('a', 12)).rejects.toThrow('no such trial: 12');
});

test('one is forgotten, or all are', async () => {
  const { sweeps, store } = await kept();
  for (const address of ['a', 'b', 'c']) await sweeps.add(address, '{}', some(1));
  await sweeps.forget('b');
  expect(await sweeps.size()).toMatchObject({ sweeps: 2 });
  await sweeps.forgetAll();
  expect([await sweeps.size(), await store.count('outcomes')]).toEqual([{ sweeps: 0, bytes: 0 }, 0]);
});

test('a browser that keeps nothing has no store', async () => {
  expect(await openBrowserStore()).toBeUndefined();
  vi.stubGlobal('indexedDB', {
    open: () => {
      throw new DOMException('denied', 'SecurityError');
    },
  });
  expect(await openBrowserStore()).toBeUndefined();
});

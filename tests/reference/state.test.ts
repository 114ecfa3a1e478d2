import { expect, test } from 'vitest';
import {
  beginningState,
  STATE,
  STATE_ENTRIES,
  STATE_LENGTH,
  stateOfWords,
  wordsOfState,
} from '../../src/reference/state';

test('a state lies word by word in the order of the list', () => {
  expect(Object.entries(STATE)).toEqual(STATE_ENTRIES.map(([name], at) => [name, at]));
  expect(STATE_LENGTH).toBe(Object.keys(STATE).length);
});

test('a trial begins at step 0, has not diverged, and has recorded nothing', () => {
  const { [STATE.divergedAt]: divergedAt, ...others } = { ...beginningState() };
  expect(divergedAt).toBe(-1);
  expect(new Set(Object.values(others))).toEqual(new Set([0]));
  expect(beginningState({ clock: 7, lossMin: 0.5 })).toEqual(
    Object.assign(beginningState(), { [STATE.clock]: 7, [STATE.lossMin]: 0.5 }),
  );
});

test('counts, a step or −1 and float32 numbers are what they were after they were words', () => {
  const state = beginningState({
    clock: 0xfffffffe,
    divergedAt: 2 ** 31 - 1,
    recorded: 2 ** 31,
    lossInitial: NaN,
    lossLast: Infinity,
    lossMin: -0,
    lossMax: Math.fround(0.1),
  });
  for (const each of [state, beginningState()]) expect(stateOfWords(wordsOfState(each))).toEqual(each);
  expect(wordsOfState(beginningState())[STATE.divergedAt], 'never').toBe(0xffffffff);
  expect(wordsOfState(state)[STATE.lossLast]).toBe(0x7f800000);
});

test('words that lie within longer ones are read where they lie', () => {
  const state = beginningState({ clock: 3, lossMax: 2 });
  const words = Uint32Array.from([9, ...wordsOfState(state), 9]);
  expect(stateOfWords(words.subarray(1, -1))).toEqual(state);
});

import { describe, expect, test } from 'vitest';
import { Setbacks } from '../../src/scheduler/setbacks';
import { EngineFaultError, EngineLostError } from '../../src/training/engine';
import { FakeEngine, FakeLog, FakeTime } from './fake_engine';

const engine = new FakeEngine(new FakeLog(), new FakeTime());
const lost = new EngineLostError('gone');
const fault = new EngineFaultError('wrong');
const full = new EngineFaultError('full', { outOfMemory: true });

function setbacks() {
  const words: string[] = [];
  return { words, met: new Setbacks((what) => words.push(what)) };
}

describe('setbacks', () => {
  test('a first fault is tried again in the same way, a second one in another', () => {
    const { met, words } = setbacks();
    expect(met.after(engine, fault)).toBeUndefined();
    expect(met.after(engine, fault)).toBe(fault);
    expect(words).toEqual(['none, reference engine: wrong. Trained again.']);
    met.overcome();
    expect(met.after(engine, fault)).toBeUndefined();
  });

  test('want of memory is met with less, as long as there is less', () => {
    const { met, words } = setbacks();
    for (const less of ['in 64 MiB', 'in 32 MiB'])
      expect(met.after(engine, full, () => less)).toBeUndefined();
    expect(met.after(engine, full)).toBe(full);
    expect(words).toEqual([
      'none, reference engine: full. Trained again in 64 MiB.',
      'none, reference engine: full. Trained again in 32 MiB.',
    ]);
  });

  test('a lost device is replaced three times in a row', () => {
    const { met, words } = setbacks();
    for (let time = 0; time < 3; time += 1) expect(met.after(engine, lost)).toBeUndefined();
    expect(words.at(-1)).toBe('none, reference engine: gone. Trained again on a new device.');
    expect(() => met.after(engine, lost)).toThrow(lost);
  });

  test('what is none is thrown', () => {
    const { met, words } = setbacks();
    const other = new Error('a mistake');
    expect(() => met.after(engine, other)).toThrow(other);
    expect(words).toEqual([]);
  });
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Announcer } from '../../../src/ui/page/announcer';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('of words in quick succession only the last are read out, as they are by then', () => {
  const announcer = new Announcer();
  const heard: string[] = [];
  announcer.addEventListener('change', () => heard.push(announcer.text));
  let outcome = 'waiting';
  announcer.say(() => 'first');
  vi.advanceTimersByTime(200);
  announcer.say(() => outcome);
  vi.advanceTimersByTime(200);
  outcome = 'converged';
  vi.advanceTimersByTime(200);
  expect(heard).toEqual(['converged']);
});

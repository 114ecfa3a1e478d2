import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LinkHistory } from '../../../src/ui/page/link_history';

/** The entries of a browser's history, of which the last is shown. */
function browser() {
  const entries = ['#a'];
  const history = {
    busy: false,
    pushState: (_: unknown, __: string, link: string) => void (history.busy || entries.push(link)),
    replaceState: (_: unknown, __: string, link: string) =>
      void (history.busy || (entries[entries.length - 1] = link)),
  };
  return { entries, history, link: new LinkHistory('#a', history, () => entries.at(-1)!) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('every change is a step, and those of one thing within a second are one', () => {
  const { entries, link } = browser();
  link.write('#b', 'steps');
  vi.advanceTimersByTime(900);
  link.write('#c', 'steps');
  vi.advanceTimersByTime(900);
  link.write('#d', 'steps');
  expect(entries).toEqual(['#a', '#d']);
  link.write('#e', 'momentum');
  vi.advanceTimersByTime(1100);
  link.write('#f', 'momentum');
  expect(entries).toEqual(['#a', '#d', '#e', '#f']);
});

test('what changes nothing is no step', () => {
  const { entries, link } = browser();
  link.write('#a', 'steps');
  expect(entries).toEqual(['#a']);
});

test('after Back a change is a step of its own', () => {
  const { entries, link } = browser();
  link.write('#b', 'steps');
  link.follow('#a');
  link.write('#c', 'steps');
  expect(entries).toEqual(['#a', '#b', '#c']);
});

test('what the browser ignored, as it came too fast, is written later', () => {
  const { entries, history, link } = browser();
  link.write('#b', 'at');
  history.busy = true;
  link.write('#c', 'at');
  expect(entries).toEqual(['#a', '#b']);
  history.busy = false;
  vi.advanceTimersByTime(1000);
  expect(entries).toEqual(['#a', '#c']);
});

test('a link that no address bar takes leaves the address as it was, and is not tried again', () => {
  const { entries, link } = browser();
  link.write(`#${'x'.repeat(2_000_001)}`, 'data');
  vi.advanceTimersByTime(10_000);
  expect(entries).toEqual(['#a']);
  link.write('#b', 'data');
  vi.advanceTimersByTime(1000);
  expect(entries.at(-1)).toBe('#b');
});

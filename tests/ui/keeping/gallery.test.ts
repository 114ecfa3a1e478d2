import { afterEach, expect, test, vi } from 'vitest';
import { Gallery, LONGEST_NAME } from '../../../src/ui/keeping/gallery';
import { storeInMemory } from '../../browser_store';

afterEach(() => void vi.unstubAllGlobals());

const view = (name: string) => ({ name, link: `#map?preset=${name}`, thumbnail: 'data:image/png;base64,' });
const names = (gallery: Gallery) => gallery.views.map(({ name }) => name);

test('views are saved, the latest first, and are there when the page is opened again', async () => {
  const store = await storeInMemory();
  const gallery = new Gallery(Promise.resolve(store), () => 7);
  let changes = 0;
  gallery.addEventListener('change', () => (changes += 1));
  for (const name of ['a', ' b ', 'c'.repeat(200)]) await gallery.save(view(name));
  expect(names(gallery)).toEqual(['c'.repeat(LONGEST_NAME), 'b', 'a']);
  expect(changes).toBeGreaterThanOrEqual(3);
  const again = new Gallery(Promise.resolve(store));
  await again.rename(again.views[0]?.id ?? 0, '');
  expect(names(again)).toEqual(names(gallery));
  expect(again.views[2]).toMatchObject({ link: '#map?preset=a', saved: 7 });
});

test('a view is renamed; an empty name leaves the old one', async () => {
  const gallery = new Gallery(storeInMemory());
  await gallery.save(view('a'));
  const { id } = gallery.views[0]!;
  await gallery.rename(id, 'the edge');
  expect(names(gallery)).toEqual(['the edge']);
  await gallery.rename(id, '  ');
  expect(names(gallery)).toEqual(['the edge']);
});

test('what was deleted comes back, where it was, one after the other', async () => {
  const gallery = new Gallery(storeInMemory());
  for (const name of ['a', 'b', 'c']) await gallery.save(view(name));
  for (const { id } of gallery.views.slice(1)) await gallery.delete(id);
  expect([names(gallery), gallery.deleted.map(({ name }) => name)]).toEqual([['c'], ['b', 'a']]);
  await gallery.undo();
  expect(names(gallery)).toEqual(['c', 'a']);
  await gallery.undo();
  await gallery.undo();
  expect([names(gallery), gallery.deleted]).toEqual([['c', 'b', 'a'], []]);
});

test('what the browser does not keep is said, until it does', async () => {
  const store = await storeInMemory();
  let isFull = true;
  const full = () => Promise.reject(new DOMException('no room', 'QuotaExceededError'));
  const filling = new Proxy(store, {
    get(of, name) {
      const member: unknown = Reflect.get(of, name);
      if (name === 'add' && isFull) return full;
      return typeof member === 'function' ? member.bind(of) : member;
    },
  });
  const gallery = new Gallery(Promise.resolve(filling));
  await gallery.save(view('a'));
  expect([gallery.problem, names(gallery)]).toEqual(['This browser does not keep it: no room', []]);
  isFull = false;
  await gallery.save(view('a'));
  expect([gallery.problem, names(gallery)]).toEqual([undefined, ['a']]);
});

test('without a store there is nothing to save to', async () => {
  const gallery = new Gallery(Promise.resolve(undefined));
  await gallery.save(view('a'));
  expect([gallery.isPossible, gallery.views, gallery.problem]).toEqual([false, [], undefined]);
});

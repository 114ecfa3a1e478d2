import { expect, test } from 'vitest';
import { Room } from '../../src/scheduler/room';

const turns = () => new Promise((resolve) => setTimeout(resolve));

/** Asks for room, and tells whether it has been given. */
function asking(room: Room, bytes: number) {
  const asked = { given: false };
  void room.take(bytes).then(() => (asked.given = true));
  return asked;
}

test('who finds no room waits until there is', async () => {
  const room = new Room(10);
  await room.take(6);
  const [large, small] = [asking(room, 5), asking(room, 4)];
  await turns();
  expect([large.given, small.given]).toEqual([false, true]);
  room.giveBack(4);
  await turns();
  expect(large.given).toBe(false);
  room.giveBack(6);
  await turns();
  expect(large.given).toBe(true);
});

test('who is alone has room, however much it takes', async () => {
  const room = new Room(10);
  const first = asking(room, 100);
  const second = asking(room, 1);
  await turns();
  expect([first.given, second.given]).toEqual([true, false]);
});

test('less room counts for those who come then', async () => {
  const room = new Room(10);
  await room.take(4);
  room.bytes = 5;
  const other = asking(room, 4);
  await turns();
  expect(other.given).toBe(false);
});

import { expect, test } from 'vitest';
import type { Replay } from '../../../src/service/replay';
import { Replays } from '../../../src/ui/map/replays';
import { FakeClient } from './fake_client';

const REPLAY = { steps: 1 } as Replay;

test('trials are asked for once, and waited for until they come', () => {
  const client = new FakeClient();
  const replays = new Replays({ client: client as never });
  let changes = 0;
  replays.addEventListener('change', () => (changes += 1));
  replays.ask([3, 15]);
  expect([client.news, [...replays.waiting]]).toEqual([['replay 3,15'], [3, 15]]);
  replays.keep(3, REPLAY);
  expect([replays.known.get(3), [...replays.waiting], changes]).toEqual([REPLAY, [15], 2]);
  replays.ask([3]);
  expect([client.news, [...replays.waiting]]).toEqual([[], []]);
  replays.ask([3, 4]);
  expect(client.news).toEqual(['replay 4']);
  replays.begin();
  replays.ask([3]);
  expect([client.news, replays.known.size]).toEqual([['replay 3'], 0]);
});

test('of very many the latest are kept', () => {
  const replays = new Replays({ client: new FakeClient() as never });
  for (let trial = 0; trial < 100; trial += 1) replays.keep(trial, REPLAY);
  expect([replays.known.size, replays.known.has(99), replays.known.has(60)]).toEqual([32, true, false]);
});

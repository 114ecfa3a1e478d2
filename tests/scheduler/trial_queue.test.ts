import { describe, expect, test } from 'vitest';
import { TrialQueue } from '../../src/scheduler/trial_queue';
import type { Kind } from '../../src/scheduler/trial_plans';

/** Trials whose plan is the rest by `kinds`, and which of them were looked at. */
function queueOf(levels: readonly Iterable<number>[], kinds = 2) {
  const looked: number[] = [];
  const all: Kind[] = Array.from({ length: kinds }, (_, trial) => ({ key: `${trial}`, trial }));
  const queue = new TrialQueue({ levels: () => levels }, (trial) => {
    looked.push(trial);
    return all[trial % kinds]!;
  });
  const take = (count: number, taken = count) => {
    const group = queue.next();
    if (!group) return undefined;
    const first = queue.first(group, count);
    const trials = [...queue.take(group, Math.min(taken, first.length))];
    expect(trials).toEqual(first.slice(0, taken));
    return trials;
  };
  return { queue, take, looked, kinds: all };
}

function* upTo(end: number): Iterable<number> {
  for (let trial = 0; trial < end; trial += 1) yield trial;
}

describe('trials that wait', () => {
  test('are taken plan by plan, in turns, each in its order', () => {
    const { take } = queueOf([upTo(12)]);
    expect([take(2), take(3), take(9), take(1), take(9), take(9)]).toEqual([
      [0, 2],
      [1, 3, 5],
      [4, 6, 8, 10],
      [7],
      [9, 11],
      undefined,
    ]);
  });

  test('of a level come before those of the next, with which they are not mixed', () => {
    const { take } = queueOf([[], [0, 1, 2], [], [4, 3, 5]]);
    expect([take(9), take(9), take(9), take(9), take(9)]).toEqual([[0, 2], [1], [4], [3, 5], undefined]);
  });

  test('stay where fewer are taken than were seen', () => {
    const { take } = queueOf([upTo(6)]);
    expect([take(3, 1), take(3, 2), take(3), take(3), take(1)]).toEqual([
      [0],
      [1, 3],
      [2, 4],
      [5],
      undefined,
    ]);
  });

  test('are looked at only as far as they are wanted', () => {
    const { take, looked } = queueOf([upTo(1e12)]);
    take(3);
    expect(looked).toEqual([0, 1, 2, 3, 4]);
    take(2);
    expect(looked).toHaveLength(5);
  });

  test('of a rare plan are not looked for among more than a million others', () => {
    function* rare(): Iterable<number> {
      yield 0;
      for (let trial = 1; trial < 3e6; trial += 2) yield trial;
      yield 2;
    }
    const { take, looked } = queueOf([rare()]);
    expect(take(2)).toEqual([0]);
    expect(looked).toHaveLength(2 ** 20);
    expect(take(2e6)).toHaveLength(2 ** 20);
  });

  test('again come first, the latest before the others', () => {
    const { queue, take, kinds } = queueOf([upTo(4)]);
    take(1);
    queue.putBack(kinds[0]!, [0]);
    queue.putBack(kinds[1]!, []);
    queue.putBack(kinds[1]!, [7, 5]);
    expect([take(1), take(9), take(9), take(9), take(9), take(9)]).toEqual([
      [7],
      [0],
      [5],
      [1, 3],
      [2],
      undefined,
    ]);
  });
});

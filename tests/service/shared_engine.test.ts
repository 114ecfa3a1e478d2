import { expect, test } from 'vitest';
import { SharedEngine } from '../../src/service/shared_engine';
import { EngineFaultError, EngineLostError, type Engine } from '../../src/training/engine';
import { openEngine } from '../../src/training/engines';
import { FakeEngine, FakeLog, FakeTime } from '../scheduler/fake_engine';

test('sweeps share an engine, and one that was lost is opened once for all', async () => {
  const opened: Engine[] = [];
  const shared = new SharedEngine(async () => {
    const engine = await openEngine('reference', undefined, true);
    opened.push(engine);
    return engine;
  });
  const [first, second] = [shared.lease(), shared.lease()];
  await first();
  await second();
  expect(opened).toHaveLength(1);
  await first(); // asks again, so it has lost what it had
  await second();
  expect(opened).toHaveLength(2);
});

/** An engine to share, the logs of those that were made, and with which fault each was asked for. */
function shared() {
  const logs: FakeLog[] = [];
  const faults: (EngineFaultError | undefined)[] = [];
  const words: string[] = [];
  const engine = new SharedEngine(
    async (fault) => {
      faults.push(fault);
      const log = new FakeLog();
      logs.push(log);
      return new FakeEngine(log, new FakeTime());
    },
    (text) => words.push(text),
  );
  return { engine, logs, faults, words };
}

test('a sweep that closes its engine leaves it to the others, until it is closed for all', async () => {
  const { engine, logs } = shared();
  const one = await engine.lease()();
  one.close();
  await engine.lease()();
  expect(logs.map(({ closedEngines }) => closedEngines)).toEqual([0]);
  await engine.close();
  expect(logs.map(({ closedEngines }) => closedEngines)).toEqual([1]);
});

test('work is done again on a new engine where the one it had was lost', async () => {
  const { engine, logs, faults, words } = shared();
  let times = 0;
  const work = async () => {
    times += 1;
    if (times === 1) throw new EngineLostError('lost');
    return times;
  };
  expect(await engine.with(work)).toBe(2);
  expect([logs.length, faults, words.length]).toEqual([2, [undefined, undefined], 1]);
  expect(logs[0]!.closedEngines).toBe(1);
});

test('an engine that computed wrongly twice is replaced by another kind', async () => {
  const { engine, faults } = shared();
  const fault = new EngineFaultError('wrong');
  let times = 0;
  await engine.with(async () => {
    times += 1;
    if (times <= 2) throw fault;
  });
  expect(faults).toEqual([undefined, undefined, fault]);
});

test('an engine that could not be opened is asked for again', async () => {
  let asked = 0;
  const engine = new SharedEngine(async () => {
    asked += 1;
    if (asked === 1) throw new Error('busy');
    return new FakeEngine(new FakeLog(), new FakeTime());
  });
  await expect(engine.open()).rejects.toThrow('busy');
  await expect(engine.open()).resolves.toBeInstanceOf(FakeEngine);
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import { withSide } from '../../src/service/grid_choice';
import { experimentFile, keptTrials, startSweep } from '../cli/commands';
import { Cluster, later, type NodeName } from './cluster';

const SCRIPT = new URL('../../src/cli/cluster/slurm.sh', import.meta.url).pathname;
const PARTS = 8;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start();
});
afterAll(() => cluster?.close());

const resultIn = (out: string) =>
  ['trials.csv', 'map.png', 'experiment.json'].map((name) =>
    readFileSync(join(out, name)).toString('latin1'),
  );

test('the headline plane in eight parts: a task and a node are killed, a daemon too, and the result is that of a single run', async () => {
  const { file, out } = experimentFile(withSide(presetExperiment('init-gain'), 24));
  const whole = `${out}-whole`;
  expect(await startSweep([file, '--out', whole]).ended).toEqual({ status: 0, stdout: '', stderr: '' });

  const printed = await cluster.call(SCRIPT, file, out, `${PARTS}`, `--output=${cluster.logs}/%x-%A_%a.log`);
  const [, array, merge] = /(\d+) trains, (\d+) joins$/.exec(printed)!;
  const folderOf = (part: number) => join(out, `part-${part}-of-${PARTS}`);
  const isWhole = (part: number) => existsSync(join(folderOf(part), 'part.json'));
  const killed = new Set<number>();

  /** A part that has some trials and not all, and no other kill behind it. */
  const partUnderWay = async (): Promise<number> => {
    for (;;) {
      for (let part = 0; part < PARTS; part += 1)
        if (!killed.has(part) && keptTrials(folderOf(part)) > 0 && !isWhole(part)) return part;
      await later();
    }
  };
  const detail = async (part: number, field: string) => {
    const text = await cluster.call('scontrol', 'show', 'job', `${array}_${part}`);
    return new RegExp(`\\b${field}=(\\S*)`).exec(text)?.[1];
  };
  /** Kills parts until one of them was not whole when it went. */
  const killOne = async (how: (part: number, node: NodeName) => Promise<unknown> | void): Promise<number> => {
    for (;;) {
      const part = await partUnderWay();
      killed.add(part);
      await how(part, (await detail(part, 'NodeList')) as NodeName);
      if (!isWhole(part)) return part;
    }
  };

  // The sweep alone, which the script then puts back: without its step a signal would cancel the task for good.
  const first = await killOne((part) => cluster.call('scancel', '--signal=KILL', `${array}_${part}.0`));
  const second = await killOne((_part, node) => cluster.killNode(node));
  await killOne((_part, node) => cluster.killDaemon(node));

  while ((await cluster.call('squeue', '-h', '-j', `${array},${merge}`, '-o', '%i')) !== '') await later();
  for (let part = 0; part < PARTS; part += 1) expect(await detail(part, 'JobState')).toBe('COMPLETED');
  for (const part of [first, second]) expect(Number(await detail(part, 'Restarts'))).toBeGreaterThan(0);
  expect(await cluster.call('scontrol', 'show', 'job', merge!)).toContain('JobState=COMPLETED');
  expect(resultIn(out)).toEqual(resultIn(whole));
});

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import { withSide } from '../../src/service/grid_choice';
import { experimentFile, startSweep } from '../cli/commands';
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

  const submit = async () => {
    const printed = await cluster.call(
      SCRIPT,
      file,
      out,
      `${PARTS}`,
      `--output=${cluster.logs}/%x-%A_%a.log`,
    );
    const [, array = '', merge = ''] = /(\d+) trains, (\d+) joins$/.exec(printed)!;
    return { array, merge };
  };
  const ended = async (...jobs: readonly string[]) => {
    while ((await cluster.call('squeue', '-h', '-j', jobs.join(), '-o', '%i')) !== '') await later();
  };
  const stateOf = (job: string) => cluster.call('scontrol', 'show', 'job', job);
  const { array, merge } = await submit();
  const folderOf = (part: number) => join(out, `part-${part}-of-${PARTS}`);
  const killed = new Set<number>();

  /** A part that trains, with no other kill behind it. */
  const partUnderWay = async (): Promise<number> => {
    for (;;) {
      for (let part = 0; part < PARTS; part += 1) {
        const begun = existsSync(join(folderOf(part), 'checkpoint.jsonl'));
        if (!begun || killed.has(part)) continue;
        killed.add(part);
        return part;
      }
      await later();
    }
  };
  const detail = async (part: number, field: string) => {
    const text = await stateOf(`${array}_${part}`);
    return new RegExp(`\\b${field}=(\\S*)`).exec(text)?.[1];
  };
  const nodeOf = async (part: number) => (await detail(part, 'NodeList')) as NodeName;

  const restarted = await partUnderWay();
  await cluster.call('scancel', '--signal=KILL', `${array}_${restarted}`);
  while ((await detail(restarted, 'JobState')) === 'RUNNING') await later();
  await cluster.call('scontrol', 'requeue', `${array}_${restarted}`);
  const moved = await partUnderWay();
  cluster.killNode(await nodeOf(moved));
  cluster.killDaemon(await nodeOf(await partUnderWay()));

  await ended(array, merge);
  for (let part = 0; part < PARTS; part += 1) expect(await detail(part, 'JobState')).toBe('COMPLETED');
  for (const part of [restarted, moved]) expect(Number(await detail(part, 'Restarts'))).toBeGreaterThan(0);

  // A task that was cancelled takes with it the job that waits for all; then it is the same call once more.
  const descriptions = () => Array.from({ length: PARTS }, (_, part) => descriptionIn(folderOf(part)));
  const before = descriptions();
  const again = await submit();
  await ended(again.array, again.merge);
  expect(descriptions(), 'no part is trained again').toEqual(before);
  expect(await stateOf(again.merge)).toContain('JobState=COMPLETED');
  expect(resultIn(out)).toEqual(resultIn(whole));
});

/** What a whole part says of itself, and since when. */
function descriptionIn(folder: string) {
  const file = join(folder, 'part.json');
  return { text: readFileSync(file, 'utf8'), since: statSync(file).mtimeMs };
}

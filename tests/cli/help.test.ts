import { describe, expect, test } from 'vitest';
import { version } from '../../package.json';
import { SWEEP_USAGE } from '../../src/cli/args';
import { BENCH_USAGE } from '../../src/cli/bench_args';
import { MERGE_USAGE } from '../../src/cli/merge';
import { EXIT } from '../../src/cli/exit.mjs';
import { answerTo } from '../../src/cli/help';
import { KERNEL_NAMES } from '../../src/bench/kernel_bench';
import { ENGINE_NAMES } from '../../src/training/engines';
import { startCommand } from './commands';

const VERSION = `normscape ${version}\n`;

describe.each([
  ['sweep', SWEEP_USAGE, ['EXPERIMENT.json', ...ENGINE_NAMES, 'from 16 to 65536 (default: 256)', 'goes on']],
  ['merge', MERGE_USAGE, ['DIR', 'map.png of what there is']],
  ['bench', BENCH_USAGE, [...KERNEL_NAMES, 'square-512', "A'", 'from 1 to 1048576 (default: 1024)']],
] as const)('%s', (name, usage, words) => {
  test('help names the call, every option with what it may be, and every exit status', async () => {
    const { status, stdout, stderr } = await startCommand(name, ['--help']).ended;
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(new RegExp(`^usage: ${name} `));
    for (const [option, what] of Object.entries({ ...usage.allowed, ...usage.flags }))
      expect(stdout.split('\n').find((line) => line.startsWith(`  --${option} `))).toContain(what);
    for (const exit of Object.values(EXIT)) expect(stdout).toMatch(new RegExp(`^  ${exit} +\\w`, 'm'));
    for (const word of words) expect(stdout).toContain(word);
  });

  test('version', async () => {
    const { status, stdout, stderr } = await startCommand(name, ['--version']).ended;
    expect([status, stdout, stderr]).toEqual([0, VERSION, '']);
  });

  test.each([
    [['--fast', '--help']],
    [['--trials=0', '--engine', 'warp', '--help']],
    [['--out', '--help']],
    [['a.json', 'b.json', '--help', '--help']],
    [['--version', '--help']],
  ])('%j asks for help, whatever else is wrong', (args) => {
    expect(answerTo(args, usage)).toMatch(/^usage: /);
    const others = args.filter((arg) => arg !== '--help');
    expect(answerTo([...others, '--version'], usage)).toBe(VERSION);
  });

  test('neither is asked for', () => {
    expect(answerTo(['a.json', '--out=--help', '--quick'], usage)).toBeUndefined();
  });
});

test.each([
  ['no command', ''],
  ['an unknown command', 'train'],
])('%s is wrong, and help is named', async (_, name) => {
  const { status, stdout, stderr } = await startCommand(name, []).ended;
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(
    new RegExp(`^command: found "${name}", allowed: sweep, merge, bench \\(.*--help\\)\\n$`),
  );
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCommand, temporaryFolder } from './commands';

test('tables on standard output, and the same as JSON', async () => {
  const file = join(temporaryFolder(), 'bench.json');
  const args = ['--quick', '--kernel', 'norms', '--size', 'tiny', '--workload', 'D', '--trials', '3'];
  const { status, stdout, stderr } = await startCommand('bench', [...args, '--json', file]).ended;
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^Measured \S+ on .*\(software adapter\)/);
  expect(stdout).toMatch(/^\| norms \| 2 trials, 12 × 8 \|/m);
  expect(stdout).toMatch(/^\| D \| chain/m);
  const report: unknown = JSON.parse(readFileSync(file, 'utf8'));
  expect(report).toMatchObject({
    format: 'normscape/bench',
    version: 1,
    adapter: { software: true },
    clock: { method: 'timestamps' },
    kernels: [{ kernel: 'norms', size: 'tiny', trials: 2 }],
    engines: [{ engine: 'fused', trials: 3 }, { engine: 'layered' }, { engine: 'reference' }],
  });
});

test('with --scale, what a trial costs in small and large sweeps, and the memory of it', async () => {
  const file = join(temporaryFolder(), 'scale.json');
  const { status, stdout, stderr } = await startCommand('bench', ['--scale', '--quick', '--json', file])
    .ended;
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^Sweeps of .*\(software adapter\), 256 MiB allowed$/m);
  expect(stdout).toMatch(/^\| 1,024 \| [\d,]+ \| \d+ ns \| 1\.00× \| [\d.]+ MiB \|$/m);
  const report: { memory: number; sizes: { trials: number; nanoseconds: number; peak: number }[] } =
    JSON.parse(readFileSync(file, 'utf8'));
  expect(report.sizes.map(({ trials }) => trials)).toEqual([1024, 4096]);
  for (const { nanoseconds, peak } of report.sizes) {
    expect(nanoseconds).toBeGreaterThan(0);
    expect(peak).toBeGreaterThan(0);
    expect(peak).toBeLessThanOrEqual(report.memory);
  }
});

test.each([
  ['an unknown kernel', ['--kernel', 'fft'], '--kernel'],
  ['a file in no folder', ['--json', '/nonexistent/b.json'], '--json'],
  ['a file that is a folder', ['--json', '.'], '--json'],
])('%s: one line', async (_name, args, named) => {
  const { status, stdout, stderr } = await startCommand('bench', args).ended;
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^[^\n]+\n$/);
  expect(stderr).toContain(`${named}: found`);
});

test('no adapter', async () => {
  const file = join(temporaryFolder(), 'bench.json');
  const bench = startCommand('bench', ['--json', file], { VK_DRIVER_FILES: '/nonexistent' });
  const { status, stdout, stderr } = await bench.ended;
  expect([status, stdout]).toEqual([3, '']);
  expect(stderr).toMatch(/^WebGPU found no usable graphics adapter; .*nothing to measure$/m);
  expect(existsSync(file)).toBe(false);
});

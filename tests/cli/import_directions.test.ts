import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';

/** For each room, a room that it must not import: a lint rule that is never broken may as well be dead. */
const WRONG = [
  ['reference', 'experiment'],
  ['theory', 'training'],
  ['experiment', 'kernels'],
  ['gpu', 'kernels'],
  ['kernels', 'training'],
  ['training', 'scheduler'],
  ['scheduler', 'ui'],
  ['measures', 'scheduler'],
  ['ui', 'cli'],
  ['cli', 'ui'],
] as const;

const project = mkdtempSync(join(tmpdir(), 'normscape-lint-'));
copyFileSync('.oxlintrc.json', join(project, '.oxlintrc.json'));
afterAll(() => rmSync(project, { recursive: true }));

test.each(WRONG)('%s may not import %s', (room, other) => {
  const folder = join(project, 'src', room);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'probe.ts'), `import { x } from '../${other}/x';\nexport const y = x;\n`);
  const { stdout, status } = spawnSync(resolve('node_modules/.bin/oxlint'), [`src/${room}/probe.ts`], {
    cwd: project,
    encoding: 'utf8',
  });
  expect(stdout).toContain('no-restricted-imports');
  expect(status).toBe(1);
});

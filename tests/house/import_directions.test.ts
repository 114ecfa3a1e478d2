import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';

/** What each room may import: the architecture, as `src/README.md` draws it. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  experiment: [], // but for reference/philox
  reference: [],
  theory: [],
  gpu: [],
  kernels: ['gpu', 'reference'],
  training: ['kernels', 'gpu', 'reference', 'experiment'],
  measures: ['training', 'experiment'],
  scheduler: ['training', 'experiment'],
  bench: ['training', 'kernels', 'gpu', 'reference', 'experiment'],
  service: ['scheduler', 'measures', 'bench', 'training', 'gpu', 'experiment'],
  view: ['scheduler', 'measures', 'bench', 'training', 'gpu', 'experiment'],
  ui: ['service', 'view', 'theory', 'scheduler', 'measures', 'bench', 'training', 'gpu', 'experiment'],
  cli: ['service', 'view', 'scheduler', 'measures', 'bench', 'training', 'gpu', 'experiment'],
};
const ROOMS = Object.keys(MAY_IMPORT);

const project = mkdtempSync(join(tmpdir(), 'normscape-lint-'));
copyFileSync('.oxlintrc.json', join(project, '.oxlintrc.json'));
afterAll(() => rmSync(project, { recursive: true }));

test('every room has its rule', () => {
  const rooms = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(rooms.map(({ name }) => name).sort()).toEqual(ROOMS.toSorted());
});

/** A lint rule that is never broken may as well be dead: each is broken here, from a folder of the room. */
test.each(ROOMS)('%s imports what it may, and nothing else', (room) => {
  const folder = join(project, 'src', room, 'folder');
  mkdirSync(folder, { recursive: true });
  for (const other of ROOMS.filter((name) => name !== room))
    writeFileSync(
      join(folder, `${other}.ts`),
      `import { x } from '../../${other}/x';\nexport const y = x;\n`,
    );
  const { stdout } = spawnSync(resolve('node_modules/.bin/oxlint'), ['--format=unix', `src/${room}`], {
    cwd: project,
    encoding: 'utf8',
  });
  const refused = [...stdout.matchAll(/folder\/(\w+)\.ts:.*no-restricted-imports/g)].map(
    ([, other]) => other,
  );
  const allowed = MAY_IMPORT[room]!;
  expect(new Set(refused)).toEqual(
    new Set(ROOMS.filter((other) => other !== room && !allowed.includes(other))),
  );
});

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** What each room may import: the architecture, as `src/README.md` draws it. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  experiment: [], // but for reference/philox
  reference: [],
  theory: [],
  gpu: [],
  kernels: ['gpu', 'reference'],
  training: ['kernels', 'gpu', 'reference', 'experiment'],
  measures: ['training', 'reference', 'theory', 'experiment'],
  scheduler: ['measures', 'training', 'experiment'],
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
let complaints: string;
beforeAll(() => {
  for (const room of ROOMS) {
    const folder = join(project, 'src', room, 'folder');
    mkdirSync(folder, { recursive: true });
    for (const other of ROOMS.filter((name) => name !== room))
      writeFileSync(
        join(folder, `${other}.ts`),
        `import { x } from '../../${other}/x';\nexport const y = x;\n`,
      );
  }
  const linter = resolve('node_modules/.bin/oxlint');
  complaints = spawnSync(linter, ['--format=unix', 'src'], { cwd: project, encoding: 'utf8' }).stdout;
});

test.each(ROOMS)('%s imports what it may, and nothing else', (room) => {
  const refused = [
    ...complaints.matchAll(new RegExp(`src/${room}/folder/(\\w+)\\.ts:.*no-restricted-imports`, 'g')),
  ].map(([, other]) => other);
  const allowed = MAY_IMPORT[room]!;
  expect(new Set(refused)).toEqual(
    new Set(ROOMS.filter((other) => other !== room && !allowed.includes(other))),
  );
});

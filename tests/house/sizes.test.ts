import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Lines of a file that people read; a longer one is about more than one thing. */
const MOST_LINES = 400;

test(`no file has more than ${MOST_LINES} lines`, () => {
  const files = ['src', 'shaders', 'tests'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|mjs|wgsl|css|py)$/.test(name))
      .map((name) => join(folder, name)),
  );
  const lines = files.map((file) => [file, readFileSync(file, 'utf8').split('\n').length - 1] as const);
  expect(lines.length).toBeGreaterThan(300);
  expect(lines.filter(([, count]) => count > MOST_LINES)).toEqual([]);
});

// The command line as one JavaScript file. Plain JavaScript, because nothing has been compiled yet when it runs.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** What the file is made of; the lock file stands for the packages. */
const SOURCES = ['package.json', 'package-lock.json', 'src', 'shaders'];

/**
 * Compiles `src/cli/main.ts` with all that it imports but Node's modules and the native package `webgpu`.
 * @returns {Promise<string>}
 */
export async function compileCommandLine() {
  const { build } = await import('vite'); // which takes longer to load than all the rest
  const result = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true, external: ['webgpu'] },
    build: { ssr: 'src/cli/main.ts', write: false, minify: false, target: 'node20' },
  });
  if (Array.isArray(result) || !('output' in result)) throw new Error('Vite built more than one thing');
  const [main, ...others] = result.output;
  if (others.length > 0) throw new Error(`The command line is more than one file: ${others[0]?.fileName}`);
  return main.code;
}

/**
 * The compiled command line, as a file; compiled anew only when a source has changed.
 * @returns {Promise<string>} its path
 */
export async function compiledCommandLine() {
  const folder = join(root, 'node_modules/.cache/normscape');
  const file = join(folder, `cli-${hashOfSources()}.mjs`);
  if (existsSync(file)) return file;
  const code = await compileCommandLine();
  mkdirSync(folder, { recursive: true });
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, code);
  renameSync(partial, file); // another process that runs the file never sees half of it
  return file;
}

function hashOfSources() {
  const hash = createHash('sha256').update(process.version);
  for (const source of SOURCES) {
    const path = join(root, source);
    const names = source.includes('.')
      ? ['']
      : readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
    for (const name of names.filter((name) => name === '' || name.includes('.')))
      hash.update(`\0${source}/${name}\0`).update(readFileSync(join(path, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

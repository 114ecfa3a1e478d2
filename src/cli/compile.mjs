// The command line as one JavaScript file. Plain JavaScript, because nothing has been compiled yet when it runs.
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * Compiles `src/cli/main.ts` with all that it imports but Node's modules and the native package `webgpu`.
 * @returns {Promise<string>}
 */
export async function compileCommandLine() {
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

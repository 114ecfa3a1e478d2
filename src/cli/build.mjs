// Writes the compiled command line to dist/cli/normscape.mjs, for machines on which it is not to be compiled again.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileCommandLine, root } from './compile.mjs';

const folder = join(root, 'dist/cli');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'normscape.mjs'), await compileCommandLine());

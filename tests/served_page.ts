import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, mergeConfig, preview, type InlineConfig } from 'vite';

export interface ServedPage {
  address: string;
  close(): Promise<void>;
}

/**
 * Builds the page into a folder of its own and serves it to this machine.
 * @param config where it is another page than the project's
 */
export async function servePage(config: InlineConfig = {}): Promise<ServedPage> {
  const outDir = await mkdtemp(join(tmpdir(), 'normscape-'));
  const shared = mergeConfig(config, { logLevel: 'error', build: { outDir, emptyOutDir: true } });
  await build(shared);
  const server = await preview({ ...shared, preview: { port: 0 } });
  const address = server.resolvedUrls?.local[0];
  if (!address) throw new Error('The preview server has no address');
  return {
    address,
    async close() {
      await server.close();
      await rm(outDir, { recursive: true });
    },
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, preview } from 'vite';

export interface ServedPage {
  address: string;
  close(): Promise<void>;
}

/** Builds the page into a folder of its own and serves it to this machine. */
export async function servePage(): Promise<ServedPage> {
  const outDir = await mkdtemp(join(tmpdir(), 'normscape-'));
  await build({ logLevel: 'error', build: { outDir } });
  const server = await preview({ logLevel: 'error', build: { outDir }, preview: { port: 0 } });
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

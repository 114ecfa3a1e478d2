import * as fake from 'fake-indexeddb';
import { vi } from 'vitest';
import { openBrowserStore, type BrowserStore } from '../src/service/browser_store';

/** A browser's store of its own, in memory; `vi.unstubAllGlobals` takes it away. */
export async function storeInMemory(): Promise<BrowserStore> {
  for (const [name, value] of Object.entries(fake)) if (name.startsWith('IDB')) vi.stubGlobal(name, value);
  vi.stubGlobal('indexedDB', new fake.IDBFactory());
  return (await openBrowserStore())!;
}

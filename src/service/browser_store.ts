import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

/** What the page keeps in the browser. */
export interface StoreSchema extends DBSchema {
  /** Sweeps of which outcomes are kept. */
  sweeps: {
    /** `sweepAddress` of what it is and what made it. */
    key: string;
    value: KeptSweep;
  };
  /** Their outcomes, in the batches in which they came in. */
  outcomes: {
    key: number;
    value: KeptBatch;
    indexes: { address: string };
  };
  /** Saved views, by the order in which they were saved. */
  views: {
    key: number;
    value: SavedView;
  };
}

export interface KeptSweep {
  readonly address: string;
  /** The experiment, as a file has it. */
  readonly document: string;
  /** Milliseconds since 1970 when it was last taken over or added to. */
  readonly used: number;
  /** Of its outcomes. */
  readonly bytes: number;
}

export interface KeptBatch {
  readonly address: string;
  /** As `encodeBatch` writes them, and their SHA-256 in hexadecimal digits. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sum: string;
}

export interface SavedView {
  readonly id: number;
  readonly name: string;
  /** The fragment of its link. */
  readonly link: string;
  /** Milliseconds since 1970. */
  readonly saved: number;
  /** A PNG, as a data URL. */
  readonly thumbnail: string;
}

export type BrowserStore = IDBPDatabase<StoreSchema>;

/** Raised with every change of the schema; what an earlier one holds is then brought over in `upgrade`. */
const VERSION = 1;

/**
 * Opens what the browser keeps for the page.
 * @returns nothing where it keeps nothing, as some do in private windows
 */
export async function openBrowserStore(name = 'normscape'): Promise<BrowserStore | undefined> {
  if (typeof indexedDB === 'undefined') return undefined;
  try {
    return await openDB<StoreSchema>(name, VERSION, {
      upgrade(store) {
        store.createObjectStore('sweeps', { keyPath: 'address' });
        store.createObjectStore('outcomes', { autoIncrement: true }).createIndex('address', 'address');
        store.createObjectStore('views', { keyPath: 'id' });
      },
      // A newer page wants to change the schema: this one keeps nothing any more rather than being in its way.
      blocking: (_now, _wanted, { target }) => target instanceof IDBDatabase && target.close(),
    });
  } catch {
    return undefined;
  }
}

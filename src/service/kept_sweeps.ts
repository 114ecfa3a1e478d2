import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { DamageError, decodeBatch, encodeBatch } from '../scheduler/column_codec';
import { joinBatches, type ResultBatch } from '../scheduler/results';
import type { BrowserStore } from './browser_store';

/** Bytes of outcomes that are kept of all sweeps together. */
export const MOST_KEPT_BYTES = 64 * 2 ** 20;

/** One sweep alone has more outcomes than are kept. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/** The outcomes of sweeps in the browser, so that one that was interrupted goes on where it was; those that were used least lately go first. */
export class KeptSweeps {
  constructor(
    private readonly store: BrowserStore,
    private readonly most = MOST_KEPT_BYTES,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * What is kept of a sweep.
   * @param trials that it has
   * @returns nothing where nothing is
   * @throws DamageError where it is not what was written; it is forgotten then
   */
  async outcomes(address: string, trials: number): Promise<ResultBatch | undefined> {
    const kept = await this.store.get('sweeps', address);
    if (!kept) return undefined;
    const batches = await this.store.getAllFromIndex('outcomes', 'address', address);
    let outcomes: ResultBatch;
    try {
      outcomes = joinBatches(
        batches.map(({ bytes, sum }) => {
          if (sumOf(bytes) !== sum) throw new DamageError('its check sum is another');
          return decodeBatch(bytes, trials);
        }),
      );
    } catch (error) {
      await this.forget(address);
      throw error;
    }
    await this.store.put('sweeps', { ...kept, used: this.now() });
    return outcomes;
  }

  /**
   * Keeps outcomes of finished trials beside those that are kept of the sweep, or begins with them.
   * @param document of the sweep's experiment
   * @throws TooLargeError where the sweep alone has too many, of which none is kept then; DOMException where the browser has no more room
   */
  async add(address: string, document: string, outcomes: ResultBatch): Promise<void> {
    const bytes = encodeBatch(outcomes);
    const transaction = changing(this.store);
    const sweeps = transaction.objectStore('sweeps');
    const before = (await sweeps.get(address))?.bytes ?? 0;
    const own = { address, document, used: this.now(), bytes: before + bytes.byteLength };
    const isTooLarge = own.bytes > this.most;
    if (!isTooLarge) {
      await Promise.all([
        sweeps.put(own),
        transaction.objectStore('outcomes').add({ address, bytes, sum: sumOf(bytes) }),
      ]);
    }
    const others = (await sweeps.getAll()).filter((other) => other.address !== address);
    others.sort((a, b) => b.used - a.used);
    let left = this.most - own.bytes;
    const gone = isTooLarge
      ? [address]
      : others.filter(({ bytes }) => (left -= bytes) < 0).map(({ address }) => address);
    for (const one of gone) await remove(transaction, one);
    await transaction.done;
    if (isTooLarge) throw new TooLargeError(`${own.bytes} bytes, of ${this.most} that are kept`);
  }

  /** Forgets a sweep. */
  async forget(address: string): Promise<void> {
    const transaction = changing(this.store);
    await remove(transaction, address);
    await transaction.done;
  }

  /** Forgets all of them. */
  async forgetAll(): Promise<void> {
    const transaction = changing(this.store);
    await Promise.all([
      transaction.objectStore('sweeps').clear(),
      transaction.objectStore('outcomes').clear(),
    ]);
    await transaction.done;
  }

  /** How many sweeps are kept, and the bytes of their outcomes. */
  async size(): Promise<{ sweeps: number; bytes: number }> {
    const all = await this.store.getAll('sweeps');
    return { sweeps: all.length, bytes: all.reduce((sum, { bytes }) => sum + bytes, 0) };
  }
}

function changing(store: BrowserStore) {
  return store.transaction(['sweeps', 'outcomes'], 'readwrite');
}

async function remove(transaction: ReturnType<typeof changing>, address: string): Promise<void> {
  await transaction.objectStore('sweeps').delete(address);
  const outcomes = transaction.objectStore('outcomes');
  for (const key of await outcomes.index('address').getAllKeys(address)) await outcomes.delete(key);
}

function sumOf(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

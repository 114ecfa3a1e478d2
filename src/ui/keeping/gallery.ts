import type { BrowserStore, SavedView } from '../../service/browser_store';

/** Characters of a view's name. */
export const LONGEST_NAME = 80;

/** Views that a person has saved in this browser, the latest first; `change` follows every change. */
export class Gallery extends EventTarget {
  views: readonly SavedView[] = [];
  /** Deleted since the page was opened and not brought back, the latest last. */
  deleted: readonly SavedView[] = [];
  /** Why the last wish could not be met, in words. */
  problem: string | undefined;
  /** Whether this browser keeps views; nothing before that is known. */
  isPossible: boolean | undefined;
  private readonly opened: Promise<void>;
  private store: BrowserStore | undefined;

  /** @param store where they are kept, once it is open; nothing where there is none */
  constructor(
    store: Promise<BrowserStore | undefined>,
    private readonly now: () => number = Date.now,
  ) {
    super();
    this.opened = this.open(store);
  }

  private async open(store: Promise<BrowserStore | undefined>): Promise<void> {
    this.store = await store;
    this.isPossible = this.store !== undefined;
    await this.change(async () => undefined);
  }

  /** @param thumbnail as a data URL */
  save(view: Pick<SavedView, 'name' | 'link' | 'thumbnail'>): Promise<void> {
    return this.change(async (store) => {
      const saved = this.now();
      // In the order of saving, also where the clock was set back.
      const id = Math.max(saved, (this.views[0]?.id ?? 0) + 1);
      await store.add('views', { ...view, name: tidy(view.name), id, saved });
    });
  }

  /** An empty name leaves the old one. */
  rename(id: number, name: string): Promise<void> {
    return this.change(async (store) => {
      const view = await store.get('views', id);
      if (view && tidy(name)) await store.put('views', { ...view, name: tidy(name) });
    });
  }

  delete(id: number): Promise<void> {
    return this.change(async (store) => {
      const view = await store.get('views', id);
      if (!view) return;
      await store.delete('views', id);
      this.deleted = [...this.deleted, view];
    });
  }

  /** Brings back what was deleted last. */
  undo(): Promise<void> {
    return this.change(async (store) => {
      const view = this.deleted.at(-1);
      if (!view) return;
      await store.put('views', view);
      this.deleted = this.deleted.slice(0, -1);
    });
  }

  /** Also what other windows have done meanwhile is seen then. */
  private async change(action: (store: BrowserStore) => Promise<void>): Promise<void> {
    if (this.isPossible === undefined) await this.opened;
    const { store } = this;
    this.problem = undefined;
    try {
      if (store) {
        await action(store);
        this.views = (await store.getAll('views')).reverse();
      }
    } catch (error) {
      this.problem = `This browser does not keep it: ${error instanceof Error ? error.message : String(error)}`;
    }
    this.dispatchEvent(new Event('change'));
  }
}

function tidy(name: string): string {
  return name.trim().slice(0, LONGEST_NAME);
}

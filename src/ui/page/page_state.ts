import { DamagedLinkError } from '../../experiment/link_seal';
import { presetExperiment } from '../../experiment/presets';
import { fileKind, TABLE } from '../../experiment/file_kind';
import { MOST_DOCUMENT_BYTES, parseExperimentBytes } from '../../experiment/parse';
import { readTable, withTable, type ColumnChoice, type Table } from '../../experiment/table';
import type { Experiment } from '../../experiment/types';
import { openBrowserStore, type BrowserStore } from '../../service/browser_store';
import { GpuTurns } from '../../service/gpu_turns';
import { Lab } from '../../service/lab';
import { consequences } from '../experiment/consequences';
import { controlsOf } from '../experiment/controls';
import { Entries } from '../experiment/entries';
import type { Field } from '../experiment/refusal';
import { Gallery } from '../keeping/gallery';
import { Announcer } from './announcer';
import { LinkHistory } from './link_history';
import type { Source } from './tab';
import { checkView, decodeView, editedView, encodeView, openedView, type ViewState } from './view_state';

/** What the page's state needs of a window. */
export type Browser = Pick<Window, 'location' | 'history' | 'addEventListener'>;

/** A table that was opened, and what its file is called. */
export interface OpenedTable {
  readonly name: string;
  readonly table: Table;
}

/** What all tabs share: the experiment and all else that a link holds, and what is wrong with it; `change` follows every change. */
export class PageState extends EventTarget {
  view: ViewState;
  /** What is wrong with a file or a link; the last good experiment goes on. */
  problem: string | undefined;
  /** A table whose columns are to be chosen. */
  opened: OpenedTable | undefined;
  readonly entries = new Entries();
  readonly turns = new GpuTurns();
  readonly lab = new Lab(this.turns);
  readonly announcer = new Announcer();
  readonly gallery: Gallery;
  private readonly history: LinkHistory;
  /** The hidden layers before all were removed, whose widths come back with them. */
  private layers: readonly number[] | undefined;

  /** @param store what the browser keeps for the page, once it is open */
  constructor(
    private readonly browser: Browser = window,
    readonly store: Promise<BrowserStore | undefined> = openBrowserStore(),
  ) {
    super();
    this.gallery = new Gallery(store);
    const { history, location } = browser;
    this.view = this.readLink() ?? decodeView('');
    this.history = new LinkHistory(this.link, history, () => location.hash);
    // Back and Forward leave the page where it is scrolled to.
    history.scrollRestoration = 'manual';
    browser.addEventListener('hashchange', () => this.followLink());
  }

  /** The fragment of a link to all that the page shows. */
  get link(): string {
    return encodeView(this.view);
  }

  /** The whole link to this view, or to what it is with some of it changed. */
  address(change: Partial<ViewState> = {}): string {
    return new URL(encodeView({ ...this.view, ...change }), this.browser.location.href).href;
  }

  /** @param what was changed, for the history */
  change(what: string, change: Partial<ViewState>): void {
    this.view = { ...this.view, ...change };
    this.history.write(this.link, what);
    this.changed();
  }

  /** A change that cannot be refused, such as by a list; it clears what was refused before. */
  choose(what: string, change: Partial<ViewState>): void {
    this.entries.clear();
    this.change(what, change);
  }

  choosePreset(id: string): void {
    this.open(`preset ${id}`, presetExperiment(id), 'preset');
  }

  /** An experiment, a picture that holds one, or a table of data, whose columns are chosen next. */
  async openFile(file: Blob): Promise<void> {
    this.opened = undefined;
    this.problem = undefined;
    try {
      // One byte more than there may be suffices to refuse a file.
      const bytes = new Uint8Array(await file.slice(0, MOST_DOCUMENT_BYTES + 1).arrayBuffer());
      const name = file instanceof File ? file.name : '';
      if (isTable(bytes, name)) this.opened = { name, table: readTable(bytes) };
      else this.open('file', parseExperimentBytes(bytes), 'file');
    } catch (error) {
      // It may also be a folder, or be gone.
      this.problem = `This file cannot be opened. ${error instanceof Error ? error.message : String(error)}`;
    }
    this.changed();
  }

  /**
   * Takes columns of the table that was opened for the experiment's data.
   * @throws ExperimentError for what the experiment does not allow; then they can be chosen anew
   */
  useTable(choice: ColumnChoice): void {
    if (!this.opened) return;
    const experiment = withTable(this.view.experiment, this.opened.table, choice);
    const view = editedView(this.view, experiment);
    checkView(view);
    this.opened = undefined;
    this.choose('data', view);
  }

  closeTable(): void {
    this.opened = undefined;
    this.changed();
  }

  /** @param id of one of the experiment's controls, into which a text was entered */
  enterControl(id: string, text: string): void {
    const { experiment: before } = this.view;
    const control = controlsOf(before).find((candidate) => candidate.id === id);
    if (!control) return;
    this.attempt(control, text, () => {
      if (before.model.hidden.length > 0) this.layers = before.model.hidden;
      const experiment = control.set(before, text, this.layers);
      checkView({ ...this.view, experiment });
      this.change(id, editedView(this.view, experiment));
      return consequences(before, experiment, id);
    });
  }

  /** @param action makes the entry; it throws an ExperimentError for what is not allowed, and returns what else it changed */
  attempt(field: Field, text: string, action: () => string | void): void {
    if (this.entries.attempt(field, text, this.view.experiment.arms, action)) this.problem = undefined;
    this.changed();
  }

  takeBack(id: string): void {
    this.entries.takeBack(id);
    this.changed();
  }

  /** @param problem in words */
  report(problem: string): void {
    this.problem = problem;
    this.changed();
  }

  dismissProblem(): void {
    this.problem = undefined;
    this.changed();
  }

  private open(what: string, experiment: Experiment, from: Source): void {
    this.problem = undefined;
    this.choose(what, openedView(this.view, experiment, from));
  }

  private readLink(): ViewState | undefined {
    try {
      this.problem = undefined;
      const view = decodeView(this.browser.location.hash);
      checkView(view);
      return view;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.problem = error instanceof DamagedLinkError ? message : `This link cannot be opened. ${message}`;
      return undefined;
    }
  }

  private followLink(): void {
    const view = this.readLink();
    if (view) {
      this.entries.clear();
      this.view = view;
    }
    this.history.follow(this.link);
    this.changed();
  }

  private changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}

/** A table by its beginning, or by its name where the beginning could be anything. */
function isTable(bytes: Uint8Array, name: string): boolean {
  const kind = fileKind(bytes);
  return kind === TABLE || (kind === undefined && /\.[ct]sv$/i.test(name));
}

import { css, html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '../page/copy_button';
import '../page/export_menu';
import type { Export } from '../page/export_menu';
import { follow } from '../page/follow';
import type { PageState } from '../page/page_state';
import { NARROW, PHONE, sharedStyles } from '../page/styles';
import './experiment_controls';
import './preset_list';
import { presetOf } from './preset_of';

/** The experiment as a file, a link, a question to start from, and its settings, which unfold where the window is narrow. */
@customElement('experiment-side')
export class ExperimentSide extends LitElement {
  @property({ attribute: false }) page!: PageState;
  /** Tells which files can be saved. */
  @property({ attribute: false }) exports: () => readonly Export[] = () => [];
  /** Where the window is narrow: the settings are unfolded. */
  @state() private unfolded = false;

  constructor() {
    super();
    follow(this, () => [this.page]);
  }

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 8px;
        min-height: 0;
      }
      .files button,
      .files ::part(button) {
        height: 26px;
        font-size: 0.75rem;
      }
      .files .fold {
        display: none;
      }
      .fold::after {
        content: '';
        display: inline-block;
        margin-left: 6px;
        vertical-align: 2px;
        border: 4px solid transparent;
        border-top-color: currentColor;
        border-bottom-width: 0;
      }
      .settings {
        overflow-y: auto;
        scrollbar-width: thin;
        margin-left: -10px;
      }
      h2 {
        padding: 0 10px;
      }
      .name {
        overflow-wrap: anywhere;
      }
      experiment-controls {
        margin-top: 10px;
      }
      @media ${NARROW} {
        .files .fold {
          display: block;
        }
        .settings {
          display: none;
        }
        .unfolded {
          display: block;
        }
      }
      @media ${PHONE} {
        .files button,
        .files ::part(button) {
          padding: 0 6px;
        }
      }
    `,
  ];

  override render() {
    const { page } = this;
    const { experiment } = page.view;
    return html`
      <div class="files row">
        <button
          class="fold"
          aria-expanded=${this.unfolded}
          aria-controls="settings"
          @click=${() => (this.unfolded = !this.unfolded)}
        >
          Experiment
        </button>
        <button @click=${this.chooseFile}>Open …</button>
        <export-menu .page=${page} .exports=${this.exports}></export-menu>
        <copy-button label="Copy link" .text=${() => page.address()}></copy-button>
        <copy-button
          label="Copy lesson link"
          title="The same view without controls, for a page of your own"
          .text=${() => page.address({ shows: 'maps' })}
        ></copy-button>
        <input
          type="file"
          accept=".json,.png,.csv,.tsv,application/json,image/png,text/csv"
          hidden
          aria-label="Experiment file"
          @change=${this.openFile}
        />
      </div>
      <div id="settings" class="settings ${this.unfolded ? 'unfolded' : ''}">
        <h2>Questions</h2>
        <preset-list
          current=${presetOf(experiment) ?? ''}
          @preset=${({ detail }: CustomEvent<string>) => page.choosePreset(detail)}
        ></preset-list>
        <h2 class="name">${experiment.name}</h2>
        <experiment-controls
          .experiment=${experiment}
          .refusals=${page.entries.refusals}
          .remark=${page.entries.remark}
          @entry=${({ detail }: CustomEvent<{ id: string; text: string }>) =>
            page.enterControl(detail.id, detail.text)}
          @take-back=${({ detail }: CustomEvent<{ id: string }>) => page.takeBack(detail.id)}
        ></experiment-controls>
      </div>
    `;
  }

  private chooseFile(): void {
    this.renderRoot.querySelector<HTMLInputElement>('input[type=file]')?.click();
  }

  private async openFile({ target }: Event): Promise<void> {
    if (!(target instanceof HTMLInputElement)) return;
    const [file] = target.files ?? [];
    if (file) await this.page.openFile(file);
    target.value = '';
  }
}

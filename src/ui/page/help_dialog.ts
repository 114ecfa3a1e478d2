import { css, html, LitElement } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { PHONE, sharedStyles } from './styles';
import type { HelpEntry } from './tab';

/** What can be done here by key, pointer and finger; opened by `?`, closed by Escape. */
@customElement('help-dialog')
export class HelpDialog extends LitElement {
  /** Name of the tab that is open, and what can be done there. */
  @property() heading = '';
  @property({ attribute: false }) entries: readonly HelpEntry[] = [];
  @query('dialog') private dialog!: HTMLDialogElement;

  static override styles = [
    sharedStyles,
    css`
      dialog {
        width: min(38rem, calc(100vw - 32px));
        max-height: calc(100dvh - 48px);
        padding: 16px 20px;
        color: var(--text);
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: 10px;
        overflow-y: auto;
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 35%);
      }
      .head {
        display: flex;
        justify-content: space-between;
        align-items: center;
        margin-bottom: 8px;
      }
      dl {
        display: grid;
        grid-template-columns: minmax(0, auto) minmax(0, 1fr);
        gap: 5px 16px;
        margin: 0;
        font-size: 0.8125rem;
      }
      dt {
        font-weight: 550;
      }
      dd {
        margin: 0;
      }
      @media ${PHONE} {
        dl {
          display: block;
        }
        dd {
          margin-bottom: 8px;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.press);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.press);
  }

  show(): void {
    if (!this.dialog.open) this.dialog.showModal();
  }

  override render() {
    return html`<dialog aria-labelledby="heading" @click=${this.leave}>
      <div class="head">
        <h2 id="heading">${this.heading}: keys and gestures</h2>
        <button @click=${() => this.dialog.close()}>Close</button>
      </div>
      <dl>
        ${this.entries.map(
          ([keys, words]) =>
            html`<dt>${keys}</dt>
              <dd>${words}</dd>`,
        )}
      </dl>
    </dialog>`;
  }

  /** Where a `?` is typed into a field it is a letter. */
  private readonly press = (event: KeyboardEvent): void => {
    const [target] = event.composedPath();
    const isTyped = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
    if (event.key === '?' && !isTyped) this.show();
  };

  /** A click beside the dialog closes it. */
  private leave({ target }: Event): void {
    if (target === this.dialog) this.dialog.close();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'help-dialog': HelpDialog;
  }
}

import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { download, type PageFile } from './files';
import type { PageState } from './page_state';
import { PHONE, sharedStyles } from './styles';

/** A file that the page offers. */
export interface Export {
  /** Such as `Trials (CSV)`. */
  readonly label: string;
  /** What is in it, in a few words. */
  readonly words: string;
  /** Nothing while there is nothing to save. */
  readonly file: (() => PageFile) | undefined;
}

/** A button that unfolds the files which can be saved. */
@customElement('export-menu')
export class ExportMenu extends LitElement {
  @property({ attribute: false }) page!: PageState;
  /** Asked when the menu unfolds. */
  @property({ attribute: false }) exports: () => readonly Export[] = () => [];
  @state() private unfolded = false;
  /** The label of the file that is being made. */
  @state() private making: string | undefined;

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: contents;
      }
      button[popovertarget]::after {
        content: '';
        display: inline-block;
        margin-left: 6px;
        vertical-align: 2px;
        border: 4px solid transparent;
        border-top-color: currentColor;
        border-bottom-width: 0;
      }
      [popover] {
        position-area: block-end span-inline-end;
        position-try-fallbacks: flip-inline;
        margin: 4px 0;
        width: max-content;
        max-width: min(320px, calc(100vw - 24px));
        padding: 4px;
        color: var(--text);
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: 8px;
        box-shadow: 0 6px 24px rgb(0 0 0 / 18%);
      }
      [popover] button {
        display: block;
        width: 100%;
        height: auto;
        padding: 6px 8px;
        text-align: left;
        background: none;
        border: none;
      }
      [popover] button:hover:enabled {
        background: var(--sunken);
      }
      [popover] button:disabled {
        opacity: 0.5;
        cursor: default;
      }
      [popover] .quiet {
        display: block;
      }
      @media ${PHONE} {
        [popover] {
          margin-inline: 8px;
        }
      }
    `,
  ];

  override render() {
    return html`<button part="button" popovertarget="files">Export</button>
      <div
        id="files"
        popover
        role="group"
        aria-label="Files to save"
        @beforetoggle=${({ newState }: ToggleEvent) => (this.unfolded = newState === 'open')}
      >
        ${(this.unfolded ? this.exports() : []).map(
          ({ label, words, file }, at) =>
            html`<button
              aria-label=${label}
              aria-describedby=${`about-${at}`}
              ?disabled=${!file || this.making !== undefined}
              @click=${() => file && this.save(label, file)}
            >
              ${label}${this.making === label ? ' …' : nothing}
              <span class="quiet small" id=${`about-${at}`}>${words}</span>
            </button>`,
        )}
      </div>`;
  }

  private async save(label: string, file: () => PageFile): Promise<void> {
    this.making = label;
    try {
      await download(file());
      this.renderRoot.querySelector<HTMLElement>('[popover]')?.hidePopover();
    } catch (error) {
      // Such as for want of memory.
      this.page.report(`This file cannot be made. ${error instanceof Error ? error.message : String(error)}`);
    }
    this.making = undefined;
  }
}

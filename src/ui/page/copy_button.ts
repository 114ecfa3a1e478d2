import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { sharedStyles } from './styles';

const TOLD = 1500;

/** Copies a text; where the browser refuses, shows it selected, to be copied by hand. */
@customElement('copy-button')
export class CopyButton extends LitElement {
  @property() label = 'Copy';
  @property({ type: Boolean }) disabled = false;
  /** Asked when the button is pressed. */
  @property({ attribute: false }) text: () => string = () => '';
  @state() private copied = false;
  @state() private byHand: string | undefined;

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: contents;
      }
      .problem {
        flex-basis: 100%;
        order: 1; /* behind the other buttons of a row */
      }
      textarea {
        display: block;
        width: 100%;
        height: 4.5em;
        margin-top: 6px;
        font: inherit;
        color: var(--text);
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: 6px;
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render() {
    return html`<button part="button" ?disabled=${this.disabled} @click=${this.copy}>
        ${this.copied ? 'Copied' : this.label}
      </button>
      ${
        this.byHand === undefined
          ? nothing
          : html`<div class="problem" role="status">
              The browser does not let this page copy. Copy it from here:
              <textarea
                readonly
                aria-label=${this.label}
                .value=${this.byHand}
                @focus=${({ target }: Event) => target instanceof HTMLTextAreaElement && target.select()}
              ></textarea>
            </div>`
      }`;
  }

  private async copy(): Promise<void> {
    const text = this.text();
    try {
      await navigator.clipboard.writeText(text); // there is no clipboard in pages that were not opened securely
    } catch {
      this.byHand = text;
      await this.updateComplete;
      this.renderRoot.querySelector('textarea')?.focus();
      return;
    }
    this.byHand = undefined;
    this.copied = true;
    setTimeout(() => (this.copied = false), TOLD);
  }
}

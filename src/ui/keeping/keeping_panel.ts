import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { mebibytes } from '../../scheduler/memory';
import { formatNumber } from '../../view/number_format';
import { follow } from '../page/follow';
import { sharedStyles } from '../page/styles';
import type { Keeping } from './keeping';

/** What the browser keeps of sweeps, what was taken over from it, and how to forget it. */
@customElement('keeping-panel')
export class KeepingPanel extends LitElement {
  @property({ attribute: false }) keeping!: Keeping;

  constructor() {
    super();
    follow(this, () => [this.keeping]);
  }

  static override styles = [
    sharedStyles,
    css`
      :host {
        font-size: 0.75rem;
      }
      .row {
        justify-content: space-between;
        flex-wrap: nowrap;
      }
      button {
        flex: none;
        height: 24px;
        font-size: 0.75rem;
      }
      p {
        margin-top: 4px;
      }
    `,
  ];

  override render() {
    const { keeping } = this;
    const { size, words, problem } = keeping;
    return html`
      <div class="row">
        <span class="quiet number" data-kept=${size?.sweeps ?? 0}>${this.sizeWords()}</span>
        <button
          ?disabled=${!size || size.sweeps === 0}
          aria-label="Forget the sweeps that are kept"
          @click=${() => keeping.forget()}
        >
          Forget
        </button>
      </div>
      ${words ? html`<p role="status" data-taken>${words}.</p>` : nothing}
      ${problem ? html`<p class="problem" role="status" data-unkept>${problem}.</p>` : nothing}
    `;
  }

  private sizeWords(): string {
    const { size } = this.keeping;
    if (!size) return 'No sweep is kept in this browser';
    const { sweeps, bytes } = size;
    if (sweeps === 0) return 'No sweep is kept yet';
    return `${sweeps} ${sweeps === 1 ? 'sweep' : 'sweeps'} kept in this browser, ${formatNumber(mebibytes(bytes), 2)} MiB`;
  }
}

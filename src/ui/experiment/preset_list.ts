import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { PRESETS } from '../../experiment/presets';
import { sharedStyles } from '../page/styles';

/**
 * Questions to start from.
 * @fires preset with the chosen one's id
 */
@customElement('preset-list')
export class PresetList extends LitElement {
  /** Id of the preset that the experiment is, if it is one. */
  @property() current = '';

  static override styles = [
    sharedStyles,
    css`
      button {
        display: block;
        width: 100%;
        height: auto;
        padding: 7px 10px;
        text-align: left;
        border-color: transparent;
        background: none;
      }
      button:hover {
        background: var(--sunken);
        border-color: transparent;
      }
      button[aria-pressed='true'] {
        background: var(--accent-soft);
      }
      strong {
        font-weight: 550;
      }
      button span {
        display: block;
        color: var(--quiet);
        font-size: 0.75rem;
        line-height: 1.4;
      }
    `,
  ];

  override render() {
    return PRESETS.map(
      ({ id, name, question }) => html`
        <button
          data-preset=${id}
          aria-pressed=${id === this.current}
          @click=${() => this.dispatchEvent(new CustomEvent('preset', { detail: id }))}
        >
          <strong>${name}</strong>
          <span>${question}</span>
        </button>
      `,
    );
  }
}

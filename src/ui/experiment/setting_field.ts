import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Refusal } from './refusal';
import { sharedStyles } from '../page/styles';

/**
 * A labelled field to type into, choose from or switch; it shows the value in force, or what was refused with the reason under it.
 * @fires entry with the text that was entered
 * @fires take-back when what was refused is given up
 */
@customElement('setting-field')
export class SettingField extends LitElement {
  @property() label = '';
  /** What those who hear the page are told, where the label needs its surroundings. */
  @property() name = '';
  /** In force. */
  @property() value = '';
  @property({ attribute: false }) options: ReadonlyMap<string, string> | 'switch' | undefined;
  @property({ attribute: false }) refusal: Refusal | undefined;
  /** What else there is to know of the value. */
  @property() note = '';
  /** It cannot be changed here. */
  @property({ type: Boolean }) closed = false;
  /** An entry has been made, and what comes of it is not shown yet. */
  private entered = false;

  static override styles = [
    sharedStyles,
    css`
      label {
        display: grid;
        grid-template-columns: 1fr minmax(0, 1fr);
        gap: 8px;
        align-items: center;
        font-size: 13px;
      }
      input[type='checkbox'] {
        width: 16px;
        height: 16px;
        justify-self: start;
      }
      input:disabled {
        color: var(--quiet);
        background: var(--sunken);
      }
      [aria-invalid='true'] {
        border-color: var(--warning);
      }
      p {
        overflow-wrap: anywhere;
        margin-top: 4px;
      }
      :host([narrow]) label {
        grid-template-columns: 1fr auto;
        font-size: 12px;
        color: var(--quiet);
      }
      :host([narrow]) :is(input, select) {
        height: 24px;
        font-size: 12px;
        color: var(--text);
      }
      :host([narrow]) input {
        width: 64px;
        text-align: right;
      }
    `,
  ];

  override render() {
    const { refusal, note } = this;
    return html`
      <label @keydown=${this.escape}><span class="number">${this.label}</span>${this.field()}</label>
      ${refusal ? html`<p class="problem" role="alert" id="refusal">${refusal.words}</p>` : nothing}
      ${note ? html`<p class="quiet small" id="note">${note}</p>` : nothing}
    `;
  }

  private field() {
    const { options, refusal, note } = this;
    const name = this.name || this.label;
    const described = [refusal ? 'refusal' : '', note ? 'note' : ''].join(' ').trim() || nothing;
    const invalid = refusal ? 'true' : nothing;
    if (options === 'switch' && !this.closed)
      return html`<input
        type="checkbox"
        aria-label=${name}
        aria-describedby=${described}
        aria-invalid=${invalid}
        @change=${this.enter}
      />`;
    if (options && !this.closed)
      return html`<select
        aria-label=${name}
        aria-describedby=${described}
        aria-invalid=${invalid}
        @change=${this.enter}
      >
        ${[...options].map(([value, words]) => html`<option value=${value}>${words}</option>`)}
      </select>`;
    return html`<input
      aria-label=${name}
      aria-describedby=${described}
      aria-invalid=${invalid}
      autocomplete="off"
      spellcheck="false"
      ?disabled=${this.closed}
      @change=${this.enter}
    />`;
  }

  /** The page is drawn anew with every result, so what is being typed is left alone until the value in force is another one. */
  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('refusal'))
      this.renderRoot.querySelector('#refusal')?.scrollIntoView({ block: 'nearest' });
    const typed = this.options === undefined || this.closed;
    if (typed && !this.entered && !changed.has('value') && !changed.has('refusal')) return;
    this.entered = false;
    const field = this.renderRoot.querySelector('input, select');
    if (field instanceof HTMLSelectElement) field.value = this.value;
    if (!(field instanceof HTMLInputElement)) return;
    if (typed) field.value = this.refusal?.text ?? this.value;
    else field.checked = this.value === 'true';
  }

  private enter({ target }: Event): void {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
    const text = target.type === 'checkbox' ? String((target as HTMLInputElement).checked) : target.value;
    this.entered = true;
    this.dispatchEvent(new CustomEvent('entry', { detail: text.trim() }));
    this.requestUpdate();
  }

  private escape({ key, target }: KeyboardEvent): void {
    if (key !== 'Escape') return;
    if (target instanceof HTMLInputElement && target.type === 'text') target.value = this.value;
    if (this.refusal) this.dispatchEvent(new CustomEvent('take-back'));
  }
}

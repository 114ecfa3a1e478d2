import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Experiment } from '../../experiment/types';
import { controlGroups, type Control } from './controls';
import type { Refusal } from './refusal';
import { setElsewhere } from './set_elsewhere';
import './setting_field';
import { sharedStyles } from '../page/styles';

/**
 * Every part of the experiment that a person would change.
 * @fires entry with a control's id and the text that was entered
 * @fires take-back with the id of a control whose refused entry is given up
 */
@customElement('experiment-controls')
export class ExperimentControls extends LitElement {
  @property({ attribute: false }) experiment!: Experiment;
  /** By control. */
  @property({ attribute: false }) refusals: ReadonlyMap<string, Refusal> = new Map();
  /** What else the latest entry changed. */
  @property({ attribute: false }) remark: { field: string; words: string } | undefined;

  static override styles = [
    sharedStyles,
    css`
      details {
        border-top: 1px solid var(--line);
      }
      summary {
        padding: 7px 10px;
        font-weight: 550;
        cursor: pointer;
      }
      .fields {
        display: grid;
        gap: 6px;
        padding: 2px 10px 12px;
      }
      h3 {
        margin-top: 4px;
        font-size: 0.75rem;
        font-weight: 550;
      }
    `,
  ];

  override render() {
    return html`
      ${controlGroups(this.experiment).map(
        ({ title, parts }) =>
          html`<details>
            <summary>${title}</summary>
            <div class="fields">
              ${parts.map(
                ({ heading, controls }) => html`
                  ${heading ? html`<h3>${heading}</h3>` : nothing}
                  ${repeat(
                    controls,
                    ({ id }) => id,
                    (control) => this.field(control),
                  )}
                `,
              )}
            </div>
          </details>`,
      )}
    `;
  }

  private field(control: Control) {
    const { id, label, name, options } = control;
    const { note, byArms } = setElsewhere(this.experiment, control);
    const remark = this.remark?.field === id ? this.remark.words : '';
    return html`<setting-field
      .label=${label}
      .name=${name}
      .options=${options}
      .value=${byArms ?? control.shown(this.experiment)}
      ?closed=${byArms !== undefined}
      .note=${[remark, note].filter(Boolean).join('; ')}
      .refusal=${this.refusals.get(id)}
      @entry=${({ detail }: CustomEvent<string>) => this.fire('entry', { id, text: detail })}
      @take-back=${() => this.fire('take-back', { id })}
    ></setting-field>`;
  }

  private fire(type: 'entry' | 'take-back', detail: { id: string; text?: string }): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

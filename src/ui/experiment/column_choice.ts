import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import {
  columnNames,
  dataRows,
  likelyChoice,
  ROLES,
  type ColumnChoice,
  type Role,
} from '../../experiment/table';
import { ExperimentError } from '../../experiment/types';
import type { OpenedTable, PageState } from '../page/page_state';
import { PHONE, sharedStyles } from '../page/styles';

const ROLE_WORDS: Readonly<Record<Role, string>> = {
  input: 'input',
  output: 'output',
  neither: 'left out',
};

/** Values of a column that tell what it is. */
const SHOWN = 4;

/** Asks which columns of a table the network gets, and which it is to learn. */
@customElement('column-choice')
export class ColumnChooser extends LitElement {
  @property({ attribute: false }) page!: PageState;
  @property({ attribute: false }) opened!: OpenedTable;
  @state() private choice: ColumnChoice = { header: true, roles: [] };
  @state() private refusal: string | undefined;
  @query('dialog') private dialog!: HTMLDialogElement;

  static override styles = [
    sharedStyles,
    css`
      dialog {
        width: 560px;
        max-width: calc(100vw - 24px);
        max-height: calc(100dvh - 48px);
        padding: 0;
        color: var(--text);
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: 10px;
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 45%);
      }
      form {
        display: flex;
        flex-direction: column;
        gap: 10px;
        max-height: inherit;
        padding: 16px 18px;
      }
      h2 {
        font-size: 0.9375rem;
        overflow-wrap: anywhere;
      }
      .columns {
        min-height: 0;
        overflow: auto;
        border-block: 1px solid var(--line);
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 0.8125rem;
      }
      th,
      td {
        padding: 4px 12px 4px 0;
        text-align: left;
        font-weight: inherit;
      }
      thead th {
        position: sticky;
        top: 0;
        background: var(--panel);
        color: var(--quiet);
      }
      tbody th,
      .values {
        width: 45%;
        max-width: 0; /* as wide as there is room, however long they are */
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      td:last-child {
        width: 0;
        padding-right: 2px;
      }
      label {
        display: flex;
        gap: 6px;
        align-items: center;
      }
      input[type='checkbox'] {
        height: auto;
      }
      .row {
        justify-content: flex-end;
      }
      .main {
        color: var(--page);
        background: var(--accent);
        border-color: var(--accent);
      }
      @media ${PHONE} {
        .values {
          display: none;
        }
        tbody th {
          width: 100%;
        }
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('opened')) return;
    this.choice = likelyChoice(this.opened.table);
    this.refusal = undefined;
  }

  protected override firstUpdated(): void {
    this.dialog.showModal();
  }

  override render() {
    const { table, name } = this.opened;
    const { header, roles } = this.choice;
    const rows = dataRows(table, header);
    const values = (column: number) => rows.slice(0, SHOWN).map(({ fields }) => fields[column]!.trim());
    return html`<dialog aria-labelledby="heading" @close=${() => this.page.closeTable()}>
      <form @submit=${this.use}>
        <h2 id="heading">Columns of ${name}</h2>
        <p class="small quiet">
          ${rows.length} rows. They take the place of the experiment’s data; all else stays as it is.
        </p>
        <label class="small">
          <input
            type="checkbox"
            .checked=${header}
            @change=${() => (this.choice = { header: !header, roles })}
          />
          The first line names the columns
        </label>
        <div class="columns">
          <table>
            <thead>
              <tr>
                <th scope="col">Column</th>
                <th scope="col" class="values">Begins with</th>
                <th scope="col">Is</th>
              </tr>
            </thead>
            <tbody>
              ${columnNames(table, header).map(
                (column, at) =>
                  html`<tr>
                    <th scope="row" title=${column}>${column}</th>
                    <td class="values number quiet">${values(at).join(', ')}</td>
                    <td>
                      <select aria-label=${column} @change=${(event: Event) => this.choose(at, event)}>
                        ${ROLES.map(
                          (role) =>
                            html`<option value=${role} .selected=${role === roles[at]}>
                              ${ROLE_WORDS[role]}
                            </option>`,
                        )}
                      </select>
                    </td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
        ${this.refusal ? html`<p class="problem" role="alert">${this.refusal}</p>` : nothing}
        <div class="row">
          <button type="button" @click=${() => this.dialog.close()}>Cancel</button>
          <button class="main">Train on these</button>
        </div>
      </form>
    </dialog>`;
  }

  private choose(column: number, { target }: Event): void {
    const role = ROLES.find((name) => target instanceof HTMLSelectElement && name === target.value);
    if (role) this.choice = { ...this.choice, roles: this.choice.roles.with(column, role) };
  }

  private use(event: Event): void {
    event.preventDefault();
    try {
      this.page.useTable(this.choice);
      this.dialog.close(); // which gives the focus back
    } catch (error) {
      if (!(error instanceof ExperimentError)) throw error;
      this.refusal = error.message;
    }
  }
}

import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import {
  gradientChange,
  lossVariation,
  meanCosine,
  startAndMedian,
  type LookTable,
  type Pick,
} from '../../view/looks';
import { formatNumber } from '../../view/number_format';
import { sharedStyles } from '../page/styles';
import { edgeWords } from './landscape_networks';
import type { Measured, Measurements } from './landscape_run';

/** Of each arm at the start, and the median over the looks. */
const ROWS: readonly (readonly [words: string, of: 'path' | 'sharpness', pick: Pick])[] = [
  ['loss varies by, in units of it', 'path', lossVariation],
  ['gradient changes by, in units of it', 'path', gradientChange],
  ['effective β', 'path', ({ landscape }) => landscape?.beta],
  ['λ of the Hessian', 'sharpness', ({ sharpness }) => sharpness?.value],
  ['cos(G, G′), mean of the layers', 'path', meanCosine],
];

/** What was measured, in numbers. */
@customElement('landscape-figures')
export class LandscapeFigures extends LitElement {
  @property({ attribute: false }) measurements!: Measurements;
  /** Changes with what was measured. */
  @property() parts = '';

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: grid;
        gap: 6px;
      }
      table {
        width: 100%;
        table-layout: fixed; /* so that nothing moves with the numbers */
        border-collapse: collapse;
        font-size: 0.7812rem;
      }
      th,
      td {
        padding: 3px 4px;
        text-align: right;
        font-weight: 400;
        vertical-align: top;
      }
      th:first-child {
        padding-left: 0;
        text-align: left;
        width: 42%;
      }
      thead th {
        color: var(--quiet);
        border-bottom: 1px solid var(--line);
      }
      thead th {
        vertical-align: bottom;
      }
      td {
        height: 3.4em; /* of the number and the median below it */
      }
      td span {
        display: block;
        color: var(--quiet);
      }
      thead i {
        display: block;
        margin-left: auto;
        width: 14px;
        border-top: 3px solid var(--colour);
      }
    `,
  ];

  override render() {
    const { measurements } = this;
    const { arms, edge } = measurements.compared;
    const { path } = measurements;
    return html`
      <h2>In numbers</h2>
      <table class="number" data-path=${path.state} data-sharpness=${measurements.sharpness.state}>
        <thead>
          <tr>
            <th scope="col">at the start <span class="quiet">and the median over the looks</span></th>
            ${arms.map(
              ({ name }, arm) =>
                html`<th scope="col"><i .style="--colour: var(--arm-${arm})"></i>${name}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${ROWS.map(
            ([words, of, pick]) =>
              html`<tr>
                <th scope="row">${words}</th>
                ${arms.map((_, arm) => cell(measurements[of].table, arm, pick))}
              </tr>`,
          )}
          <tr>
            <th scope="row">diverged at step</th>
            ${arms.map((_, arm) => html`<td data-diverged=${arm}>${path.table.divergedAt(arm) ?? '—'}</td>`)}
          </tr>
        </tbody>
      </table>
      <p class="quiet small" role="status">
        ${statusWords(path)} ${edgeWords(arms[0]!.trial)} is ${formatNumber(edge)}.
      </p>
    `;
  }
}

function cell(table: LookTable, arm: number, pick: Pick) {
  const found = startAndMedian(table, arm, pick);
  return html`<td data-start=${found?.start ?? nothing}>
    ${found ? formatNumber(found.start) : '…'}<span>${found ? formatNumber(found.median) : ''}</span>
  </td>`;
}

function statusWords({ state, words, compute }: Measured): string {
  if (state === 'failed') return words;
  return compute ? `Measured on ${compute.adapter}.` : 'Waits for its turn.';
}

declare global {
  interface HTMLElementTagNameMap {
    'landscape-figures': LandscapeFigures;
  }
}

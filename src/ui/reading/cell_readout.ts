import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Readout } from '../../view/readout';
import { sharedStyles } from '../page/styles';

/** The values of a cell, beside it. It lies over the map and all around it, and takes no room; who hears the page is told of the cell elsewhere. */
@customElement('cell-readout')
export class CellReadout extends LitElement {
  @property({ attribute: false }) readout!: Readout;
  /** Where the cell's middle lies on its map, 0 to 1 from the lower left corner. */
  @property({ attribute: false }) at!: { readonly x: number; readonly y: number };

  static override styles = [
    sharedStyles,
    css`
      :host {
        position: absolute;
        inset: 0;
        pointer-events: none;
      }
      div {
        position: absolute;
        width: max-content;
        max-width: 320px;
        padding: 6px 9px;
        color: var(--text);
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: 6px;
        box-shadow: 0 3px 14px rgb(0 0 0 / 22%);
        font-size: 0.75rem;
        line-height: 1.4;
      }
      table {
        margin-top: 3px;
        border-collapse: collapse;
      }
      th,
      td {
        padding: 0 0 0 12px;
        text-align: right;
        font-weight: inherit;
        white-space: nowrap;
      }
      th:first-child {
        padding: 0;
        text-align: left;
      }
      td:nth-child(2) {
        font-weight: 600;
      }
      tbody tr:nth-child(1) th {
        color: var(--arm-0);
      }
      tbody tr:nth-child(2) th {
        color: var(--arm-1);
      }
    `,
  ];

  override render() {
    const { place, arms } = this.readout;
    return html`<div aria-hidden="true" .style=${this.side()}>
      ${place.map((words) => html`<p class="number">${words}</p>`)}
      <table class="number">
        <thead class="quiet">
          <tr>
            <th></th>
            <th></th>
            <th>final loss</th>
            <th>score</th>
          </tr>
        </thead>
        <tbody>
          ${arms.map(
            ({ name, state, loss, score }) =>
              html`<tr>
                <th>${name}</th>
                <td>${state}</td>
                <td>${loss || nothing}</td>
                <td>${score || nothing}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  /** Within the map's width where that suffices, above the cell or below it. */
  private side(): string {
    const { x, y } = this.at;
    const across = `left: ${100 * x}%; transform: translateX(-${100 * x}%)`;
    return `${across}; ${y < 0.5 ? `bottom: calc(${100 * y}% + 18px)` : `top: calc(${100 - 100 * y}% + 18px)`}`;
  }
}

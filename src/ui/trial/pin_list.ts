import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { axisWords } from '../../view/cell_words';
import { formatNumber } from '../../view/number_format';
import { parameterName } from '../../view/parameter_names';
import type { PinnedCell } from '../map/crosshair';
import type { MapState } from '../map/map_state';
import { shownResults, type Run } from '../map/run';
import { follow } from '../page/follow';
import { sharedStyles } from '../page/styles';

/** The pinned cells: where they are, what became of them in the first two arms, and a button that removes each. */
@customElement('pin-list')
export class PinList extends LitElement {
  @property({ attribute: false }) map!: MapState;

  constructor() {
    super();
    follow(this, () => [this.map]);
  }

  static override styles = [
    sharedStyles,
    css`
      [role='list'] {
        display: grid;
        gap: 2px;
        font-size: 0.75rem;
      }
      [role='listitem'] {
        display: grid;
        grid-template-columns: 18px minmax(0, 1fr) auto;
        align-items: center;
        gap: 6px;
      }
      b {
        width: 16px;
        height: 16px;
        border-radius: 50%;
        background: var(--text);
        color: var(--page);
        font:
          600 10.5px/16px 'Inter Variable',
          sans-serif;
        text-align: center;
      }
      span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      button {
        width: 24px;
        height: 24px;
        padding: 0;
      }
    `,
  ];

  override render() {
    const { sweep, crosshair } = this.map;
    const { run } = sweep;
    if (!run || crosshair.pins.length === 0) return nothing;
    return html`<div role="list" aria-label="Pinned cells">
      ${crosshair.pins.map((pin) => this.item(run, pin))}
    </div>`;
  }

  private item(run: Run, { number, pin, cell }: PinnedCell) {
    const { x, y } = run.experiment.axes;
    const place = [[x, pin.x] as const, ...(y && pin.y !== undefined ? [[y, pin.y] as const] : [])]
      .map(([{ parameter }, value]) => {
        const { name, symbol } = parameterName(parameter);
        return `${symbol || name} ${formatNumber(value)}`;
      })
      .join(', ');
    const results = shownResults(run);
    const outcomes = cell
      ? this.map.crosshair
          .trialsAt(cell)
          .slice(0, 2)
          .map((trial) => results.table.stateOf(trial) ?? 'not finished')
          .join(' / ')
      : 'outside of the maps';
    const title = cell
      ? [axisWords(x, cell.ix), ...(y ? [axisWords(y, cell.iy)] : []), outcomes].join(', ')
      : `${place}, ${outcomes}`;
    return html`<div role="listitem" title=${title}>
      <b aria-label="Pin ${number}">${number}</b>
      <span class="number">${place}: <span class="quiet">${outcomes}</span></span>
      <button aria-label="Remove pin ${number}" @click=${() => this.map.crosshair.remove(number)}>×</button>
    </div>`;
  }
}

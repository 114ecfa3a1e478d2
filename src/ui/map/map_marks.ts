import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Experiment } from '../../experiment/types';
import { outlineOf } from '../../view/lasso';
import { cellStyle, middleOf } from '../../view/place';
import { follow } from '../page/follow';
import { sharedStyles } from '../page/styles';
import type { PinnedCell } from './crosshair';
import type { MapState } from './map_state';
import { outline, outlineStyles } from './outline';

/** What all maps show over their cells: the pins with their numbers, and the outline of the selection. */
@customElement('map-marks')
export class MapMarks extends LitElement {
  @property({ attribute: false }) map!: MapState;

  constructor() {
    super();
    follow(this, () => [this.map]);
  }

  static override styles = [
    sharedStyles,
    outlineStyles,
    css`
      :host {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        pointer-events: none;
        overflow: hidden;
      }
      polygon + polygon {
        stroke-dasharray: 5 4;
      }
      .pin {
        position: absolute;
        min-width: 9px;
        min-height: 9px;
        transform: translate(-50%, 50%);
        border: 2px solid var(--cross);
        outline: 1px solid var(--cross-edge);
      }
      /* Beside its cell, so that the cell's colour is seen. */
      b {
        position: absolute;
        left: calc(100% + 2px);
        bottom: calc(100% + 2px);
        width: 15px;
        height: 15px;
        border-radius: 50%;
        background: var(--cross-edge);
        color: var(--cross);
        outline: 1px solid var(--cross);
        font:
          600 10.5px/15px 'Inter Variable',
          sans-serif;
        text-align: center;
      }
      .high b {
        bottom: auto;
        top: calc(100% + 2px);
      }
      .right b {
        left: auto;
        right: calc(100% + 2px);
      }
    `,
  ];

  override render() {
    const { crosshair, sweep, view } = this.map;
    const { run } = sweep;
    if (!run) return nothing;
    const { axes } = run.experiment;
    return html`${view.brush.length > 0 ? outline(outlineOf(axes, view.brush)) : nothing}
    ${crosshair.pins.map((pin) => mark(pin, axes))}`;
  }
}

function mark({ number, cell }: PinnedCell, axes: Experiment['axes']) {
  if (!cell) return nothing;
  const { x, y } = middleOf(cell, axes);
  const side = `${y > 0.85 ? 'high' : ''} ${x > 0.85 ? 'right' : ''}`;
  return html`<div class="pin ${side}" .style=${cellStyle(cell, axes)}>
    <b aria-hidden="true" data-pin=${number}>${number}</b>
  </div>`;
}

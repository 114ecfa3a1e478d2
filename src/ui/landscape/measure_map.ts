import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Axis } from '../../experiment/types';
import { across, axisTicks, upwards } from '../../view/axis_ticks';
import type { Cell } from '../../view/headline';
import { cellAt, cellStyle } from '../../view/place';
import { labelsWidth, textScale, tickLabels, tickStyles } from '../charts/tick_labels';
import { Painter } from '../map/painter';
import type { Picture } from '../map/pictures';
import { placeUnder } from '../map/pointer';
import { sharedStyles } from '../page/styles';

/**
 * A small map of numbers with a cell that is looked at.
 * @fires look-at with the cell under the pointer, clicked or reached by key
 * @fires choose with the cell that was clicked, or at which Enter was pressed
 */
@customElement('measure-map')
export class MeasureMap extends LitElement {
  @property() heading = '';
  /** What the cell is, in words. */
  @property() reading = '';
  @property({ attribute: false }) picture: Picture | undefined;
  @property({ attribute: false }) axes!: { readonly x: Axis; readonly y: Axis };
  @property({ attribute: false }) cell!: Cell;
  @query('.plot') private plot!: HTMLElement;
  @query('canvas') private canvas!: HTMLCanvasElement;
  @state() private size = { width: 300, height: 200 };
  private readonly painter = new Painter(() => this.canvas);
  private readonly resizing = new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = this.plot;
    if (width > 0 && height > 0) this.size = { width, height };
  });

  static override styles = [
    sharedStyles,
    tickStyles,
    css`
      h3 {
        font-size: 0.8125rem;
        font-weight: 600;
      }
      p {
        min-height: 1.6em;
      }
      .frame {
        display: grid;
        grid-template: clamp(220px, 22vh, 480px) 1.125rem / max-content minmax(0, 1fr);
        padding: 9px 8px 0 0;
      }
      .plot {
        position: relative;
        cursor: crosshair;
        touch-action: pan-y;
        background: var(--empty);
        overflow: hidden;
        forced-color-adjust: none;
      }
      canvas {
        position: absolute;
        width: 100%;
        height: 100%;
        image-rendering: pixelated;
      }
      i {
        position: absolute;
        transform: translate(-50%, 50%);
        pointer-events: none;
        border: 2px solid var(--cross);
        outline: 1px solid var(--cross-edge);
      }
      .x-ticks {
        grid-column: 2;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.resizing.observe(this.plot);
  }

  override firstUpdated(): void {
    this.resizing.observe(this.plot);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
  }

  override render() {
    const { axes, cell, size } = this;
    const yTicks = axisTicks(axes.y, upwards(size.height, textScale()));
    return html`
      <h3>${this.heading}</h3>
      <p class="quiet small number" id="reading">${this.reading}</p>
      <div class="frame">
        <div class="y-ticks" .style="width: ${labelsWidth(yTicks)}px">${tickLabels(yTicks, 'bottom')}</div>
        <div
          class="plot"
          role="application"
          tabindex="0"
          aria-roledescription="map"
          aria-label="${this.heading}: learning rate by step; arrow keys move the cell, Enter draws the charts at its rate"
          aria-describedby="reading"
          data-filled=${this.picture?.filled.toFixed(3) ?? '0'}
          @pointermove=${this.follow}
          @click=${this.pick}
          @keydown=${this.press}
        >
          <canvas aria-hidden="true"></canvas>
          ${this.picture ? html`<i .style=${cellStyle(cell, axes)}></i>` : nothing}
        </div>
        <div class="x-ticks">${tickLabels(axisTicks(axes.x, across(size.width, textScale())), 'left')}</div>
      </div>
    `;
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('picture')) this.painter.paint(this.picture);
  }

  private follow(event: PointerEvent): void {
    if (event.pointerType !== 'touch')
      this.tell('look-at', cellAt(placeUnder(this.canvas, event), this.axes));
  }

  private pick(event: MouseEvent): void {
    const cell = cellAt(placeUnder(this.canvas, event), this.axes);
    this.tell('look-at', cell);
    this.tell('choose', cell);
  }

  private press(event: KeyboardEvent): void {
    const moves: Readonly<Record<string, readonly [x: number, y: number]>> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, 1],
      ArrowDown: [0, -1],
      Home: [-Infinity, 0],
      End: [Infinity, 0],
    };
    const move = moves[event.key];
    if (event.key === 'Enter') this.tell('choose', this.cell);
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    const within = (index: number, { count }: Axis) => Math.min(count - 1, Math.max(0, index));
    const { ix, iy } = this.cell;
    this.tell('look-at', { ix: within(ix + move[0], this.axes.x), iy: within(iy + move[1], this.axes.y) });
    event.preventDefault();
  }

  private tell(type: 'look-at' | 'choose', detail: Cell): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'measure-map': MeasureMap;
  }
}

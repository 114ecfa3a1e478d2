import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Experiment } from '../../experiment/types';
import { across, axisTicks, upwards } from '../../view/axis_ticks';
import { axisWords } from '../../view/cell_words';
import type { Cell } from '../../view/headline';
import { cellAt, cellStyle, middleOf } from '../../view/place';
import { Gestures, LEVELS, type Gesture } from './gestures';
import { hatch } from './hatching';
import { Painter } from './painter';
import { placeUnder } from './pointer';
import type { Picture } from './pictures';
import { parameterLabel } from '../../view/parameter_names';
import { sharedStyles } from '../page/styles';
import { labelsWidth, textScale, tickLabels, tickStyles } from '../charts/tick_labels';

const ARROWS = /^Arrow/;

/**
 * One map with axes and crosshair. What is put into its slot `over` lies over the cells; into `beside`, over all while the map is
 * pointed at.
 * @fires cell-hover with the cell under the pointer, or null
 * @fires cell-pin with the cell that was clicked
 * @fires cell-move with the cell that was reached by key
 * @fires cell-set when the crosshair's cell is to stay pinned
 * @fires cell-free when the latest pin is to go
 * @fires look with the gesture that asks for another view
 */
@customElement('divergence-map')
export class DivergenceMap extends LitElement {
  @property() heading = '';
  /** What the cell of the crosshair is, in words. */
  @property() reading = '';
  @property({ attribute: false }) picture: Picture | undefined;
  @property({ attribute: false }) axes!: Experiment['axes'];
  /** Under the crosshair; nothing while there is none. */
  @property({ attribute: false }) cell: Cell | undefined;
  @property({ type: Boolean }) pinned = false;
  /** A part of the whole map is shown. */
  @property({ type: Boolean, reflect: true }) zoomed = false;
  @query('.plot') private plot!: HTMLElement;
  @query('canvas.cells') canvas!: HTMLCanvasElement;
  /** Over it: what marks the cells whose outcome is not known yet. */
  @query('canvas.hatching') private hatching!: HTMLCanvasElement;
  /** Pixels that the cells have. */
  @state() private size = { width: 300, height: 225 };
  private readonly resizing = new ResizeObserver(([entry]) => {
    const { width = 0, height = 0 } = entry?.contentRect ?? {};
    if (width > 0) this.size = { width, height };
  });
  private readonly gestures = new Gestures(
    this,
    () => !this.zoomed,
    (gesture) => this.look(gesture),
  );
  private readonly painter = new Painter(
    () => this.canvas,
    (unfinished) => hatch(this.hatching, this.canvas, unfinished),
  );

  static override styles = [
    sharedStyles,
    tickStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        container-type: inline-size;
      }
      header {
        display: flex;
        justify-content: space-between;
        gap: 0 8px;
        margin-bottom: 6px;
        white-space: nowrap;
      }
      h2 {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      header p {
        flex: none;
        min-height: 1.6em;
        line-height: 1.6;
      }
      .frame {
        flex: 1;
        min-height: 0;
        max-height: calc(4 / 3 * 100cqw);
        display: grid;
        grid-template: minmax(0, 1fr) 1.125rem auto / auto max-content minmax(0, 1fr);
      }
      .y-label,
      .x-label {
        overflow: hidden;
        text-overflow: ellipsis;
        text-align: center;
        white-space: nowrap;
      }
      .y-label {
        writing-mode: vertical-rl;
        transform: rotate(180deg);
        line-height: 1.2;
      }
      .x-label {
        grid-area: 3 / 3;
        line-height: 1.35;
      }
      .x-ticks {
        grid-area: 2 / 3;
      }
      .plot {
        grid-area: 1 / 3;
        position: relative;
        aspect-ratio: var(--map-aspect, 4 / 3);
        cursor: crosshair;
        touch-action: pan-y;
        user-select: none;
        -webkit-user-select: none;
        background: var(--empty);
        overflow: hidden;
        forced-color-adjust: none;
      }
      :host([zoomed]) .plot {
        touch-action: none;
      }
      .box {
        position: absolute;
        pointer-events: none;
        border: 1.5px dashed var(--cross);
        outline: 1px solid var(--cross-edge);
      }
      .over {
        position: absolute;
        inset: 0;
        pointer-events: none;
      }
      /* What is told of the cell that is pointed at, or reached by key. */
      .beside {
        grid-area: 1 / 3;
        position: relative;
        z-index: 1;
        pointer-events: none;
        display: none;
      }
      .plot:focus-visible + .beside {
        display: block;
      }
      @media (hover: hover) {
        .plot:hover + .beside {
          display: block;
        }
      }
      /* Too narrow for a name and an outcome side by side. */
      @container (max-width: 22rem) {
        header {
          display: block;
        }
      }
      canvas {
        position: absolute;
        width: 100%;
        height: 100%;
        image-rendering: pixelated;
      }
      .cross {
        position: absolute;
        pointer-events: none;
        mix-blend-mode: difference;
        background: #ffffff90;
      }
      .cross.x {
        top: 0;
        bottom: 0;
        width: 1px;
      }
      .cross.y {
        left: 0;
        right: 0;
        height: 1px;
      }
      .spot {
        position: absolute;
        pointer-events: none;
        min-width: 9px;
        min-height: 9px;
        transform: translate(-50%, 50%);
        border: 2px solid var(--cross);
        outline: 1px solid var(--cross-edge);
      }
      .spot.free {
        border-width: 1px;
      }
    `,
  ];

  override focus(): void {
    this.plot.focus();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.resizing.observe(this.plot);
  }

  override firstUpdated(): void {
    this.resizing.observe(this.plot);
    this.gestures.on(this.plot);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
  }

  override render() {
    const { cell, size } = this;
    const { x, y } = this.axes;
    const xTicks = axisTicks(x, across(size.width, textScale()));
    const yTicks = y ? axisTicks(y, upwards(size.height, textScale())) : [];
    return html`
      <header>
        <h2>${this.heading}</h2>
        <p class="quiet small number">${this.reading}</p>
      </header>
      <div class="frame">
        <div class="y-label small number">${y ? axisWords(y, cell?.iy) : nothing}</div>
        <div class="y-ticks" .style="width: ${labelsWidth(yTicks)}px">${tickLabels(yTicks, 'bottom')}</div>
        <div
          class="plot"
          role="application"
          tabindex="0"
          aria-roledescription="map"
          aria-label="${this.heading}: ${parameterLabel(x.parameter)}${y ? ` by ${parameterLabel(y.parameter)}` : ''}"
          aria-describedby="keys"
          data-filled=${this.picture?.filled.toFixed(3) ?? '0'}
          @pointermove=${this.follow}
          @pointerleave=${() => this.tell('cell-hover', undefined)}
          @click=${this.pick}
          @keydown=${this.press}
        >
          <canvas class="cells" aria-hidden="true" .style=${this.moved()}></canvas>
          <canvas class="hatching" aria-hidden="true" hidden .style=${this.moved()}></canvas>
          <div class="over" .style=${this.moved()}><slot name="over"></slot></div>
          ${cell && !this.gestures.preview ? this.crosshair(cell) : nothing} ${this.box()}
          <slot ?hidden=${this.gestures.preview?.kind === 'moved'}></slot>
        </div>
        <div class="beside"><slot name="beside"></slot></div>
        <div class="x-ticks">${tickLabels(xTicks, 'left')}</div>
        <div class="x-label small number">${axisWords(x, cell?.ix)}</div>
      </div>
      <p id="keys" hidden>
        Arrow keys move the crosshair by a cell, with Shift by eight; Home and End lead to the ends of its
        row, Page Up and Page Down an eighth of the map up and down. Enter sets a pin from which it moves on,
        Escape removes the latest. S selects cells. Plus and minus show a part of the map at the crosshair
        twice as large, or half; arrow keys lead on beyond its edge, and R shows all of it.
      </p>
    `;
  }

  /** The old picture under a gesture that has not ended. */
  private moved(): string {
    const { preview } = this.gestures;
    if (preview?.kind !== 'moved') return '';
    const { x, y, scale, origin } = preview;
    return `transform: translate(${x}px, ${y}px) scale(${scale}); transform-origin: ${100 * origin.x}% ${100 - 100 * origin.y}%`;
  }

  private box() {
    const { preview } = this.gestures;
    if (preview?.kind !== 'box') return nothing;
    const [left, right] = [preview.from.x, preview.to.x].sort((a, b) => a - b) as [number, number];
    const [low, high] = [preview.from.y, preview.to.y].sort((a, b) => a - b) as [number, number];
    return html`<div
      class="box"
      .style="left: ${100 * left}%; bottom: ${100 * low}%; width: ${100 * (right - left)}%; height: ${100 * (high - low)}%"
    ></div>`;
  }

  private crosshair(cell: Cell) {
    const { x, y } = middleOf(cell, this.axes);
    return html`<div class="cross x" .style="left: ${100 * x}%"></div>
      <div class="cross y" .style="bottom: ${100 * y}%"></div>
      <div class="spot ${this.pinned ? '' : 'free'}" .style=${cellStyle(cell, this.axes)}></div>`;
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('picture')) this.painter.paint(this.picture);
  }

  private cellAt(event: MouseEvent): Cell {
    return cellAt(placeUnder(this.canvas, event), this.axes);
  }

  private follow(event: PointerEvent): void {
    if (event.pointerType !== 'touch') this.tell('cell-hover', this.cellAt(event));
  }

  private pick(event: MouseEvent): void {
    this.tell('cell-pin', this.cellAt(event));
  }

  private press(event: KeyboardEvent): void {
    const { cell } = this;
    const { nx, ny } = { nx: this.axes.x.count, ny: this.axes.y?.count ?? 1 };
    const step = event.shiftKey ? 8 : 1;
    const page = Math.max(1, Math.round(ny / 8));
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, step],
      ArrowDown: [0, -step],
      Home: [-nx, 0],
      End: [nx, 0],
      PageUp: [0, page],
      PageDown: [0, -page],
    };
    const move = moves[event.key];
    const levels = LEVELS.get(event.key);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') this.tell('cell-free', undefined);
    else if (event.key === 'Enter') this.tell('cell-set', cell);
    else if (levels !== undefined)
      this.look({ kind: 'zoom', at: cell ? middleOf(cell, this.axes) : { x: 0.5, y: 0.5 }, levels });
    else if (event.key === 'r' || event.key === 'R') this.look({ kind: 'whole' });
    else if (move && cell) {
      const beyond = (at: number, count: number) => (at < 0 ? -0.5 : at >= count ? 0.5 : 0);
      const by = { x: beyond(cell.ix + move[0], nx), y: beyond(cell.iy + move[1], ny) };
      if (this.zoomed && ARROWS.test(event.key) && (by.x !== 0 || by.y !== 0)) this.look({ kind: 'pan', by });
      const clamp = (index: number, count: number) => Math.min(count - 1, Math.max(0, index));
      this.tell('cell-move', { ix: clamp(cell.ix + move[0], nx), iy: clamp(cell.iy + move[1], ny) });
    } else return;
    event.preventDefault();
  }

  private look(detail: Gesture): void {
    this.dispatchEvent(new CustomEvent('look', { detail }));
  }

  private tell(type: `cell-${'hover' | 'pin' | 'move' | 'set' | 'free'}`, cell: Cell | undefined): void {
    this.dispatchEvent(new CustomEvent(type, { detail: cell ?? null })); // as events have it
  }
}

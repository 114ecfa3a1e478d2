import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Experiment } from '../../experiment/types';
import { across, axisTicks, upwards } from '../../view/axis_ticks';
import { axisWords } from '../../view/cell_words';
import type { Cell } from '../../view/headline';
import { hatch } from './hatching';
import type { Picture } from './pictures';
import { parameterLabel } from '../../view/parameter_names';
import { sharedStyles } from '../page/styles';
import { labelsWidth, textScale, tickLabels, tickStyles } from '../charts/tick_labels';

/** Milliseconds of painting in one task, so that even the largest maps never hold the page for long. */
const TURN = 5;
/** Times its last painting that a map rests before the next: a map of any size takes a tenth of the page's time. */
const REST = 9;

/**
 * One map with axes and crosshair.
 * @fires cell-hover with the cell under the pointer, or null
 * @fires cell-pin with the cell that was clicked or reached by key, or null
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
  @query('.plot') private plot!: HTMLElement;
  @query('canvas.cells') private canvas!: HTMLCanvasElement;
  /** Over it: what marks the cells whose outcome is not known yet. */
  @query('canvas.hatching') private hatching!: HTMLCanvasElement;
  /** Pixels that the cells have. */
  @state() private size = { width: 300, height: 225 };
  private readonly resizing = new ResizeObserver(([entry]) => {
    const { width = 0, height = 0 } = entry?.contentRect ?? {};
    if (width > 0) this.size = { width, height };
  });
  private painting: number | undefined;
  /** When the next painting may begin. */
  private rested = 0;

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
        position: relative;
        aspect-ratio: var(--map-aspect, 4 / 3);
        cursor: crosshair;
        touch-action: pan-y;
        background: var(--empty);
        overflow: hidden;
        forced-color-adjust: none;
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
          <canvas class="cells" aria-hidden="true"></canvas>
          <canvas class="hatching" aria-hidden="true" hidden></canvas>
          ${cell ? this.crosshair(cell) : nothing}
        </div>
        <div class="x-ticks">${tickLabels(xTicks, 'left')}</div>
        <div class="x-label small number">${axisWords(x, cell?.ix)}</div>
      </div>
      <p id="keys" hidden>
        Arrow keys move the crosshair by a cell, with Shift by eight; Home and End lead to the ends of its
        row, Page Up and Page Down an eighth of the map up and down. Enter pins it, Escape frees it.
      </p>
    `;
  }

  private crosshair({ ix, iy }: Cell) {
    const { nx, ny } = { nx: this.axes.x.count, ny: this.axes.y?.count ?? 1 };
    const left = `${(100 * (ix + 0.5)) / nx}%`;
    const bottom = `${(100 * (iy + 0.5)) / ny}%`;
    return html`<div class="cross x" .style="left: ${left}"></div>
      <div class="cross y" .style="bottom: ${bottom}"></div>
      <div
        class="spot ${this.pinned ? '' : 'free'}"
        .style="left: ${left}; bottom: ${bottom}; width: ${100 / nx}%; height: ${100 / ny}%"
      ></div>`;
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('picture')) this.paintSoon();
  }

  private paintSoon(): void {
    this.painting ??= window.setTimeout(() => this.paint(), Math.max(0, this.rested - performance.now()));
  }

  private paint(): void {
    const { picture } = this;
    if (!picture) {
      this.painting = undefined;
      return;
    }
    const { width, height } = picture;
    const image = new ImageData(width, height);
    const mask = new ImageData(width, height);
    const rows = picture.paint({
      pixels: new Uint32Array(image.data.buffer),
      unfinished: new Uint32Array(mask.data.buffer),
    });
    let took = 0;
    const turn = () => {
      const start = performance.now();
      while (!rows.next().done) {
        if (performance.now() - start < TURN) continue;
        took += performance.now() - start;
        this.painting = window.setTimeout(turn);
        return;
      }
      this.show(image, mask);
      this.painting = undefined;
      this.rested = performance.now() + REST * (took + performance.now() - start);
      if (this.picture !== picture) this.paintSoon();
    };
    turn();
  }

  private show(image: ImageData, unfinished: ImageData): void {
    const { canvas } = this;
    const { width, height } = image;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    // The canvas stays in the CPU's memory: it only gets whole pictures, and on a software GPU the first canvas costs a frame of 0.3 s.
    canvas.getContext('2d', { willReadFrequently: true })?.putImageData(image, 0, 0);
    hatch(this.hatching, canvas, unfinished);
  }

  private cellAt(event: MouseEvent): Cell {
    const plot = this.canvas.getBoundingClientRect();
    const { nx, ny } = { nx: this.axes.x.count, ny: this.axes.y?.count ?? 1 };
    const index = (share: number, count: number) =>
      Math.min(count - 1, Math.max(0, Math.floor(share * count)));
    return {
      ix: index((event.clientX - plot.left) / plot.width, nx),
      iy: index((plot.bottom - event.clientY) / plot.height, ny),
    };
  }

  private follow(event: PointerEvent): void {
    if (event.pointerType !== 'touch') this.tell('cell-hover', this.cellAt(event));
  }

  private pick(event: MouseEvent): void {
    const cell = this.cellAt(event);
    const again = this.pinned && cell.ix === this.cell?.ix && cell.iy === this.cell.iy;
    this.tell('cell-pin', again ? undefined : cell);
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
      Enter: [0, 0],
    };
    const move = moves[event.key];
    if (event.key === 'Escape') this.tell('cell-pin', undefined);
    else if (move && cell) {
      const clamp = (index: number, count: number) => Math.min(count - 1, Math.max(0, index));
      this.tell('cell-pin', { ix: clamp(cell.ix + move[0], nx), iy: clamp(cell.iy + move[1], ny) });
    } else return;
    event.preventDefault();
  }

  private tell(type: 'cell-hover' | 'cell-pin', cell: Cell | undefined): void {
    this.dispatchEvent(new CustomEvent(type, { detail: cell ?? null })); // as events have it
  }
}

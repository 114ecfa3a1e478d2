import { css, html, LitElement, svg } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Experiment } from '../../experiment/types';
import type { Cell } from '../../view/headline';
import { boxOf, type Place } from '../../view/lasso';
import { sharedStyles } from '../page/styles';
import type { Brush } from './selection';

/** Pixels that a lasso must be long; less is a click, which selects the cell. */
const LEAST = 8;

/**
 * Lies over the cells of a map while they are selected: by drawing a box or a lasso, or by key from corner to corner of a box.
 * @fires outline with places on the map
 * @fires leave when nothing is to be selected any more
 */
@customElement('cell-brush')
export class CellBrush extends LitElement {
  @property() heading = '';
  @property() brush: Brush = 'box';
  @property({ attribute: false }) axes!: Experiment['axes'];
  @query('div') private over!: HTMLElement;
  /** Where the pointer has been since it was pressed. */
  @state() private drawn: readonly Place[] = [];
  /** Under the keys; and where the box begins that they draw. */
  @state() private cell: Cell | undefined;
  @state() private corner: Cell | undefined;

  static override styles = [
    sharedStyles,
    css`
      :host {
        position: absolute;
        inset: 0;
      }
      div,
      svg {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
      div {
        cursor: crosshair;
        touch-action: none;
        outline-offset: -2px;
        box-shadow: inset 0 0 0 2px var(--accent);
      }
      polygon {
        fill: #ffffff40;
        vector-effect: non-scaling-stroke;
        stroke: var(--cross-edge);
        stroke-width: 2.5px;
      }
      polygon + polygon {
        fill: none;
        stroke: var(--cross);
        stroke-width: 1.5px;
      }
    `,
  ];

  override render() {
    const corners = this.outline.map(([x, y]) => `${x},${1 - y}`).join(' ');
    return html`<div
      tabindex="0"
      role="application"
      aria-roledescription="selection"
      aria-label="Select cells: ${this.heading}"
      aria-describedby="how"
      @pointerdown=${this.begin}
      @pointermove=${this.draw}
      @pointerup=${this.end}
      @pointercancel=${() => (this.drawn = [])}
      @click=${(event: Event) => event.stopPropagation()}
      @dblclick=${(event: Event) => event.stopPropagation()}
      @keydown=${this.press}
    >
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        ${[0, 1].map(() => svg`<polygon points=${corners}></polygon>`)}
      </svg>
      <p id="how" hidden>
        Arrow keys move over the cells, with Shift by eight; Enter begins a box and ends it, Escape leaves.
      </p>
    </div>`;
  }

  /** As it would be selected now. */
  private get outline(): readonly Place[] {
    const { drawn, cell, corner } = this;
    if (drawn.length === 0) return cell ? boxOf(this.axes, corner ?? cell, cell) : [];
    if (this.brush === 'lasso' && this.isLong) return drawn;
    return boxOf(this.axes, this.cellAt(drawn[0]!), this.cellAt(drawn.at(-1)!));
  }

  private get isLong(): boolean {
    const { width, height } = this.getBoundingClientRect();
    const [[x, y]] = this.drawn as [Place];
    return this.drawn.some(([ax, ay]) => Math.hypot((ax - x) * width, (ay - y) * height) > LEAST);
  }

  /** Takes the keys that the map under it had. */
  override firstUpdated(): void {
    if (this.parentElement?.matches(':focus-within')) this.over.focus();
  }

  private placeOf({ clientX, clientY }: PointerEvent): Place {
    const { left, bottom, width, height } = this.getBoundingClientRect();
    const share = (value: number) => Math.min(1, Math.max(0, value));
    return [share((clientX - left) / width), share((bottom - clientY) / height)];
  }

  private cellAt([x, y]: Place): Cell {
    const [nx, ny] = [this.axes.x.count, this.axes.y?.count ?? 1];
    return { ix: Math.min(nx - 1, Math.floor(x * nx)), iy: Math.min(ny - 1, Math.floor(y * ny)) };
  }

  private begin(event: PointerEvent): void {
    event.stopPropagation();
    if (event.button !== 0 || !(event.currentTarget instanceof Element)) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    this.cell = undefined;
    this.corner = undefined;
    this.drawn = [this.placeOf(event)];
  }

  private draw(event: PointerEvent): void {
    if (this.drawn.length === 0) return; // the crosshair goes with the pointer
    event.stopPropagation();
    this.drawn = [...this.drawn, this.placeOf(event)];
  }

  private end(event: PointerEvent): void {
    event.stopPropagation();
    if (this.drawn.length === 0) return;
    this.draw(event);
    this.tell();
    this.drawn = [];
  }

  private press(event: KeyboardEvent): void {
    const [nx, ny] = [this.axes.x.count, this.axes.y?.count ?? 1];
    const step = event.shiftKey ? 8 : 1;
    const moves: Record<string, readonly [number, number]> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, step],
      ArrowDown: [0, -step],
    };
    const move = moves[event.key];
    if (move) {
      const { ix, iy } = this.cell ?? { ix: nx >> 1, iy: ny >> 1 };
      const clamp = (index: number, count: number) => Math.min(count - 1, Math.max(0, index));
      this.cell = { ix: clamp(ix + move[0], nx), iy: clamp(iy + move[1], ny) };
    } else if (event.key === 'Enter' && this.cell) {
      if (this.corner) this.tell();
      this.corner = this.corner ? undefined : this.cell;
    } else if (event.key === 'Escape' || event.key === 's') this.dispatchEvent(new CustomEvent('leave'));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private tell(): void {
    this.dispatchEvent(new CustomEvent('outline', { detail: this.outline }));
  }
}

import { css, html, LitElement } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Experiment } from '../../experiment/types';
import type { Cell } from '../../view/headline';
import { boxOf } from '../../view/lasso';
import { cellAt, type Place } from '../../view/place';
import { sharedStyles } from '../page/styles';
import { outline, outlineStyles } from './outline';
import { placeUnder } from './pointer';
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
    outlineStyles,
    css`
      :host {
        position: absolute;
        inset: 0;
      }
      div {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        cursor: crosshair;
        touch-action: none;
        outline-offset: -2px;
        box-shadow: inset 0 0 0 2px var(--accent);
      }
      polygon:first-child {
        fill: #ffffff40;
      }
    `,
  ];

  override render() {
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
      ${outline(this.outline)}
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
    return boxOf(this.axes, cellAt(drawn[0]!, this.axes), cellAt(drawn.at(-1)!, this.axes));
  }

  private get isLong(): boolean {
    const { width, height } = this.getBoundingClientRect();
    const { x, y } = this.drawn[0]!;
    return this.drawn.some((place) => Math.hypot((place.x - x) * width, (place.y - y) * height) > LEAST);
  }

  /** Takes the keys that the map under it had. */
  override firstUpdated(): void {
    if (this.parentElement?.matches(':focus-within')) this.over.focus();
  }

  private begin(event: PointerEvent): void {
    event.stopPropagation();
    if (event.button !== 0 || !(event.currentTarget instanceof Element)) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    this.cell = undefined;
    this.corner = undefined;
    this.drawn = [placeUnder(this, event)];
  }

  private draw(event: PointerEvent): void {
    if (this.drawn.length === 0) return; // the crosshair goes with the pointer
    event.stopPropagation();
    this.drawn = [...this.drawn, placeUnder(this, event)];
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

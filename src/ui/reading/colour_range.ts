import { css, html, LitElement, svg } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { shareOf, type Range, type Scale } from '../../view/colouring';
import { formatNumber } from '../../view/number_format';
import { histogram, movedEnd, sliderSpan } from '../../view/range_slider';
import { sharedStyles } from '../page/styles';

const BINS = 48;
/** Shares of the slider that a key moves an end by. */
const STEP = 0.02;
const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -STEP,
  ArrowDown: -STEP,
  ArrowRight: STEP,
  ArrowUp: STEP,
  PageDown: -5 * STEP,
  PageUp: 5 * STEP,
  Home: -1,
  End: 1,
};

/**
 * The ramp of a colouring over the numbers that it colours; its ends can be dragged, or moved by keys.
 * @fires range with the new ends, or null for the automatic ones
 */
@customElement('colour-range')
export class ColourRange extends LitElement {
  /** What the numbers are. */
  @property() name = '';
  @property({ attribute: false }) range!: Range;
  @property({ attribute: false }) scale: Scale = 'linear';
  /** Those that there are, sorted. */
  @property({ attribute: false }) numbers!: Float64Array;
  /** The ramp's colours, as CSS has them. */
  @property({ attribute: false }) colours: readonly string[] = [];
  /** The ends are those that follow from the numbers. */
  @property({ type: Boolean }) automatic = true;
  /** The colours go by rank, whatever the range. */
  @property({ type: Boolean }) ranked = false;
  @query('.track') private track!: HTMLElement;
  /** What the slider spans while an end is dragged: it must not run away from the pointer. */
  private held: Range | undefined;

  static override styles = [
    sharedStyles,
    css`
      .track {
        position: relative;
        height: 38px;
        margin: 0 12px;
        touch-action: pan-y;
      }
      svg {
        position: absolute;
        inset: 0 0 auto;
        width: 100%;
        height: 20px;
        fill: var(--quiet);
        opacity: 0.45;
      }
      .ramp {
        position: absolute;
        inset: 20px -6px auto;
        height: 12px;
        border-radius: 2px;
        outline: 1px solid var(--line);
        forced-color-adjust: none;
      }
      [role='slider'] {
        position: absolute;
        top: 8px;
        width: 24px;
        height: 30px;
        transform: translateX(-50%);
        cursor: ew-resize;
        touch-action: none;
        border-radius: 4px;
      }
      [role='slider']::after {
        content: '';
        position: absolute;
        inset: 9px 10px 3px;
        border-radius: 2px;
        background: var(--text);
        outline: 1.5px solid var(--page);
      }
      [aria-disabled='true'] {
        cursor: default;
        opacity: 0.35;
      }
      .ends {
        display: grid;
        grid-template-columns: 1fr auto 1fr;
        align-items: center;
      }
      .ends span:last-child {
        text-align: right;
      }
      button {
        height: 24px;
        padding: 0 6px;
        font-size: 0.6875rem;
      }
      button:disabled {
        opacity: 0.55;
        cursor: default;
      }
    `,
  ];

  private get span(): Range {
    return this.held ?? sliderSpan(this.scale, this.range, this.numbers);
  }

  override render() {
    const { scale, range, span, colours, numbers, ranked } = this;
    const [first, last] = range.map((end) => 100 * shareOf(scale, span, end));
    // The ramp reaches a little beyond the track at both ends, where its colours are flat.
    const stops = colours.map(
      (colour, i) =>
        `${colour} calc(6px + (100% - 12px) * ${(first! + ((last! - first!) * i) / (colours.length - 1)) / 100})`,
    );
    return html`
      <div
        class="track"
        role="group"
        aria-label="Colour range: ${this.name}"
        @dblclick=${() => this.tell(null)}
      >
        <svg viewBox="0 0 ${BINS} 1" preserveAspectRatio="none" aria-hidden="true">
          ${histogram(scale, span, numbers, BINS).map(
            (height, x) => svg`<rect x=${x} y=${1 - height} width="0.9" height=${height} />`,
          )}
        </svg>
        <div class="ramp" .style="background: linear-gradient(to right, ${stops.join(', ')})"></div>
        ${this.end(0, first!)} ${this.end(1, last!)}
      </div>
      <div class="ends small number">
        <span>${formatNumber(range[0], 2)}</span>
        <button ?disabled=${this.automatic || ranked} @click=${() => this.tell(null)}>automatic</button>
        <span>${formatNumber(range[1], 2)}</span>
      </div>
    `;
  }

  private end(end: 0 | 1, place: number) {
    const { range, span } = this;
    return html`<div
      role="slider"
      tabindex="0"
      aria-label="${end === 0 ? 'First' : 'Last'} colour: ${this.name}"
      aria-valuemin=${Math.min(...span)}
      aria-valuemax=${Math.max(...span)}
      aria-valuenow=${range[end]}
      aria-valuetext=${formatNumber(range[end])}
      aria-disabled=${this.ranked}
      .style="left: ${place}%"
      @pointerdown=${(event: PointerEvent) => this.hold(event)}
      @pointermove=${(event: PointerEvent) => this.drag(event, end)}
      @pointerup=${this.letGo}
      @pointercancel=${this.letGo}
      @keydown=${(event: KeyboardEvent) => this.press(event, end)}
    ></div>`;
  }

  private hold({ currentTarget, pointerId, button }: PointerEvent): void {
    if (this.ranked || button !== 0 || !(currentTarget instanceof HTMLElement)) return;
    currentTarget.setPointerCapture(pointerId);
    this.held = this.span;
  }

  private drag({ clientX }: PointerEvent, end: 0 | 1): void {
    if (!this.held) return;
    const { left, width } = this.track.getBoundingClientRect();
    this.move(end, (clientX - left) / width);
  }

  private letGo(): void {
    this.held = undefined;
    this.requestUpdate();
  }

  private press(event: KeyboardEvent, end: 0 | 1): void {
    const step = STEPS[event.key];
    if (event.key === 'Delete' || event.key === 'Backspace') this.tell(null);
    else if (step !== undefined)
      this.move(end, shareOf(this.scale, this.span, this.range[end]) + (event.shiftKey ? 5 : 1) * step);
    else return;
    event.preventDefault();
  }

  private move(end: 0 | 1, share: number): void {
    if (!this.ranked) this.tell(movedEnd(this.scale, this.range, this.span, end, share));
  }

  private tell(range: Range | null): void {
    this.dispatchEvent(new CustomEvent('range', { detail: range }));
  }
}

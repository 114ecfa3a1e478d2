import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Zoom } from '../../experiment/zoom';
import type { Place } from '../../view/place';
import { PHONE, sharedStyles } from '../page/styles';
import { boxing, centring, frameBetween, frameOf, isHeld, panning, type Frame } from './frame';
import { LEVELS, type Gesture } from './gestures';
import { Painter } from './painter';
import type { Picture } from './pictures';
import { placeUnder } from './pointer';

/** Pixels that a pointer moves before it drags rather than clicks. */
const SLACK = 3;
/** Pixels beyond a frame, which may be tiny, at which it can still be taken hold of. */
const GRIP = 5;
/** Share of what is seen by which an arrow key moves it; with Shift all of it. */
const STEP = 0.25;

/** A press that has not ended. */
interface Press {
  /** What was seen when it began. */
  readonly zoom: Zoom;
  /** The frame is held, and else another is drawn. */
  readonly isHeld: boolean;
  readonly from: Place;
  readonly to: Place;
  /** It has moved, and is no click any more. */
  readonly isDrag: boolean;
}

/**
 * A small picture of a whole map, and where in it the part lies that is shown: a frame that can be dragged. Beside it another is drawn.
 * @fires look with the gesture that asks for another view
 * @fires aim with the gesture that would be told if the drag ended here, or null when there is none any more
 */
@customElement('mini-map')
export class MiniMap extends LitElement {
  @property({ attribute: false }) picture: Picture | undefined;
  /** What is framed. */
  @property({ attribute: false }) zoom!: Zoom;
  /** Whether there is a second axis. */
  @property({ type: Boolean }) tall = false;
  @state() private pressed: Press | undefined;
  @query('canvas') private canvas!: HTMLCanvasElement;
  private readonly painter = new Painter(() => this.canvas);

  static override styles = [
    sharedStyles,
    css`
      :host {
        position: relative;
        width: 72px;
        height: 54px;
        overflow: hidden;
        background: var(--empty);
        cursor: crosshair;
        touch-action: none;
        user-select: none;
        -webkit-user-select: none;
        forced-color-adjust: none;
      }
      :host([held]) {
        cursor: grab;
      }
      canvas {
        width: 100%;
        height: 100%;
        image-rendering: pixelated;
      }
      i {
        position: absolute;
        min-width: 6px;
        min-height: 6px;
        pointer-events: none;
        border: 1.5px solid var(--cross);
        outline: 1px solid var(--cross-edge);
        transform: translate(-50%, 50%);
      }
      i.drawn {
        min-width: 0;
        min-height: 0;
        border: 1px dashed var(--cross);
      }
      @media ${PHONE} {
        :host {
          width: 104px;
          height: 78px;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.addEventListener('pointerdown', this.press);
    this.addEventListener('pointermove', this.drag);
    this.addEventListener('pointerup', this.lift);
    this.addEventListener('pointercancel', this.leave);
    this.addEventListener('keydown', this.key);
  }

  override render() {
    const { pressed, tall } = this;
    const isDrawn = pressed?.isDrag && !pressed.isHeld;
    return html`<canvas aria-hidden="true"></canvas>
      <i .style=${frameStyle(frameOf(this.zoom, tall))}></i>
      ${
        isDrawn
          ? html`<i class="drawn" .style=${frameStyle(frameBetween(pressed.from, pressed.to, tall))}></i>`
          : nothing
      }`;
  }

  override updated(): void {
    this.painter.paint(this.picture);
  }

  private press(event: PointerEvent): void {
    if (event.button > 0) return;
    const from = placeUnder(this, event);
    this.pressed = {
      zoom: this.zoom,
      isHeld: !event.shiftKey && this.isFrameAt(from),
      from,
      to: from,
      isDrag: false,
    };
    this.setPointerCapture(event.pointerId);
  }

  private drag(event: PointerEvent): void {
    const { pressed } = this;
    const to = placeUnder(this, event);
    if (!pressed) {
      this.toggleAttribute('held', this.isFrameAt(to));
      return;
    }
    const { clientWidth, clientHeight } = this;
    const [x, y] = [(to.x - pressed.from.x) * clientWidth, (to.y - pressed.from.y) * clientHeight];
    this.pressed = { ...pressed, to, isDrag: pressed.isDrag || Math.hypot(x, y) > SLACK };
    if (this.pressed.isDrag) this.tell('aim', gestureOf(this.pressed));
  }

  private lift(): void {
    const { pressed } = this;
    if (!pressed) return;
    this.leave();
    this.tell('look', gestureOf(pressed));
  }

  private leave(): void {
    this.pressed = undefined;
    this.tell('aim', null);
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? 1 : STEP;
    const by = new Map<string, Place>([
      ['ArrowLeft', { x: -step, y: 0 }],
      ['ArrowRight', { x: step, y: 0 }],
      ['ArrowUp', { x: 0, y: step }],
      ['ArrowDown', { x: 0, y: -step }],
    ]).get(event.key);
    const levels = LEVELS.get(event.key);
    if (by) this.tell('look', { kind: 'pan', by });
    else if (levels !== undefined) this.tell('look', { kind: 'zoom', at: { x: 0.5, y: 0.5 }, levels });
    else if (event.key === 'r' || event.key === 'R') this.tell('look', { kind: 'whole' });
    else if (event.key === 'Escape' && this.pressed) this.leave();
    else return;
    event.preventDefault();
  }

  /** Whether a pointer at a place takes hold of the frame. */
  private isFrameAt(place: Place): boolean {
    const grip = { x: GRIP / this.clientWidth, y: GRIP / this.clientHeight };
    return isHeld(this.zoom, this.tall, place, grip);
  }

  private tell(type: 'look' | 'aim', detail: Gesture | null): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** What a press asks for where it is now. */
function gestureOf({ zoom, isHeld: held, from, to, isDrag }: Press): Gesture {
  if (!isDrag) return centring(zoom, to);
  return held ? panning(zoom, from, to) : boxing(zoom, from, to);
}

function frameStyle({ from, to }: Frame): string {
  const percent = (share: number) => `${(100 * share).toFixed(3)}%`;
  const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  const [width, height] = [to.x - from.x, to.y - from.y];
  return `left: ${percent(x)}; bottom: ${percent(y)}; width: ${percent(width)}; height: ${percent(height)}`;
}

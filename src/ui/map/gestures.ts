import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Place } from '../../view/place';
import { NARROW } from '../page/styles';
import { placeUnder } from './pointer';

/** What a person does to the view of a map. */
export type Gesture =
  | { readonly kind: 'zoom'; readonly at: Place; readonly levels: number }
  /** By shares of what is seen. */
  | { readonly kind: 'pan'; readonly by: Place }
  | { readonly kind: 'box'; readonly from: Place; readonly to: Place }
  | { readonly kind: 'whole' };

/** Keys that go deeper into a map, or back, and by how many levels. */
export const LEVELS: ReadonlyMap<string, number> = new Map([
  ['+', 1],
  ['=', 1],
  ['-', -1],
  ['_', -1],
]);

/** What the map shows of a gesture that has not ended. */
export type Preview =
  /** Pixels; `scale` about `origin`. */
  | {
      readonly kind: 'moved';
      readonly x: number;
      readonly y: number;
      readonly scale: number;
      readonly origin: Place;
    }
  | { readonly kind: 'box'; readonly from: Place; readonly to: Place };

/** Pixels that a pointer moves before it drags rather than clicks. */
const SLACK = 5;
/** Pixels of a wheel that are a level: what a mouse turns at once. */
const NOTCH = 100;

/** Pixels. */
interface Point {
  readonly x: number;
  readonly y: number;
}

/** Wheel, drag, shift-drag, pinch and double-click on a map. */
export class Gestures implements ReactiveController {
  preview: Preview | undefined;
  private plot: HTMLElement | undefined;
  private readonly pointers = new Map<number, { start: Point; now: Point }>();
  private isBox = false;
  private isDragging = false;
  private turned = 0;

  /**
   * @param isWhole whether there is nothing beyond what is seen
   * @param tell is told of every gesture that has ended
   */
  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly isWhole: () => boolean,
    private readonly tell: (gesture: Gesture) => void,
  ) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.pointers.clear();
    this.end();
  }

  /** Listens to a map from now on. */
  on(plot: HTMLElement): void {
    this.plot = plot;
    plot.addEventListener('wheel', (event) => this.turn(event), { passive: false });
    plot.addEventListener('pointerdown', (event) => this.press(event));
    plot.addEventListener('pointermove', (event) => this.move(event));
    plot.addEventListener('pointerup', (event) => this.lift(event));
    plot.addEventListener('pointercancel', () => this.cancel());
    plot.addEventListener('dblclick', (event) =>
      this.tell({ kind: 'zoom', at: this.placeOf(event), levels: event.shiftKey ? -1 : 1 }),
    );
    // What ends a drag is no click.
    plot.addEventListener('click', (event) => this.isDragging && event.stopImmediatePropagation(), true);
  }

  /** Where the page itself scrolls, a wheel turns it, unless a key says that it is for the map, as a trackpad's pinch does. */
  private turn(event: WheelEvent): void {
    const isScrolled = matchMedia(NARROW.cssText).matches && !event.ctrlKey && !event.metaKey;
    if (isScrolled || (event.deltaY > 0 && this.isWhole())) return;
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : 33 * event.deltaY;
    // A pinch comes as many small turns.
    this.turned += event.ctrlKey && Math.abs(pixels) < 50 ? 4 * pixels : pixels;
    const levels = Math.trunc(-this.turned / NOTCH);
    if (levels === 0) return;
    this.turned = 0;
    this.tell({ kind: 'zoom', at: this.placeOf(event), levels: Math.sign(levels) });
  }

  private press(event: PointerEvent): void {
    if (event.button > 0) return;
    const point = { x: event.clientX, y: event.clientY };
    this.pointers.set(event.pointerId, { start: point, now: point });
    if (this.pointers.size > 1) for (const one of this.pointers.values()) one.start = one.now;
    this.isDragging = false;
    this.isBox = event.shiftKey;
  }

  private move(event: PointerEvent): void {
    const pointer = this.pointers.get(event.pointerId);
    if (!pointer) return;
    pointer.now = { x: event.clientX, y: event.clientY };
    const [first, second] = [...this.pointers.values()];
    if (first && second) {
      this.isDragging = true;
      this.preview = {
        kind: 'moved',
        x: 0,
        y: 0,
        scale: spread(first, second),
        origin: this.placeOf(middle(first, second)),
      };
    } else {
      const [x, y] = [pointer.now.x - pointer.start.x, pointer.now.y - pointer.start.y];
      if (!this.isDragging && (Math.hypot(x, y) < SLACK || (this.isWhole() && !this.isBox))) return;
      if (!this.isDragging) this.plot?.setPointerCapture(event.pointerId);
      this.isDragging = true;
      this.preview = this.isBox
        ? { kind: 'box', from: this.placeOf(pointer.start), to: this.placeOf(pointer.now) }
        : { kind: 'moved', x, y, scale: 1, origin: { x: 0, y: 0 } };
    }
    this.host.requestUpdate();
  }

  private lift(event: PointerEvent): void {
    const { preview } = this;
    const [first, second] = [...this.pointers.values()];
    const levels = first && second ? Math.round(Math.log2(spread(first, second))) : 0;
    this.pointers.clear();
    this.end();
    if (preview?.kind === 'box') this.tell(preview);
    else if (preview && levels !== 0) this.tell({ kind: 'zoom', at: preview.origin, levels });
    else if (preview && preview.scale === 1) {
      const { width, height } = this.plot!.getBoundingClientRect();
      this.tell({ kind: 'pan', by: { x: -preview.x / width, y: preview.y / height } });
    }
    if (this.isDragging) setTimeout(() => (this.isDragging = false)); // after the click
    if (event.pointerType === 'touch') this.isBox = false;
  }

  private cancel(): void {
    this.pointers.clear();
    this.isDragging = false;
    this.end();
  }

  private end(): void {
    this.preview = undefined;
    this.host.requestUpdate();
  }

  private placeOf({ x, y }: Point): Place {
    return placeUnder(this.plot!, { clientX: x, clientY: y });
  }
}

interface Moved {
  readonly start: Point;
  readonly now: Point;
}

/** How much farther from each other two pointers are than at first. */
function spread(one: Moved, other: Moved): number {
  const distance = (which: 'start' | 'now') =>
    Math.hypot(one[which].x - other[which].x, one[which].y - other[which].y);
  return distance('now') / Math.max(1, distance('start'));
}

function middle(one: Moved, other: Moved): Point {
  return { x: (one.start.x + other.start.x) / 2, y: (one.start.y + other.start.y) / 2 };
}

import type { Picture } from './pictures';

/** Milliseconds of painting in one task, so that even the largest maps never hold the page for long. */
const TURN = 5;
/** Times its last painting that a map rests before the next: a map of any size takes a tenth of the page's time. */
const REST = 9;

/** Paints pictures on a canvas, a little at a time, and leaves out those that others have overtaken. */
export class Painter {
  private picture: Picture | undefined;
  private painting: number | undefined;
  /** When the next painting may begin. */
  private rested = 0;

  /**
   * @param canvas which gets as many pixels as the picture has
   * @param shown is told of the cells that are not finished, once the picture is there
   */
  constructor(
    private readonly canvas: () => HTMLCanvasElement,
    private readonly shown: (unfinished: ImageData) => void = () => undefined,
  ) {}

  paint(picture: Picture | undefined): void {
    if (picture === this.picture) return;
    this.picture = picture;
    this.paintSoon();
  }

  private paintSoon(): void {
    this.painting ??= window.setTimeout(() => this.begin(), Math.max(0, this.rested - performance.now()));
  }

  private begin(): void {
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
      this.show(image);
      this.shown(mask);
      this.painting = undefined;
      this.rested = performance.now() + REST * (took + performance.now() - start);
      if (this.picture !== picture) this.paintSoon();
    };
    turn();
  }

  private show(image: ImageData): void {
    const canvas = this.canvas();
    const { width, height } = image;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    // The canvas stays in the CPU's memory: it only gets whole pictures, and on a software GPU the first canvas costs a frame of 0.3 s.
    canvas.getContext('2d', { willReadFrequently: true })?.putImageData(image, 0, 0);
  }
}

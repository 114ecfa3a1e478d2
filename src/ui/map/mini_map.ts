import { css, html, LitElement } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { Zoom } from '../../experiment/zoom';
import { sharedStyles } from '../page/styles';
import { placeUnder } from './pointer';
import { Painter } from './painter';
import type { Picture } from './pictures';

/**
 * A small picture of a whole map, and where in it the part lies that is shown.
 * @fires jump with the place that was clicked
 */
@customElement('mini-map')
export class MiniMap extends LitElement {
  @property({ attribute: false }) picture: Picture | undefined;
  @property({ attribute: false }) zoom!: Zoom;
  /** Whether there is a second axis. */
  @property({ type: Boolean }) tall = false;
  @query('canvas') private canvas!: HTMLCanvasElement;
  private readonly painter = new Painter(() => this.canvas);

  static override styles = [
    sharedStyles,
    css`
      :host {
        position: relative;
        width: 64px;
        height: 48px;
        overflow: hidden;
        background: var(--empty);
        cursor: crosshair;
        forced-color-adjust: none;
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
    `,
  ];

  constructor() {
    super();
    this.addEventListener('click', this.jump);
  }

  override render() {
    const { x, y } = this.zoom;
    const percent = (share: number) => `${(100 * share).toFixed(3)}%`;
    const [centre, size] = this.tall ? [y.centre, 2 ** -y.level] : [0.5, 1];
    return html`<canvas aria-hidden="true"></canvas>
      <i
        .style="left: ${percent(x.centre)}; bottom: ${percent(centre)}; width: ${percent(2 ** -x.level)}; height: ${percent(size)}"
      ></i>`;
  }

  override updated(): void {
    this.painter.paint(this.picture);
  }

  private jump(event: MouseEvent): void {
    this.dispatchEvent(new CustomEvent('jump', { detail: placeUnder(this, event) }));
  }
}

import { css, html, LitElement, nothing, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { follow } from '../page/follow';
import { sharedStyles } from '../page/styles';
import { middleOf, type Place } from '../../view/place';
import type { Gesture } from './gestures';
import type { MapState } from './map_state';
import './mini_map';
import { Pictures } from './pictures';
import type { Run } from './run';
import { MOST_EXACT } from './sweep_state';
import { canDeepen, isWhole, lookedAt, zoomWords } from './viewport';

const arrow = (path: string) =>
  html`<svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
    ${svg`<path d=${path} fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" />`}
  </svg>`;
const BACK = arrow('M6 3 L2 7 L6 11 M2 7 H10 A4 4 0 0 1 10 14 H7');
const ON = arrow('M10 3 L14 7 L10 11 M14 7 H6 A4 4 0 0 0 6 14 H9');
const MIDDLE: Place = { x: 0.5, y: 0.5 };

/** Which part of the maps is shown: buttons for those without a wheel, small pictures of the whole, and how exactly it is trained. */
@customElement('view-bar')
export class ViewBar extends LitElement {
  @property({ attribute: false }) map!: MapState;
  /** What a drag on a small map asks for so far. */
  @state() private aim: Gesture | undefined;
  private readonly pictures = new Pictures();

  constructor() {
    super();
    follow(this, () => [this.map]);
  }

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 4px 10px;
        font-size: 0.75rem;
      }
      .row,
      .minis {
        display: flex;
        gap: 4px;
      }
      .row {
        margin-top: 4px;
      }
      button {
        min-width: 28px;
        height: 24px;
        padding: 0 7px;
        font-size: 0.75rem;
      }
      .problem {
        flex-basis: 100%;
      }
    `,
  ];

  override render() {
    const { sweep, view } = this.map;
    const { run, whole, wholeAxes: axes } = sweep;
    const { zoom, palette } = view;
    const atWhole = isWhole(zoom);
    // Both small maps show where a drag would lead.
    const aimed = axes && this.aim ? lookedAt(zoom, axes, this.aim) : zoom;
    const look = (gesture: Gesture) => () => this.map.look(gesture);
    const pictures = whole && this.pictures.of(whole, palette, this.map.shadingOf(whole)).arms;
    return html`
      <div>
        <span
          class="number"
          data-zoom=${Math.max(zoom.x.level, zoom.y.level)}
          data-reused=${run?.reused ?? 0}
        >
          ${axes ? zoomWords(zoom, axes) : '1×'}
          <span class="quiet">${run && !atWhole ? reusedWords(run) : 'the whole maps'}</span>
        </span>
        <div class="row" role="group" aria-label="View of the maps">
          <button
            aria-label="Zoom in"
            title="Zoom in: + key, wheel, double-click; Shift and drag for a box"
            ?disabled=${!axes || !canDeepen(zoom, axes)}
            @click=${look({ kind: 'zoom', at: this.middle(run), levels: 1 })}
          >
            +
          </button>
          <button
            aria-label="Zoom out"
            title="Zoom out: − key, wheel"
            ?disabled=${atWhole}
            @click=${look({ kind: 'zoom', at: MIDDLE, levels: -1 })}
          >
            −
          </button>
          <button title="The whole maps: R key" ?disabled=${atWhole} @click=${look({ kind: 'whole' })}>
            Whole
          </button>
          <button aria-label="The view before" title="The view before" @click=${() => history.back()}>
            ${BACK}
          </button>
          <button aria-label="The view after" title="The view after" @click=${() => history.forward()}>
            ${ON}
          </button>
        </div>
      </div>
      <div class="minis">
        ${this.map.page.view.experiment.arms
          .slice(0, 2)
          .map(
            ({ name }, arm) =>
              html`<mini-map
                role="application"
                tabindex="0"
                aria-roledescription="small map"
                aria-label="Where the map ${name} lies in the whole one"
                title="Drag the frame to move the view, or draw another beside it; click to look there. Arrow keys move it, + and − zoom"
                .picture=${pictures?.[arm]}
                .zoom=${aimed}
                ?tall=${axes?.y !== undefined}
                @aim=${({ detail }: CustomEvent<Gesture | null>) => (this.aim = detail ?? undefined)}
                @look=${({ detail }: CustomEvent<Gesture>) => this.map.look(detail)}
              ></mini-map>`,
          )}
      </div>
      ${
        run?.precision === 'float64'
          ? html`<p class="problem" role="status" data-precision="float64">
              Here float32, in which GPUs compute, cannot tell neighbouring cells apart: the CPU trains them
              in float64, at most ${MOST_EXACT} × ${MOST_EXACT} of them.
            </p>`
          : nothing
      }
    `;
  }

  /** Where the buttons zoom in: at the pinned cell, or the middle. */
  private middle(run: Run | undefined): Place {
    const { pinned } = this.map.crosshair;
    return pinned && run ? middleOf(pinned, run.experiment.axes) : MIDDLE;
  }
}

function reusedWords({ reused, results }: Run): string {
  return reused > 0 ? `${reused} of ${results.grid.cells} cells kept` : 'all cells trained anew';
}

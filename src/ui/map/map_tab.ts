import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Experiment } from '../../experiment/types';
import { capitalized } from '../../view/capitalized';
import { differenceAt, stateAt } from '../../view/difference';
import { frameDifference, frameWords } from '../../view/frame_picture';
import { headline, type Cell } from '../../view/headline';
import type { Place } from '../../view/place';
import { colourWords } from '../../view/outcome_words';
import { readoutOf, type Readout } from '../../view/readout';
import { representative } from '../../view/representative';
import '../experiment/experiment_side';
import { thumbnail } from '../keeping/thumbnail';
import { follow } from '../page/follow';
import { PHONE, sharedStyles } from '../page/styles';
import '../trial/trial_panel';
import { CellBrush } from './cell_brush';
import '../reading/cell_readout';
import { DivergenceMap } from './divergence_map';
import { exportsOf } from './exports';
import type { Gesture } from './gestures';
import { FramePictures } from '../playing/frame_pictures';
import './headline_number';
import type { MapState } from './map_state';
import './map_marks';
import '../reading/map_overlay';
import './map_status';
import { mapStyles } from './map_styles';
import { Pictures, type Picture } from './pictures';
import type { Run } from './run';
import './sweep_progress';
import { isWhole } from './viewport';

/** Home: the maps of a sweep, what to ask of them, and the trial under the crosshair. */
@customElement('map-tab')
export class MapTab extends LitElement {
  @property({ attribute: false }) map!: MapState;
  @property() theme = '';
  /** On phones: the trial's sheet is open. */
  @property({ type: Boolean, reflect: true }) private sheet = false;
  private isSelecting = false;
  private readonly pictures = new Pictures();
  private readonly exports = () => exportsOf(this.map);
  private readonly framePictures = new FramePictures();

  static override styles = [sharedStyles, mapStyles];

  constructor() {
    super();
    follow(this, () => [this.map]);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('keydown', this.fold);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.documentElement.toggleAttribute('data-sheet', false);
    this.removeEventListener('keydown', this.fold);
  }

  private readonly fold = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.sheet = false;
    const { selection } = this.map;
    if (event.key === 's' && event.composedPath().some((target) => target instanceof DivergenceMap))
      selection.turn(!selection.isOn);
  };

  /** Tells the layout how many maps there are, and how many rows: the headline's, and those of maps and legend, two in a row. */
  protected override willUpdate(): void {
    const isSelecting = this.map.selection.isOn;
    if (isSelecting && !this.isSelecting) this.sheet = false; // it would lie over the maps
    this.isSelecting = isSelecting;
    const arms = this.experiment.arms.length;
    const maps = arms > 1 ? arms + 1 : 1;
    this.toggleAttribute('bare', this.isBare);
    this.style.setProperty('--maps', String(maps));
    this.style.setProperty('--rows', String(1 + Math.ceil((maps + 1) / 2)));
  }

  protected override updated(): void {
    document.documentElement.toggleAttribute('data-sheet', this.sheet);
  }

  /** Maps, legend and headline only. */
  private get isBare(): boolean {
    return this.map.page.view.shows === 'maps';
  }

  /** Before the first run there are the maps' axes already. */
  private get experiment(): Experiment {
    const { sweep, page } = this.map;
    return sweep.run?.experiment ?? page.view.experiment;
  }

  override render() {
    const { page, sweep } = this.map;
    const { run, failure } = sweep;
    const { isBare } = this;
    return html`
      ${
        isBare
          ? nothing
          : html`<div class="side">
              <slot></slot>
              <experiment-side
                role="region"
                aria-label="Experiment"
                .page=${page}
                .exports=${this.exports}
              ></experiment-side>
            </div>`
      }
      <section class="head" aria-label="Largest learning rate that trains, and progress">
        ${run ? this.headline(run) : html`<p class="quiet">Preparing the maps …</p>`}
        ${
          isBare
            ? nothing
            : html`<sweep-progress
                .phase=${sweep.phase}
                .progress=${sweep.progress}
                @command=${({ detail }: CustomEvent<'pause' | 'resume' | 'stop' | 'restart'>) => sweep[detail]()}
              ></sweep-progress>`
        }
        ${failure ? html`<p class="problem" role="alert">${failure}</p>` : nothing}
      </section>
      <div class="work">
        <section class="maps" aria-label="Maps">
          ${this.maps(run)}
          <map-status .map=${this.map} .draw=${() => thumbnail(this.shownMaps())}></map-status>
        </section>
        ${
          isBare
            ? nothing
            : html`<trial-panel
                role="region"
                aria-label="Trial under the crosshair"
                .map=${this.map}
                .theme=${this.theme}
                ?open=${this.sheet}
                @fold=${({ detail }: CustomEvent<boolean>) => (this.sheet = detail)}
              ></trial-panel>`
        }
      </div>
    `;
  }

  private headline(run: Run) {
    const { crosshair, findings, sweep } = this.map;
    const { table, grid } = run.results;
    const { line, cell } = crosshair;
    const { found } = findings;
    const told =
      line &&
      headline(run.experiment, line, cell, found?.edges, (arm, { ix, iy }) =>
        stateAt(table, grid, arm, ix, iy),
      );
    return html`<headline-number
      .headline=${told}
      ?searching=${!found?.sharp && sweep.phase !== 'stopped' && sweep.phase !== 'failed'}
      .arms=${run.experiment.arms.map(({ name }) => name)}
    ></headline-number>`;
  }

  /** The canvases of the maps, as they are shown now. */
  private shownMaps(): HTMLCanvasElement[] {
    return Array.from(
      this.renderRoot.querySelectorAll<DivergenceMap>('divergence-map'),
      ({ canvas }) => canvas,
    );
  }

  private maps(run: Run | undefined) {
    const { arms } = this.experiment;
    const { ix, iy } = this.map.crosshair.cell;
    const names = [...arms.map(({ name }) => name), ...(arms.length > 1 ? ['difference'] : [])];
    if (!run) return names.map((name) => this.divergenceMap(name, undefined, 'waiting'));
    const { palette, colouring } = this.map.view;
    const frame = this.map.player.shown;
    if (frame) {
      const pictures = this.framePictures.of(frame, palette);
      return names.map((name, arm) =>
        arm < arms.length
          ? this.divergenceMap(name, pictures.arms[arm], frameWords(frame, arm, ix, iy))
          : this.divergenceMap(name, pictures.difference, frameDifference(frame, ix, iy)),
      );
    }
    const { activation } = run.experiment.model;
    const shading = this.map.shadingOf(run);
    const { results, ...pictures } = this.pictures.of(run, palette, shading, this.map.selection.looked);
    const { table, grid } = results;
    const readout = readoutOf(run.experiment, results, { ix, iy });
    return names.map((name, arm) =>
      arm < arms.length
        ? this.divergenceMap(
            name,
            pictures.arms[arm],
            colourWords(results, representative(table, grid, arm, ix, iy), colouring, activation),
            readout,
            arm,
          )
        : this.divergenceMap(name, pictures.difference, differenceAt(table, grid, ix, iy, names), readout),
    );
  }

  /** @param arm whose boundary and theory are drawn over it, if it is the map of one */
  private divergenceMap(
    heading: string,
    picture: Picture | undefined,
    reading: string,
    readout?: Readout,
    arm?: number,
  ) {
    const { crosshair, boundaries, theory, view } = this.map;
    const { x, y } = this.experiment.axes;
    const { ix, iy } = crosshair.cell;
    const isArm = arm !== undefined;
    return html`<divergence-map
      heading=${capitalized(heading)}
      reading=${reading}
      .picture=${picture}
      .axes=${this.experiment.axes}
      .cell=${picture && crosshair.cell}
      ?pinned=${crosshair.pinned !== undefined}
      ?zoomed=${!isWhole(this.map.view.zoom)}
      @look=${({ detail }: CustomEvent<Gesture>) => this.map.look(detail)}
      @cell-hover=${({ detail }: CustomEvent<Cell | null>) => crosshair.hover(detail ?? undefined)}
      @cell-pin=${this.pin}
      @cell-move=${({ detail }: CustomEvent<Cell>) => crosshair.move(detail)}
      @cell-set=${() => crosshair.set()}
      @cell-free=${() => crosshair.remove()}
    >
      <map-overlay
        slot="over"
        .axes=${this.experiment.axes}
        .boundary=${(isArm && boundaries?.[arm]?.path) || ''}
        .predictions=${(isArm && view.theory && theory[arm]?.predictions) || []}
      ></map-overlay>
      ${
        readout
          ? html`<cell-readout
              slot="beside"
              .readout=${readout}
              .at=${{ x: (ix + 0.5) / x.count, y: (iy + 0.5) / (y?.count ?? 1) }}
            ></cell-readout>`
          : nothing
      }
      ${picture ? html`<map-marks .map=${this.map}></map-marks>${this.brush(heading)}` : nothing}
    </divergence-map>`;
  }

  /** Lies over a map's cells while they are selected. */
  private brush(heading: string) {
    const { selection } = this.map;
    if (!selection.isOn) return nothing;
    return html`<cell-brush
      heading=${capitalized(heading)}
      .axes=${this.experiment.axes}
      brush=${selection.brush}
      @outline=${({ detail }: CustomEvent<readonly Place[]>) => {
        selection.select(detail);
        this.map.show({ panel: 'selection' });
        this.sheet = matchMedia(PHONE.cssText).matches;
      }}
      @leave=${({ currentTarget }: Event) => {
        if (currentTarget instanceof CellBrush)
          currentTarget.closest<DivergenceMap>('divergence-map')?.focus();
        selection.turn(false);
      }}
    ></cell-brush>`;
  }

  private async pin({ detail, currentTarget }: CustomEvent<Cell>): Promise<void> {
    const { crosshair } = this.map;
    crosshair.toggle(detail);
    if (!matchMedia(PHONE.cssText).matches) return;
    this.sheet = crosshair.pins.length > 0;
    await this.updateComplete;
    // The sheet must not hide the map that was tapped.
    if (this.sheet && currentTarget instanceof Element) currentTarget.scrollIntoView({ block: 'nearest' });
  }
}

import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { GRID_SIDES } from '../../scheduler/calibrate';
import { mebibytes } from '../../scheduler/memory';
import type { GridChoice } from '../../service/grid_choice';
import { LONGER } from '../../training/outcome';
import { isSoftware } from '../../view/gpu_states';
import type { Range } from '../../view/colouring';
import { formatSeconds } from '../../view/number_format';
import { paletteOf } from '../../view/palettes';
import { realisticBand } from '../../view/realistic_rates';
import '../experiment/setting_field';
import '../keeping/view_gallery';
import { follow } from '../page/follow';
import { sharedStyles } from '../page/styles';
import './adapter_panel';
import '../reading/boundary_findings';
import '../reading/map_colours';
import '../reading/frame_legend';
import '../keeping/keeping_panel';
import '../reading/map_legend';
import { GRID_FIELD, MEMORY_FIELD, type MapState } from './map_state';
import { shownResults, type Run } from './run';
import './view_bar';
import '../reading/theory_findings';
import '../playing/step_player';

/** What the maps are made of and mean: grid and memory, the legend, the colours, and what computes. */
@customElement('map-status')
export class MapStatus extends LitElement {
  @property({ attribute: false }) map!: MapState;
  /** Makes a small picture of the maps, as a data URL. */
  @property({ attribute: false }) draw: () => string = () => '';

  constructor() {
    super();
    follow(this, () => [this.map]);
  }

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: grid;
        gap: 8px;
        align-content: start;
        overflow-y: auto;
        scrollbar-width: thin;
      }
      .row {
        justify-content: space-between;
        font-size: 0.75rem;
      }
      select,
      input {
        height: 24px;
        font-size: 0.75rem;
      }
      input {
        width: 64px;
        text-align: right;
      }
    `,
  ];

  override render() {
    const { view, page, sweep } = this.map;
    const { run, faults } = sweep;
    const { refusals } = page.entries;
    const fault = faults.at(-1);
    if (page.view.shows === 'maps') return run ? this.legend(run) : nothing;
    return html`
      ${fault ? html`<p class="problem" role="status" data-fault>${fault}</p>` : nothing}
      ${run?.warnings.map((words) => html`<p class="problem" role="status" data-warning>${words}</p>`)}
      <view-bar .map=${this.map}></view-bar>
      <step-player .map=${this.map}></step-player>
      <setting-field
        narrow
        .label=${this.gridWords()}
        name="Grid"
        .options=${gridOptions(view.grid)}
        .value=${String(view.grid)}
        .refusal=${refusals.get(GRID_FIELD.id)}
        @entry=${({ detail }: CustomEvent<string>) => this.map.enterGrid(detail)}
      ></setting-field>
      <map-colours .map=${this.map}></map-colours>
      ${run ? [this.boundary(run), this.legend(run), this.longer(run)] : nothing}
      <setting-field
        narrow
        .label=${MEMORY_FIELD.name}
        .value=${String(mebibytes(view.memory))}
        .refusal=${refusals.get(MEMORY_FIELD.id)}
        @entry=${({ detail }: CustomEvent<string>) => this.map.enterMemory(detail)}
        @take-back=${() => page.takeBack(MEMORY_FIELD.id)}
      ></setting-field>
      <adapter-panel
        .compute=${sweep.compute}
        .shape=${sweep.shape}
        .unavailable=${sweep.unavailable}
      ></adapter-panel>
      <view-gallery
        .gallery=${page.gallery}
        .view=${() => ({ name: page.view.experiment.name, link: page.link })}
        .draw=${this.draw}
      ></view-gallery>
      <keeping-panel .keeping=${this.map.keeping}></keeping-panel>
    `;
  }

  private legend(run: Run) {
    const { view, player } = this.map;
    if (player.shown)
      return html`<frame-legend
        .palette=${paletteOf(view.palette)}
        ?compares=${run.experiment.arms.length > 1}
      ></frame-legend>`;
    const { counts } = shownResults(run);
    return html`<map-legend
        .palette=${paletteOf(view.palette)}
        .rule=${run.experiment.rule}
        .shading=${this.map.shadingOf(run)}
        ?fixed=${this.map.page.view.shows === 'maps'}
        ?automatic=${view.range === undefined}
        ?ranked=${view.equalize}
        @range=${({ detail }: CustomEvent<Range | null>) => this.map.setRange(detail ?? undefined)}
        .arms=${run.experiment.arms.map(({ name }) => name)}
        .counts=${[...counts.arms]}
        .differences=${counts.arms.length > 1 ? counts.differences : undefined}
        .colouring=${view.colouring}
        .activation=${run.experiment.model.activation}
        ?rates=${[run.experiment.axes.x, run.experiment.axes.y].some((axis) => axis && realisticBand(axis))}
      ></map-legend>
      ${this.theory()}`;
  }

  private boundary({ experiment: { arms, axes } }: Run) {
    const { boundaries, view } = this.map;
    if (!view.boundary || !axes.y) return nothing;
    return html`<boundary-findings
      .arms=${arms.map(({ name }) => name)}
      .boundaries=${boundaries}
    ></boundary-findings>`;
  }

  private theory() {
    const { theory, view } = this.map;
    if (!view.theory || theory.length === 0) return nothing;
    return html`<theory-findings .arms=${theory}></theory-findings>`;
  }

  /** What the slow trials would do if they had longer. */
  private longer({ results, longer, experiment }: Run) {
    const { sweep } = this.map;
    if (experiment.rule.type !== 'threshold') return nothing; // nothing is slow under the other rule
    if (longer) {
      const words = `${longer.done} of ${longer.trials} slow trials trained ${LONGER} times as long`;
      return html`<label class="row">
        <span class="quiet number" data-longer=${longer.done}>${words}</span>
        <span class="row"
          ><input
            type="checkbox"
            .checked=${longer.isShown}
            @change=${({ target }: Event) =>
              sweep.showLonger(target instanceof HTMLInputElement && target.checked)}
          />shown</span
        >
      </label>`;
    }
    const { slow } = results.counts;
    // The button is there from the start, so that nothing moves when it can be used.
    return html`<button
      data-train-longer
      ?disabled=${slow === 0 || sweep.phase !== 'done'}
      @click=${() => sweep.trainLonger()}
    >
      Train the ${slow} slow trials ${LONGER} times as long
    </button>`;
  }

  private gridWords(): string {
    const { run, estimate, compute } = this.map.sweep;
    if (!run) return 'Choosing a grid …';
    const { nx, ny } = run.results.grid;
    const cells = `${nx} × ${ny} cells`;
    if (!estimate || !compute) return cells;
    const on =
      compute.engine === 'reference'
        ? 'the CPU'
        : isSoftware(compute.adapter)
          ? 'this software adapter'
          : 'this adapter';
    return `${cells}: about ${formatSeconds(estimate.seconds)} on ${on}`;
  }
}

/** The sides on offer, and the present one, which a link may have brought. */
function gridOptions(grid: GridChoice): ReadonlyMap<string, string> {
  const sides = new Set(typeof grid === 'number' ? [...GRID_SIDES, grid].sort((a, b) => a - b) : GRID_SIDES);
  const options = ['auto', ...(grid === 'document' ? ['document'] : []), ...[...sides].map(String)];
  return new Map(options.map((option) => [option, gridOption(option)]));
}

function gridOption(option: string): string {
  if (option === 'auto') return 'grid: automatic';
  return option === 'document' ? 'grid: as in the file' : `${option} × ${option}`;
}

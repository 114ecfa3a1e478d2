import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { serializeExperiment } from '../experiment/url';
import { GRID_SIDES } from '../scheduler/calibrate';
import { mebibytes } from '../scheduler/memory';
import './adapter_panel';
import './copy_button';
import './divergence_map';
import type { Picture } from './divergence_map';
import { differenceAt, type Difference } from './difference';
import './experiment_controls';
import { download, fileName } from './files';
import { isSoftware } from './gpu_states';
import type { GridChoice } from './grid_choice';
import { headline, type Cell } from './headline';
import './headline_number';
import './map_legend';
import {
  countDifferences,
  countStates,
  finishedShare,
  mapColours,
  paintArm,
  paintDifference,
  type Canvas,
  type StateCounts,
} from './map_picture';
import { formatSeconds } from './number_format';
import { outcomeWords } from './outcome_words';
import { PALETTES, paletteOf } from './palettes';
import './preset_list';
import { presetOf } from './preset_of';
import { representative } from './representative';
import './setting_field';
import { sharedStyles } from './styles';
import { GRID_FIELD, lineKey, MEMORY_FIELD, type Run, type SweepController } from './sweep_controller';
import './sweep_progress';
import './trial_panel';

/** Home: the maps of a sweep, what to ask of them, and the trial under the crosshair. */
@customElement('map-tab')
export class MapTab extends LitElement {
  @property({ attribute: false }) controller!: SweepController;
  @property() theme = '';
  private readonly follow = () => this.requestUpdate();

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: grid;
        grid-template: 'side head trial' auto 'side maps trial' 1fr / 272px minmax(0, 1fr) 316px;
        gap: 14px 24px;
        height: 100%;
        padding: 0 20px 16px;
        container-type: inline-size;
      }
    `,
    css`
      .side {
        grid-area: side;
        overflow-y: auto;
        scrollbar-width: thin;
        margin-left: -10px;
      }
      .side > * + * {
        margin-top: 10px;
      }
      .side h2 {
        padding: 0 10px;
      }
      .name {
        overflow-wrap: anywhere;
      }
      .files {
        padding: 8px 10px 0;
        border-top: 1px solid var(--line);
      }
      .files button,
      copy-button::part(button) {
        height: 26px;
        font-size: 12px;
      }
      .head {
        grid-area: head;
      }
      .maps {
        grid-area: maps;
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr));
        gap: 14px 20px;
        align-content: start;
      }
      trial-panel {
        grid-area: trial;
        overflow-y: auto;
        scrollbar-width: thin;
      }
      .status {
        display: grid;
        gap: 12px;
        align-content: start;
      }
      .status .row {
        justify-content: space-between;
        font-size: 12px;
      }
      .status select,
      .status input {
        height: 24px;
        font-size: 12px;
      }
      .status input {
        width: 64px;
        text-align: right;
      }
      @media (max-width: 1080px) {
        :host {
          grid-template: 'head head' auto 'maps trial' auto 'side side' auto / minmax(0, 1fr) 300px;
          height: auto;
        }
      }
      @media (max-width: 760px) {
        :host {
          grid-template: 'head' auto 'maps' auto 'trial' auto 'side' auto / minmax(0, 1fr);
          padding: 0 16px 24px;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.controller.addEventListener('change', this.follow);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.controller.removeEventListener('change', this.follow);
  }

  override render() {
    const { controller } = this;
    const { run, view } = controller;
    return html`
      <section class="head" aria-label="Largest learning rate that trains">
        ${run ? this.headline(run) : html`<p class="quiet">Preparing the maps …</p>`}
      </section>
      <section class="maps" aria-label="Maps">
        ${run ? this.maps(run) : nothing}
        <div class="status">${this.status()}</div>
      </section>
      <trial-panel
        role="region"
        aria-label="Trial under the crosshair"
        .run=${run}
        .cell=${controller.cell}
        .trials=${controller.trials}
        .theme=${this.theme}
      ></trial-panel>
      <section class="side" aria-label="Experiment">
        <h2>Questions</h2>
        <preset-list
          current=${presetOf(view.experiment) ?? ''}
          @preset=${({ detail }: CustomEvent<string>) => controller.choosePreset(detail)}
        ></preset-list>
        <h2 class="name">${view.experiment.name}</h2>
        <experiment-controls
          .experiment=${view.experiment}
          .problem=${controller.problem}
          .refusals=${controller.refusals}
          .remark=${controller.remark}
          @entry=${({ detail }: CustomEvent<{ id: string; text: string }>) =>
            controller.enterControl(detail.id, detail.text)}
          @take-back=${({ detail }: CustomEvent<{ id: string }>) => controller.takeBack(detail.id)}
        ></experiment-controls>
        <div class="files row">
          <button @click=${this.chooseFile}>Open …</button>
          <button @click=${this.download}>Download</button>
          <copy-button label="Copy link" .text=${() => location.href}></copy-button>
          <input
            type="file"
            accept=".json,application/json"
            hidden
            aria-label="Experiment file"
            @change=${this.openFile}
          />
        </div>
      </section>
    `;
  }

  private headline(run: Run) {
    const { table, grid } = run.results;
    const { line, cell } = this.controller;
    const found = line && run.edges.get(lineKey(line));
    const told =
      line &&
      headline(run.experiment, line, cell, found?.edges, (arm, { ix, iy }) => {
        const trial = representative(table, grid, arm, ix, iy);
        return trial === undefined ? undefined : table.stateOf(trial);
      });
    return html`<headline-number
      .headline=${told}
      ?searching=${!found?.sharp}
      .arms=${run.experiment.arms.map(({ name }) => name)}
    ></headline-number>`;
  }

  private maps(run: Run) {
    const { controller } = this;
    const { results, experiment } = run;
    const { table, grid } = results;
    const { ix, iy } = controller.cell;
    const names = experiment.arms.map(({ name }) => name);
    const arms = experiment.arms.map(({ name }, arm) =>
      this.map(
        name,
        this.pictures(run).arms[arm],
        outcomeWords(results, representative(table, grid, arm, ix, iy)),
      ),
    );
    return arms.length < 2
      ? arms
      : [
          ...arms,
          this.map('difference', this.pictures(run).difference, differenceAt(table, grid, ix, iy, names)),
        ];
  }

  private map(heading: string, picture: Picture | undefined, reading: string) {
    const { controller } = this;
    return html`<divergence-map
      heading=${capitalized(heading)}
      reading=${reading}
      .picture=${picture}
      .axes=${controller.run!.experiment.axes}
      .cell=${controller.cell}
      ?pinned=${controller.pinned !== undefined}
      @cell-hover=${({ detail }: CustomEvent<Cell | undefined>) => controller.hover(detail)}
      @cell-pin=${({ detail }: CustomEvent<Cell | undefined>) => controller.pin(detail)}
    ></divergence-map>`;
  }

  private drawn:
    | {
        run: Run;
        palette: string;
        arms: (Picture & { counts: StateCounts })[];
        difference: Picture & { counts: Readonly<Record<Difference, number>> };
      }
    | undefined;

  /** Pictures are made anew only for new results or colours, so that a moving crosshair repaints nothing. */
  private pictures(run: Run) {
    const { palette } = this.controller.view;
    if (this.drawn?.run.results === run.results && this.drawn.palette === palette) return this.drawn;
    const { results, scale, experiment } = run;
    const size = { width: results.grid.nx, height: results.grid.ny };
    const colours = mapColours(paletteOf(palette));
    const { range } = scale;
    const arms = experiment.arms.map((_, arm) => ({
      ...size,
      filled: finishedShare(results, arm),
      counts: countStates(results, arm),
      paint: (canvas: Canvas) => paintArm(canvas, results, arm, colours, range),
    }));
    const difference = {
      ...size,
      filled: Math.min(...arms.slice(0, 2).map(({ filled }) => filled)),
      counts: countDifferences(results),
      paint: (canvas: Canvas) => paintDifference(canvas, results),
    };
    this.drawn = { run, palette, arms, difference };
    return this.drawn;
  }

  private status() {
    const { controller } = this;
    const { run, view, phase, progress, failure, faults } = controller;
    const fault = faults.at(-1);
    return html`
      <sweep-progress
        .phase=${phase}
        .progress=${progress}
        @command=${({ detail }: CustomEvent<'pause' | 'resume' | 'stop' | 'restart'>) => controller[detail]()}
      ></sweep-progress>
      ${failure ? html`<p class="problem" role="alert">${failure}</p>` : nothing}
      ${fault ? html`<p class="problem" role="status" data-fault>${fault}</p>` : nothing}
      <setting-field
        narrow
        .label=${this.gridWords()}
        name="Grid"
        .options=${gridOptions(view.grid)}
        .value=${String(view.grid)}
        .refusal=${controller.refusals.get(GRID_FIELD.id)}
        @entry=${({ detail }: CustomEvent<string>) => controller.enterGrid(detail)}
      ></setting-field>
      <setting-field
        narrow
        .label=${MEMORY_FIELD.name}
        .value=${String(mebibytes(view.memory))}
        .refusal=${controller.refusals.get(MEMORY_FIELD.id)}
        @entry=${({ detail }: CustomEvent<string>) => controller.enterMemory(detail)}
        @take-back=${() => controller.takeBack(MEMORY_FIELD.id)}
      ></setting-field>
      ${run ? this.legend(run) : nothing}
      <div class="row">
        <span class="quiet">Colours</span>
        <select
          aria-label="Colours"
          @change=${({ target }: Event) =>
            controller.setPalette(target instanceof HTMLSelectElement ? target.value : view.palette)}
        >
          ${PALETTES.map(
            ({ id, name }) => html`<option value=${id} .selected=${id === view.palette}>${name}</option>`,
          )}
        </select>
      </div>
      <adapter-panel .compute=${controller.compute} .unavailable=${controller.unavailable}></adapter-panel>
    `;
  }

  private legend(run: Run) {
    const { arms, difference } = this.pictures(run);
    return html`<map-legend
      .palette=${paletteOf(this.controller.view.palette)}
      .rule=${run.experiment.rule}
      .range=${run.scale.range}
      .arms=${run.experiment.arms.map(({ name }) => name)}
      .counts=${arms.map(({ counts }) => counts)}
      .differences=${arms.length > 1 ? difference.counts : undefined}
    ></map-legend>`;
  }

  private gridWords(): string {
    const { run, estimate, compute } = this.controller;
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

  private chooseFile(): void {
    this.renderRoot.querySelector<HTMLInputElement>('input[type=file]')?.click();
  }

  private async openFile({ target }: Event): Promise<void> {
    if (!(target instanceof HTMLInputElement)) return;
    const [file] = target.files ?? [];
    if (file) await this.controller.openFile(file);
    target.value = '';
  }

  private download(): void {
    const { experiment } = this.controller.view;
    download(fileName(experiment.name), serializeExperiment(experiment));
  }
}

/** Its own among them, which a link may have brought. */
function gridOptions(grid: GridChoice): ReadonlyMap<string, string> {
  const sides = new Set(typeof grid === 'number' ? [...GRID_SIDES, grid].sort((a, b) => a - b) : GRID_SIDES);
  const options = ['auto', ...(grid === 'document' ? ['document'] : []), ...[...sides].map(String)];
  return new Map(options.map((option) => [option, gridOption(option)]));
}

function gridOption(option: string): string {
  if (option === 'auto') return 'grid: automatic';
  return option === 'document' ? 'grid: as in the file' : `${option} × ${option}`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

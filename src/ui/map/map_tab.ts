import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Experiment } from '../../experiment/types';
import { serializeExperiment } from '../../experiment/url';
import { GRID_SIDES } from '../../scheduler/calibrate';
import { mebibytes } from '../../scheduler/memory';
import { LONGER } from '../../training/outcome';
import '../page/adapter_panel';
import '../page/copy_button';
import './divergence_map';
import type { Picture } from './divergence_map';
import { differenceAt } from '../../view/difference';
import '../experiment/experiment_controls';
import { download, fileName } from '../page/files';
import { COLOURINGS, colouringWords, type Colouring } from '../../view/colouring';
import { isSoftware } from '../../view/gpu_states';
import type { GridChoice } from '../../service/grid_choice';
import { headline, type Cell } from '../../view/headline';
import './headline_number';
import './map_legend';
import {
  finishedShare,
  mapColours,
  paintArm,
  paintDifference,
  type Canvas,
  type Results,
} from '../../view/map_picture';
import { formatSeconds } from '../../view/number_format';
import { outcomeWords } from '../../view/outcome_words';
import { PALETTES, paletteOf } from '../../view/palettes';
import '../experiment/preset_list';
import { presetOf } from '../page/preset_of';
import { representative } from '../../view/representative';
import '../experiment/setting_field';
import { LARGE, LOW, NARROW, PHONE, sharedStyles } from '../page/styles';
import { GRID_FIELD, lineKey, MEMORY_FIELD, type Run, type SweepController } from '../page/sweep_controller';
import './sweep_progress';
import '../trial/trial_panel';
import { encodeView } from '../page/view_state';

/** What the maps show, ready to be painted. */
interface Drawn {
  readonly results: Results;
  readonly palette: string;
  readonly colouring: Colouring;
  readonly arms: readonly Picture[];
  readonly difference: Picture;
}

/** Home: the maps of a sweep, what to ask of them, and the trial under the crosshair. */
@customElement('map-tab')
export class MapTab extends LitElement {
  @property({ attribute: false }) controller!: SweepController;
  @property() theme = '';
  /** Where the window is narrow: the settings are unfolded. */
  @state() private settings = false;
  /** On phones: the trial's sheet is open. */
  @property({ type: Boolean, reflect: true }) private sheet = false;
  private readonly follow = () => this.requestUpdate();

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: clamp(240px, 18vw, 320px) repeat(2, minmax(0, 1fr)) clamp(290px, 22vw, 400px);
        grid-template-rows: auto;
        grid-auto-rows: minmax(280px, 1fr);
        gap: 10px 22px;
        height: 100%;
        padding: 0 20px 16px;
        overflow-y: auto;
        --map-aspect: auto;
      }
      .work,
      .maps {
        display: contents;
      }
      .side {
        grid-area: 1 / 1 / span var(--rows);
        display: flex;
        flex-direction: column;
        gap: 8px;
        min-height: 0;
      }
      .files button {
        height: 26px;
        font-size: 0.75rem;
      }
      .files .fold {
        display: none;
      }
      .fold::after {
        content: '';
        display: inline-block;
        margin-left: 6px;
        vertical-align: 2px;
        border: 4px solid transparent;
        border-top-color: currentColor;
        border-bottom-width: 0;
      }
      .settings {
        overflow-y: auto;
        scrollbar-width: thin;
        margin-left: -10px;
      }
      .settings h2 {
        padding: 0 10px;
      }
      .name {
        overflow-wrap: anywhere;
      }
      experiment-controls {
        margin-top: 10px;
      }
      .head {
        grid-area: 1 / 2 / auto / span 2;
        display: grid;
        grid-template-columns: minmax(0, 1fr) clamp(285px, 36%, 440px);
        align-items: start;
        gap: 6px 24px;
      }
      .head > .problem {
        grid-column: 1 / -1;
      }
      .head > p:first-child {
        min-height: 6.2rem;
      }
      trial-panel {
        grid-area: 1 / 4 / span var(--rows);
        overflow-y: auto;
        scrollbar-width: thin;
      }
      .status {
        display: grid;
        gap: 8px;
        align-content: start;
        overflow-y: auto;
        scrollbar-width: thin;
      }
      .status .row {
        justify-content: space-between;
        font-size: 0.75rem;
      }
      .status select,
      .status input {
        height: 24px;
        font-size: 0.75rem;
      }
      .status input {
        width: 64px;
        text-align: right;
      }
    `,
    css`
      @media ${LARGE} {
        :host {
          grid-template: auto minmax(0, 8fr) minmax(0, 5fr) / 20rem repeat(var(--maps), minmax(0, 1fr)) 20rem;
        }
        .side {
          grid-row: 1 / -1;
        }
        .head {
          grid-column-end: -1;
        }
        trial-panel {
          grid-area: 3 / 2 / auto / -1;
        }
      }
    `,
    css`
      @media ${NARROW} {
        :host {
          display: block;
          height: auto;
          padding-bottom: 24px;
          overflow: visible;
          --map-aspect: 4 / 3;
        }
        .files .fold {
          display: block;
        }
        .settings {
          display: none;
        }
        .unfolded {
          display: block;
        }
        .head {
          position: sticky;
          top: 0;
          z-index: 2;
          padding: 6px 0;
          background: var(--page);
        }
        .work {
          display: grid;
          grid-template-columns: minmax(0, 1fr) 300px;
          gap: 24px;
        }
        .maps {
          display: grid;
          grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr));
          align-content: start;
          align-items: start;
          gap: 14px 20px;
        }
        trial-panel {
          grid-area: auto;
          position: sticky;
          top: 96px;
          align-self: start;
          max-height: calc(100dvh - 104px);
        }
      }
      @media ${PHONE} {
        :host {
          padding: 0 16px 72px;
        }
        :host([sheet]) {
          padding-bottom: calc(46dvh + 16px);
        }
        .files {
          flex-wrap: nowrap;
          justify-content: space-between;
        }
        .files button {
          padding: 0 6px;
        }
        .head {
          grid-template-columns: minmax(0, 1fr);
          gap: 1px;
          padding: 2px 0;
        }
        .head > p:first-child {
          min-height: 65px;
        }
        .work {
          display: block;
        }
        trial-panel {
          position: fixed;
          inset: auto 0 0;
          z-index: 3;
          max-height: 46dvh;
        }
      }
      @media ${NARROW} and ${LOW} {
        .head {
          position: static;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.controller.addEventListener('change', this.follow);
    this.addEventListener('keydown', this.fold);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.documentElement.toggleAttribute('data-sheet', false);
    this.controller.removeEventListener('change', this.follow);
    this.removeEventListener('keydown', this.fold);
  }

  private readonly fold = ({ key }: KeyboardEvent): void => {
    if (key === 'Escape') this.sheet = false;
  };

  /** How many maps the grid of this page must hold, and in how many rows with their keys, two in each, below the headline. */
  protected override willUpdate(): void {
    const { run, view } = this.controller;
    const arms = (run?.experiment ?? view.experiment).arms.length;
    const maps = arms > 1 ? arms + 1 : 1;
    this.style.setProperty('--maps', String(maps));
    this.style.setProperty('--rows', String(1 + Math.ceil((maps + 1) / 2)));
  }

  protected override updated(): void {
    document.documentElement.toggleAttribute('data-sheet', this.sheet);
  }

  override render() {
    const { controller } = this;
    const { run, view } = controller;
    const { failure } = controller;
    return html`
      <section class="side" aria-label="Experiment">
        <div class="files row">
          <button
            class="fold"
            aria-expanded=${this.settings}
            aria-controls="settings"
            @click=${() => (this.settings = !this.settings)}
          >
            Experiment
          </button>
          <button @click=${this.chooseFile}>Open …</button>
          <button @click=${this.download}>Download</button>
          <copy-button
            label="Copy link"
            .text=${() => new URL(encodeView(view), location.href).href}
          ></copy-button>
          <input
            type="file"
            accept=".json,application/json"
            hidden
            aria-label="Experiment file"
            @change=${this.openFile}
          />
        </div>
        <div id="settings" class="settings ${this.settings ? 'unfolded' : ''}">
          <h2>Questions</h2>
          <preset-list
            current=${presetOf(view.experiment) ?? ''}
            @preset=${({ detail }: CustomEvent<string>) => controller.choosePreset(detail)}
          ></preset-list>
          <h2 class="name">${view.experiment.name}</h2>
          <experiment-controls
            .experiment=${view.experiment}
            .refusals=${controller.refusals}
            .remark=${controller.remark}
            @entry=${({ detail }: CustomEvent<{ id: string; text: string }>) =>
              controller.enterControl(detail.id, detail.text)}
            @take-back=${({ detail }: CustomEvent<{ id: string }>) => controller.takeBack(detail.id)}
          ></experiment-controls>
        </div>
      </section>
      <section class="head" aria-label="Largest learning rate that trains, and progress">
        ${run ? this.headline(run) : html`<p class="quiet">Preparing the maps …</p>`}
        <sweep-progress
          .phase=${controller.phase}
          .progress=${controller.progress}
          @command=${({ detail }: CustomEvent<'pause' | 'resume' | 'stop' | 'restart'>) =>
            controller[detail]()}
        ></sweep-progress>
        ${failure ? html`<p class="problem" role="alert">${failure}</p>` : nothing}
      </section>
      <div class="work">
        <section class="maps" aria-label="Maps">
          ${this.maps(run)}
          <div class="status">${this.status()}</div>
        </section>
        <trial-panel
          role="region"
          aria-label="Trial under the crosshair"
          .run=${run}
          .results=${controller.shown}
          .cell=${controller.cell}
          .trials=${controller.trials}
          .theme=${this.theme}
          ?open=${this.sheet}
          @fold=${({ detail }: CustomEvent<boolean>) => (this.sheet = detail)}
        ></trial-panel>
      </div>
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
      ?searching=${!found?.sharp && this.controller.phase !== 'stopped' && this.controller.phase !== 'failed'}
      .arms=${run.experiment.arms.map(({ name }) => name)}
    ></headline-number>`;
  }

  /** Before the first run there are the maps' axes already. */
  private maps(run: Run | undefined) {
    const { controller } = this;
    const { arms, axes } = run?.experiment ?? controller.view.experiment;
    const { ix, iy } = controller.cell;
    const names = [...arms.map(({ name }) => name), ...(arms.length > 1 ? ['difference'] : [])];
    if (!run) return names.map((name) => this.map(name, axes, undefined, 'waiting'));
    const pictures = this.pictures(run);
    const { results } = pictures;
    const { table, grid } = results;
    return names.map((name, arm) =>
      arm < arms.length
        ? this.map(
            name,
            axes,
            pictures.arms[arm],
            outcomeWords(results, representative(table, grid, arm, ix, iy)),
          )
        : this.map(name, axes, pictures.difference, differenceAt(table, grid, ix, iy, names)),
    );
  }

  private map(heading: string, axes: Experiment['axes'], picture: Picture | undefined, reading: string) {
    const { controller } = this;
    return html`<divergence-map
      heading=${capitalized(heading)}
      reading=${reading}
      .picture=${picture}
      .axes=${axes}
      .cell=${picture && controller.cell}
      ?pinned=${controller.pinned !== undefined}
      @cell-hover=${({ detail }: CustomEvent<Cell | undefined>) => controller.hover(detail)}
      @cell-pin=${this.pin}
    ></divergence-map>`;
  }

  private async pin({ detail, currentTarget }: CustomEvent<Cell | undefined>): Promise<void> {
    this.controller.pin(detail);
    if (!matchMedia(PHONE.cssText).matches) return;
    this.sheet = detail !== undefined;
    await this.updateComplete;
    // The sheet must not hide the map that was tapped.
    if (this.sheet && currentTarget instanceof Element) currentTarget.scrollIntoView({ block: 'nearest' });
  }

  private drawn: Drawn | undefined;

  /** Pictures are made anew only for new results or colours, so that a moving crosshair repaints nothing. */
  private pictures(run: Run): Drawn {
    const { palette, colouring } = this.controller.view;
    const results = this.controller.shown ?? run.results;
    const { drawn } = this;
    if (drawn?.results === results && drawn.palette === palette && drawn.colouring === colouring)
      return drawn;
    const size = { width: results.grid.nx, height: results.grid.ny };
    const colours = mapColours(paletteOf(palette));
    const { range } = run.scale;
    const arms = run.experiment.arms.map((_, arm) => ({
      ...size,
      filled: finishedShare(results, arm),
      paint: (canvas: Canvas) => paintArm(canvas, results, arm, colours, range, colouring),
    }));
    const difference = {
      ...size,
      filled: Math.min(...arms.slice(0, 2).map(({ filled }) => filled)),
      paint: (canvas: Canvas) => paintDifference(canvas, results),
    };
    this.drawn = { results, palette, colouring, arms, difference };
    return this.drawn;
  }

  private status() {
    const { controller } = this;
    const { run, view, faults } = controller;
    const fault = faults.at(-1);
    return html`
      ${fault ? html`<p class="problem" role="status" data-fault>${fault}</p>` : nothing}
      ${run?.warnings.map((words) => html`<p class="problem" role="status" data-warning>${words}</p>`)}
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
        <span class="quiet">Coloured by</span>
        <select
          aria-label="Coloured by"
          @change=${({ target }: Event) => {
            const colouring = COLOURINGS.find(
              (name) => target instanceof HTMLSelectElement && name === target.value,
            );
            if (colouring) controller.setColouring(colouring);
          }}
        >
          ${COLOURINGS.map(
            (name) =>
              html`<option value=${name} .selected=${name === view.colouring}>
                ${colouringWords(name, view.experiment.model.activation)}
              </option>`,
          )}
        </select>
      </div>
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
    </div>`;
  }

  private legend(run: Run) {
    const { counts } = this.pictures(run).results;
    return html`<map-legend
        .palette=${paletteOf(this.controller.view.palette)}
        .rule=${run.experiment.rule}
        .range=${run.scale.range}
        .arms=${run.experiment.arms.map(({ name }) => name)}
        .counts=${[...counts.arms]}
        .differences=${counts.arms.length > 1 ? counts.differences : undefined}
        .colouring=${this.controller.view.colouring}
        .activation=${run.experiment.model.activation}
      ></map-legend>
      ${this.longer(run)}`;
  }

  /** What the slow trials would do if they had longer. */
  private longer({ results, longer, experiment }: Run) {
    const { controller } = this;
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
              controller.showLonger(target instanceof HTMLInputElement && target.checked)}
          />shown</span
        >
      </label>`;
    }
    const { slow } = results.counts;
    // It is there from the start, so that nothing moves when it can be used.
    return html`<button
      data-train-longer
      ?disabled=${slow === 0 || controller.phase !== 'done'}
      @click=${() => controller.trainLonger()}
    >
      Train the ${slow} slow trials ${LONGER} times as long
    </button>`;
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

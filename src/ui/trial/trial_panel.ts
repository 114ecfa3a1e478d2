import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { CLASS_NUMBER } from '../../scheduler/results';
import { blowUp } from '../../view/blow_up';
import { placeWords } from '../../view/cell_words';
import { detailWords, outcomeWords } from '../../view/outcome_words';
import type { MapState } from '../map/map_state';
import { TRIAL_PANEL_PARTS, type TrialPanelPart } from '../map/map_view';
import { shownResults, type Run } from '../map/run';
import { follow } from '../page/follow';
import { LARGE, PHONE, sharedStyles } from '../page/styles';
import './cell_selection';
import './pin_list';
import './rate_slice';
import { DRAWN } from './trial_charts';

/** What the parts are called on their buttons, and above what they show. */
const PARTS: Readonly<Record<TrialPanelPart, { readonly name: string; readonly heading: string }>> = {
  trial: { name: 'Trial', heading: 'Trial under the crosshair' },
  slice: { name: 'Slice', heading: 'Slice through the crosshair' },
  selection: { name: 'Selection', heading: 'Selected cells' },
};

/**
 * A closer look at the maps: the trial under the crosshair in the first two arms, and those at the pins; a slice through the crosshair;
 * or the selected cells. On phones a sheet at the foot of the window, which opens and folds.
 * @fires fold to open or fold the sheet
 */
@customElement('trial-panel')
export class TrialPanel extends LitElement {
  @property({ attribute: false }) map!: MapState;
  @property() theme = '';
  /** The sheet shows all there is. */
  @property({ type: Boolean, reflect: true }) open = false;

  constructor() {
    super();
    follow(this, () => [this.map]);
  }

  static override styles = [
    sharedStyles,
    css`
      :host,
      .all {
        display: flex;
        flex-direction: column;
        gap: 7px;
      }
      header {
        display: flex;
        justify-content: space-between;
        align-items: center;
        gap: 12px;
      }
      header button {
        display: none;
      }
      .all {
        flex: 1;
      }
      nav {
        display: flex;
      }
      nav button {
        flex: 1;
        height: 24px;
        border-radius: 0;
        font-size: 0.75rem;
      }
      nav button:first-child {
        border-radius: 6px 0 0 6px;
      }
      nav button:last-child {
        border-radius: 0 6px 6px 0;
      }
      nav button + button {
        margin-left: -1px;
      }
      [aria-pressed='true'] {
        background: var(--accent-soft);
        border-color: var(--accent);
        z-index: 1;
      }
      .side {
        display: grid;
        gap: 6px;
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
        display: grid;
        gap: 4px;
      }
      li {
        font-size: 0.8125rem;
        display: grid;
        grid-template-columns: 14px 1fr;
        align-items: start;
        /* Room for what is said when the trial has ended. */
        min-height: 4.4em;
        gap: 0 8px;
      }
      li i {
        margin-top: 8px;
        height: 3px;
        border-radius: 2px;
        background: var(--arm-0);
      }
      li:nth-child(2) i {
        background: var(--arm-1);
      }
      @media ${LARGE} {
        .all {
          flex-direction: row;
          gap: 32px;
          min-height: 0;
        }
        .side {
          flex: 0 0 18rem;
          align-content: start;
          overflow-y: auto;
        }
      }
      @media ${PHONE} {
        :host {
          background: var(--panel);
          border-top: 1px solid var(--line);
          box-shadow: 0 -2px 12px rgb(0 0 0 / 12%);
          padding: 5px 16px;
          gap: 4px;
        }
        header button {
          display: block;
        }
        :host(:not([open])) .all {
          display: none;
        }
        .side {
          flex: none;
        }
        .all {
          overflow-y: auto;
          padding-bottom: 8px;
        }
      }
    `,
  ];

  override render() {
    const { map } = this;
    const { run } = map.sweep;
    if (!run) return html`<p class="quiet">The trial under the crosshair appears here.</p>`;
    const { panel } = map.view;
    return html`
      <header>
        <div>
          <h2>${PARTS[panel].heading}</h2>
          <p class="quiet number small">${this.place(run)}</p>
        </div>
        <button
          aria-expanded=${this.open}
          aria-controls="all"
          @click=${() => this.dispatchEvent(new CustomEvent('fold', { detail: !this.open }))}
        >
          ${this.open ? 'Hide' : 'Show'}
        </button>
      </header>
      <div class="all" id="all">
        <div class="side">
          ${this.parts(panel)} ${panel === 'selection' ? nothing : this.arms(run)}
          ${panel === 'trial' ? html`<pin-list .map=${map}></pin-list>` : nothing}
        </div>
        ${this.shownPart(panel)}
      </div>
    `;
  }

  private parts(shown: TrialPanelPart) {
    return html`<nav aria-label="What the panel shows">
      ${TRIAL_PANEL_PARTS.map(
        (panel) =>
          html`<button aria-pressed=${panel === shown} @click=${() => this.map.show({ panel })}>
            ${PARTS[panel].name}
          </button>`,
      )}
    </nav>`;
  }

  private shownPart(panel: TrialPanelPart) {
    const { map, theme } = this;
    if (panel === 'slice') return html`<rate-slice .map=${map} theme=${theme}></rate-slice>`;
    if (panel === 'selection') return html`<cell-selection .map=${map} theme=${theme}></cell-selection>`;
    return html`<trial-charts .map=${map} theme=${theme}></trial-charts>`;
  }

  private place({ experiment }: Run): string {
    const place = placeWords(experiment, this.map.crosshair.cell);
    const { replicates } = experiment;
    return replicates > 1 ? `${place}; median outcome of ${replicates} seeds` : place;
  }

  private arms(run: Run) {
    return html`<ul>
      ${this.map.crosshair.trials.slice(0, DRAWN).map((trial, arm) => this.arm(run, trial, arm))}
    </ul>`;
  }

  private arm(run: Run, trial: number, arm: number) {
    const results = shownResults(run);
    const trace = this.map.findings.traces.get(trial);
    const diverged = results.table.class[trial] === CLASS_NUMBER.diverged;
    const start = diverged && trace && blowUp(trace);
    const isShown = this.map.selection.shows(trial);
    return html`<li data-traced=${trace ? 'yes' : 'no'}>
      <i></i>
      <div class="number">
        ${run.experiment.arms[arm]!.name}: <strong>${outcomeWords(results, trial)}</strong>
        <div class="quiet small">${detailWords(results.table, trial, run.experiment.model.activation)}</div>
        ${
          start
            ? html`<div class="quiet small">
                began in layer ${start.layer + 1}, whose ${start.norm} norm blew up at step ${start.step}
              </div>`
            : nothing
        }
        ${isShown ? nothing : html`<div class="quiet small">left out of the charts by the filter</div>`}
      </div>
    </li>`;
  }
}

import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { CLASS_NUMBER } from '../../scheduler/results';
import type { Trace } from '../../scheduler/trace';
import { blowUp } from '../../view/blow_up';
import { placeWords } from '../../view/cell_words';
import { curveData } from '../../view/curves';
import type { Cell } from '../../view/headline';
import type { Curve } from '../charts/line_chart';
import '../charts/line_chart';
import type { Results } from '../../view/map_picture';
import { detailWords, outcomeWords } from '../../view/outcome_words';
import { LARGE, PHONE, sharedStyles } from '../page/styles';
import type { Run } from '../map/run';

/** Arms whose curves are drawn. */
const DRAWN = 2;

/**
 * The trial under the crosshair, in the first two arms. On phones a sheet at the foot of the window, which opens and folds.
 * @fires fold to open or fold the sheet
 */
@customElement('trial-panel')
export class TrialPanel extends LitElement {
  @property({ attribute: false }) run: Run | undefined;
  /** What the maps show, if that is not the run's own results. */
  @property({ attribute: false }) results: Results | undefined;
  @property({ attribute: false }) cell!: Cell;
  /** The trials at the crosshair, one an arm. */
  @property({ attribute: false }) trials: readonly number[] = [];
  /** By trial, as far as they are known. */
  @property({ attribute: false }) traces: ReadonlyMap<number, Trace> = new Map();
  @property() theme = '';
  /** The sheet shows all there is. */
  @property({ type: Boolean, reflect: true }) open = false;
  /** Which layer's norms are drawn; all together otherwise. */
  @state() private layer: number | undefined;

  static override styles = [
    sharedStyles,
    css`
      :host,
      .all {
        display: flex;
        flex-direction: column;
        gap: 10px;
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
      .all,
      .chart {
        flex: 1;
      }
      .chart {
        display: flex;
        flex-direction: column;
        max-height: 520px;
      }
      line-chart {
        flex: 1;
        min-height: 200px;
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
        display: grid;
        gap: 8px;
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
      .row {
        justify-content: space-between;
      }
      h3 {
        font-size: 0.75rem;
        font-weight: 550;
      }
      .key {
        display: inline-block;
        width: 14px;
        margin-left: 4px;
        vertical-align: middle;
        border-top: 2px solid currentColor;
      }
      .key.dotted {
        border-top: 3px dotted currentColor;
      }
      select {
        height: 24px;
        font-size: 0.75rem;
      }
      @media ${LARGE} {
        .all {
          flex-direction: row;
          gap: 32px;
          min-height: 0;
        }
        ul {
          flex: 0 0 18rem;
          align-content: start;
        }
        .chart {
          max-height: none;
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
        .all {
          overflow-y: auto;
          padding-bottom: 8px;
        }
        .chart {
          flex: none;
        }
        line-chart {
          min-height: 190px;
        }
      }
    `,
  ];

  override render() {
    const { run } = this;
    if (!run) return html`<p class="quiet">The trial under the crosshair appears here.</p>`;
    const trials = this.trials.slice(0, DRAWN);
    const traces = trials.map((trial) => this.traces.get(trial));
    const names = run.experiment.arms.slice(0, DRAWN).map((arm) => arm.name);
    const layers = Math.max(0, ...traces.map((trace) => trace?.layers.length ?? 0));
    const shown = this.layer !== undefined && this.layer < layers ? this.layer : undefined;
    const norms = traces.map((trace) => (shown === undefined ? trace : trace?.layers[shown]));
    return html`
      <header>
        <div>
          <h2>Trial under the crosshair</h2>
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
        <ul>
          ${trials.map((trial, arm) => this.arm(run, trial, names[arm] ?? '', traces[arm]))}
        </ul>
        <div class="chart">
          <h3>Loss</h3>
          <line-chart
            heading="Loss by step"
            .curves=${curvesOf(names, [''])}
            .data=${guard(traces, () => curveData(traces.map((trace) => trace?.loss ?? [])))}
            .theme=${this.theme}
          ></line-chart>
        </div>
        <div class="chart">
          <div class="row">
            <h3>
              Norms
              <span class="quiet"><i class="key"></i> gradient <i class="key dotted"></i> weights</span>
            </h3>
            <select aria-label="Layer of the norms" @change=${this.chooseLayer}>
              <option value="" ?selected=${shown === undefined}>all layers</option>
              ${Array.from(
                { length: layers },
                (_, layer) =>
                  html`<option value=${layer} ?selected=${shown === layer}>layer ${layer + 1}</option>`,
              )}
            </select>
          </div>
          <line-chart
            heading="Gradient and weight norms by step"
            .curves=${curvesOf(names, ['gradient norm', 'weight norm'])}
            .data=${guard(norms, () =>
              curveData([
                ...norms.map((norm) => norm?.gradientNorm ?? []),
                ...norms.map((norm) => norm?.weightNorm ?? []),
              ]),
            )}
            .theme=${this.theme}
          ></line-chart>
        </div>
      </div>
    `;
  }

  private place({ experiment }: Run): string {
    const place = placeWords(experiment, this.cell);
    const { replicates } = experiment;
    return replicates > 1 ? `${place}; median outcome of ${replicates} seeds` : place;
  }

  private arm(run: Run, trial: number, name: string, trace: Trace | undefined) {
    const results = this.results ?? run.results;
    const diverged = results.table.class[trial] === CLASS_NUMBER.diverged;
    const start = diverged && trace && blowUp(trace);
    return html`<li data-traced=${trace ? 'yes' : 'no'}>
      <i></i>
      <div class="number">
        ${name}: <strong>${outcomeWords(results, trial)}</strong>
        <div class="quiet small">${detailWords(results.table, trial, run.experiment.model.activation)}</div>
        ${
          start
            ? html`<div class="quiet small">
                began in layer ${start.layer + 1}, whose ${start.norm} norm blew up at step ${start.step}
              </div>`
            : nothing
        }
      </div>
    </li>`;
  }

  private chooseLayer(event: Event): void {
    if (!(event.target instanceof HTMLSelectElement)) return;
    this.layer = event.target.value === '' ? undefined : Number(event.target.value);
  }
}

/** Curves that were made before: the same names must give the same object, as a chart is built anew for another. */
const known = new Map<string, readonly Curve[]>();

/** Curves of each arm in its colour, kind by kind; the second kind is dotted. */
function curvesOf(arms: readonly string[], kinds: readonly string[]): readonly Curve[] {
  const key = JSON.stringify([arms, kinds]);
  let curves = known.get(key);
  if (!curves) {
    curves = kinds.flatMap((kind, which) =>
      arms.map((arm, index) => ({
        label: kind ? `${arm}, ${kind}` : arm,
        colour: `--arm-${index}`,
        width: (index === 0 ? 2.5 : 1.25) + (which > 0 ? 1.5 : 0),
        dotted: which > 0,
      })),
    );
    known.set(key, curves);
  }
  return curves;
}

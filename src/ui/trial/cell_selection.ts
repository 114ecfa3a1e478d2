import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { STATES, type TrialState } from '../../training/outcome';
import { medianColumn, timedData, type CurveData } from '../../view/curves';
import { MOST_DRAWN } from '../../view/drawn_trials';
import { formatCount } from '../../view/number_format';
import { rateOf, ratesOf } from '../../view/trial_curves';
import type { Curve } from '../charts/line_chart';
import '../charts/line_chart';
import type { MapState } from '../map/map_state';
import { shownResults, type Run } from '../map/run';
import { BRUSHES } from '../map/selection';
import { follow } from '../page/follow';
import { LARGE, sharedStyles } from '../page/styles';
import { chartStyles } from './chart_styles';
import { knownCurves, widthOf } from './known_curves';
import { acrossOf, timeChoice } from './time_choice';
import { DRAWN } from './trial_charts';

/** Selects cells on the maps, counts them by state and arm, leaves out states, and draws the losses of some with their median. */
@customElement('cell-selection')
export class CellSelection extends LitElement {
  @property({ attribute: false }) map!: MapState;
  @property() theme = '';

  constructor() {
    super();
    follow(this, () => [this.map]);
  }

  static override styles = [
    sharedStyles,
    chartStyles,
    css`
      .choice {
        display: grid;
        align-content: start;
        gap: 10px;
      }
      .tools {
        justify-content: start;
      }
      p {
        max-width: 40rem;
      }
      @media ${LARGE} {
        .choice {
          flex: 0 0 22rem;
        }
      }
      [aria-pressed='true'] {
        background: var(--accent-soft);
        border-color: var(--accent);
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 0.75rem;
      }
      th {
        font-weight: 500;
        text-align: right;
      }
      th[scope='row'] {
        text-align: left;
      }
      td {
        text-align: right;
        font-weight: 550;
      }
      tr > :nth-child(2) {
        color: var(--arm-0);
      }
      tr > :nth-child(3) {
        color: var(--arm-1);
      }
      label {
        display: flex;
        gap: 6px;
        align-items: center;
      }
      input {
        margin: 0;
        height: 16px;
      }
      .hidden label {
        color: var(--quiet);
        text-decoration: line-through;
      }
    `,
  ];

  override render() {
    const { sweep, selection } = this.map;
    const { run } = sweep;
    if (!run) return nothing;
    const { cells } = selection;
    return html`
      <div class="choice">${this.tools()} ${this.table(run)}</div>
      ${cells ? this.losses(run) : html`<p class="quiet small">${HINT}</p>`}
    `;
  }

  private tools() {
    const { selection } = this.map;
    const { cells, brush, isOn } = selection;
    return html`<div class="row tools">
      <button aria-pressed=${isOn} aria-keyshortcuts="S" title="Key: S" @click=${() => selection.turn(!isOn)}>
        Select on the maps
      </button>
      <select
        aria-label="Select by"
        @change=${({ target }: Event) => {
          const chosen = BRUSHES.find((name) => target instanceof HTMLSelectElement && name === target.value);
          if (chosen) selection.choose(chosen);
        }}
      >
        ${BRUSHES.map((name) => html`<option .selected=${name === brush}>${name}</option>`)}
      </select>
      <button ?disabled=${!cells} @click=${() => selection.clear()}>Clear</button>
    </div>`;
  }

  private table(run: Run) {
    const { cells } = this.map.selection;
    return html`<table>
      <tr>
        <th scope="row">${cells ? `${formatCount(cells.length)} cells selected` : 'all cells'}</th>
        ${run.experiment.arms.slice(0, DRAWN).map(({ name }) => html`<th scope="col">${name}</th>`)}
      </tr>
      ${STATES.map((state) => this.counts(state))}
    </table>`;
  }

  private counts(state: TrialState) {
    const { selection, view } = this.map;
    const isShown = !view.hidden.includes(state);
    return html`<tr class=${isShown ? '' : 'hidden'} data-state=${state}>
      <th scope="row">
        <label
          ><input
            type="checkbox"
            .checked=${isShown}
            @change=${({ target }: Event) =>
              selection.show(state, target instanceof HTMLInputElement && target.checked)}
          />${state}</label
        >
      </th>
      ${selection.counts
        .slice(0, DRAWN)
        .map((counts) => html`<td class="number">${isShown ? formatCount(counts[state]) : '–'}</td>`)}
    </tr>`;
  }

  private losses(run: Run) {
    const { map } = this;
    const { time } = map.view;
    const drawn = map.selection.drawn.slice(0, DRAWN);
    const names = run.experiment.arms.slice(0, DRAWN).map(({ name }) => name);
    const { traces } = map.findings;
    const come = drawn.map((trials) => trials.filter((trial) => traces.has(trial)));
    const waits = drawn.flat().length - come.flat().length;
    const words = drawn.map((trials, arm) => `${trials.length} ${names[arm]}`).join(', ');
    const isSampled = drawn.some(({ length }) => length >= MOST_DRAWN);
    return html`<div class="chart">
      <div class="row">
        <h3>Loss <span class="quiet">bold: the median</span></h3>
        ${timeChoice(map)}
      </div>
      <p class="quiet small number" data-drawn=${come.flat().length}>
        drawn: ${words}${isSampled ? ', evenly sampled' : ''}${waits > 0 ? `; ${waits} being trained` : ''}
      </p>
      <line-chart
        heading="Loss of the selected cells"
        .curves=${knownCurves(curvesOf(come, names))}
        .data=${guard([time, map.selection.drawn, come.flat().length], () => this.data(run, come))}
        .across=${acrossOf(time)}
        empty="drawn when the selected cells have been trained"
        .theme=${this.theme}
      ></line-chart>
    </div>`;
  }

  /** The losses, arm by arm, and then the median of each arm. */
  private data(run: Run, trials: readonly (readonly number[])[]): CurveData {
    const { time } = this.map.view;
    const { traces } = this.map.findings;
    const { grid, stepsOf } = shownResults(run);
    const losses = (trial: number) => traces.get(trial)!.loss;
    const timed = trials
      .flat()
      .map((trial) => ({ values: losses(trial), rate: rateOf(ratesOf(run.experiment, grid, trial)) }));
    const [across, ...columns] = timedData(timed, time);
    let first = 0;
    const medians = trials.map((ofArm) => {
      const own = columns.slice(first, first + ofArm.length);
      first += ofArm.length;
      return medianColumn(
        own,
        ofArm.map((trial) => losses(trial).length < stepsOf(trial)),
      );
    });
    return [across, ...columns, ...medians];
  }
}

const HINT =
  'Select cells on a map by a box or a lasso: their losses are drawn here, with the median. States that are not ticked are left out of maps, charts and counts.';

function curvesOf(trials: readonly (readonly number[])[], names: readonly string[]): Curve[] {
  return [
    ...trials.flatMap((ofArm, arm) =>
      ofArm.map((): Curve => ({ label: names[arm]!, colour: `--arm-${arm}`, width: 1, faint: true })),
    ),
    ...trials.map((_, arm): Curve => ({
      label: `${names[arm]}, median`,
      colour: `--arm-${arm}`,
      width: widthOf(arm) + 1,
    })),
  ];
}

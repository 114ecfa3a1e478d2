import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { axisWords } from '../../view/cell_words';
import type { CurveData } from '../../view/curves';
import { parameterLabel, parameterName } from '../../view/parameter_names';
import { sliceThrough, type Slice } from '../../view/slice';
import type { Across, Curve } from '../charts/line_chart';
import '../charts/line_chart';
import type { MapState } from '../map/map_state';
import { shownResults } from '../map/run';
import { follow } from '../page/follow';
import { sharedStyles } from '../page/styles';
import { chartStyles } from './chart_styles';
import { knownCurves, widthOf } from './known_curves';
import { DRAWN } from './trial_charts';

/** The final loss against the learning rate, on the line through the crosshair, in the first two arms. */
@customElement('rate-slice')
export class RateSlice extends LitElement {
  @property({ attribute: false }) map!: MapState;
  @property() theme = '';

  constructor() {
    super();
    follow(this, () => [this.map]);
  }

  static override styles = [sharedStyles, chartStyles];

  override render() {
    const { sweep, crosshair, view } = this.map;
    const { run } = sweep;
    if (!run) return nothing;
    const results = shownResults(run);
    const slice = sliceThrough(run.experiment, results, crosshair.cell, view.hidden);
    if (!slice)
      return html`<p class="quiet small">
        A slice is along a learning rate, and neither axis of these maps is one.
      </p>`;
    const names = run.experiment.arms.slice(0, DRAWN).map(({ name }) => name);
    const { replicates } = run.experiment;
    const { ix, iy } = crosshair.cell;
    const key = [
      results,
      view.hidden,
      slice.across && (slice.across.axis === run.experiment.axes.x ? ix : iy),
    ];
    const where = slice.across && ` at ${axisWords(slice.across.axis, slice.across.index)}`;
    return html`<div class="chart">
      <h3>
        Loss at the end <span class="quiet">against ${parameterLabel(slice.along.parameter)}${where}</span>
      </h3>
      <p class="quiet small">
        ${replicates > 1 ? `Points: ${replicates} seeds; bold: their median. ` : ''}<i class="key dotted"></i>
        initial loss. ∞: diverged.
      </p>
      <line-chart
        heading="Loss at the end by learning rate"
        .curves=${knownCurves(curvesOf(slice, names))}
        .data=${guard(key, () => dataOf(slice, names.length))}
        .across=${guard([slice.along], () => acrossOf(slice))}
        .mark=${slice.here}
        empty="drawn when cells of this line have been trained"
        .theme=${this.theme}
      ></line-chart>
    </div>`;
  }
}

function acrossOf({ along, rates }: Slice): Across {
  const { symbol, name } = parameterName(along.parameter);
  return {
    scale: along.scale,
    prefix: `${symbol || name} = `,
    ends: [rates[0]!, rates.at(-1)!],
  };
}

/** Arm by arm the replicates, if there are several, then the initial losses, then the medians above all. */
function curvesOf({ arms }: Slice, names: readonly string[]): Curve[] {
  const colour = (arm: number) => `--arm-${arm}`;
  return [
    ...names.flatMap((name, arm) =>
      seedsOf(arms[arm]!.replicates).map((_, seed): Curve => ({
        label: `${name}, seed ${seed + 1}`,
        colour: colour(arm),
        width: 1,
        faint: true,
        scattered: true,
      })),
    ),
    ...names.map((name, arm): Curve => ({
      label: `${name}, initial loss`,
      colour: colour(arm),
      width: widthOf(arm),
      dotted: true,
      silent: true,
    })),
    ...names.map((name, arm): Curve => ({ label: name, colour: colour(arm), width: widthOf(arm) })),
  ];
}

function dataOf({ rates, arms }: Slice, names: number): CurveData {
  const drawn = arms.slice(0, names);
  return [
    rates,
    ...drawn.flatMap(({ replicates }) => seedsOf(replicates)),
    ...drawn.map(({ initial }) => initial),
    ...drawn.map(({ median }) => median),
  ];
}

/** One replicate is its own median. */
function seedsOf<Losses>(replicates: readonly Losses[]): readonly Losses[] {
  return replicates.length > 1 ? replicates : [];
}

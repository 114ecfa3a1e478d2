import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { capitalized } from '../../view/capitalized';
import { timedData, type Timed } from '../../view/curves';
import { partingWords } from '../../view/float64_check';
import { sharpnessWords } from '../../view/sharpness_words';
import {
  curveOf,
  isReplayed,
  QUANTITIES,
  quantityWords,
  rateOf,
  ratesOf,
  sharpnessCurves,
  type LayerChoice,
  type LayerQuantity,
  type Quantity,
} from '../../view/trial_curves';
import type { Curve } from '../charts/line_chart';
import '../charts/line_chart';
import type { MapState } from '../map/map_state';
import type { Run } from '../map/run';
import { follow } from '../page/follow';
import { sharedStyles } from '../page/styles';
import { chartStyles } from './chart_styles';
import { knownCurves, widthOf } from './known_curves';
import { acrossOf, timeChoice } from './time_choice';

/** Arms whose curves are drawn. */
export const DRAWN = 2;
/** The most layers of which a chart tells the values one by one. */
const TOLD_LAYERS = 5;

/** One trial of an arm, and the sign that tells its curves from those of other cells. */
interface ShownTrial {
  readonly arm: number;
  readonly trial: number;
  /** The number of its pin; nothing under the crosshair. */
  readonly pin: number | undefined;
}

/** A curve, if there is anything to draw it by, and how it is drawn. */
interface Line {
  readonly curve: Curve;
  readonly timed: Timed | undefined;
}

const NOTHING: Timed = { values: [], rate: 1 };

/** The curves of the trials under the crosshair and at the pins, in the first two arms: the loss, and what else is chosen. */
@customElement('trial-charts')
export class TrialCharts extends LitElement {
  @property({ attribute: false }) map!: MapState;
  @property() theme = '';

  constructor() {
    super();
    follow(this, () => [this.map]);
  }

  static override styles = [sharedStyles, chartStyles];

  override render() {
    const { run } = this.map.sweep;
    if (!run) return nothing;
    const { time, curve, layer } = this.map.view;
    const trials = this.trials(run);
    const layers = this.layers(run);
    const over = time === 'rate' ? 'η·t' : 'step';
    const shown = typeof layer === 'number' && layer > layers ? 'all' : layer;
    const isChecked = trials.some(({ trial }) => this.map.replays.known.has(trial));
    return html`
      <div class="chart">
        <div class="row">
          <h3>
            Loss
            ${isChecked ? html`<span class="quiet"><i class="key dotted"></i> in float64</span>` : nothing}
          </h3>
          ${this.check(trials)} ${timeChoice(this.map)}
        </div>
        ${this.partings(run)} ${this.chart(`Loss by ${over}`, this.losses(run, trials))}
      </div>
      <div class="chart">
        <div class="row">
          ${this.quantityChoice(curve)}
          ${curve === 'sharpness' ? this.sharpnessButton(trials) : this.layerChoice(curve, shown, layers)}
        </div>
        ${curve === 'sharpness' ? html`<div class="told">${this.sharpnessWords(run, trials)}</div>` : nothing}
        ${this.chart(
          `${capitalized(quantityWords(curve))} by ${over}`,
          curve === 'sharpness' ? this.sharpnesses(run, trials) : this.lines(run, trials, curve, shown),
        )}
      </div>
    `;
  }

  private chart(heading: string, lines: readonly Line[]) {
    const { time, curve } = this.map.view;
    const curves = knownCurves(lines.map((line) => line.curve));
    const timed = lines.map((line) => line.timed ?? NOTHING);
    const key = [time, ...timed.flatMap(({ values, rate }) => [values, rate])];
    const isLoss = heading.startsWith('Loss');
    const empty =
      !isLoss && curve === 'sharpness'
        ? 'told by “Sharpness along training”'
        : !isLoss && isReplayed(curve)
          ? 'told by “Check in float64”'
          : 'drawn when the cell has been trained';
    return html`<line-chart
      heading=${heading}
      .curves=${curves}
      .data=${guard(key, () => timedData(timed, time))}
      .across=${acrossOf(time)}
      empty=${empty}
      .theme=${this.theme}
    ></line-chart>`;
  }

  /** Trains the trials under the crosshair again by the float64 reference. */
  private check(trials: readonly ShownTrial[]) {
    const { replays } = this.map;
    const own = trials.flatMap(({ trial, pin }) => (pin === undefined ? [trial] : []));
    const isWaiting = own.some((trial) => replays.waiting.has(trial));
    const isKnown = own.every((trial) => replays.known.has(trial));
    if (isKnown) return nothing;
    return html`<button ?disabled=${isWaiting} @click=${() => replays.ask(own)}>
      ${isWaiting ? 'Training in float64 …' : 'Check in float64'}
    </button>`;
  }

  /** Measures the sharpness of the trials under the crosshair and at the pins, by the float64 reference. */
  private sharpnessButton(trials: readonly ShownTrial[]) {
    const { sharpnesses } = this.map;
    const all = trials.map(({ trial }) => trial);
    const isWaiting = all.some((trial) => sharpnesses.waiting.has(trial));
    const isKnown = all.every((trial) => sharpnesses.known.has(trial)) && !isWaiting;
    return html`<button ?disabled=${isWaiting || isKnown} @click=${() => void sharpnesses.ask(all)}>
      ${isWaiting ? 'Measuring in float64 …' : isKnown ? 'Measured in float64' : 'Sharpness along training'}
    </button>`;
  }

  /** Of the trials under the crosshair, as far as it is measured. */
  private sharpnessWords(run: Run, trials: readonly ShownTrial[]) {
    const { known, failure } = this.map.sharpnesses;
    if (failure) return html`<p class="quiet small" role="status">It cannot be measured: ${failure}.</p>`;
    return trials
      .filter(({ pin }) => pin === undefined)
      .map(({ arm, trial }) => {
        const history = known.get(trial);
        if (!history || history.values.length === 0) return nothing;
        const rate = rateOf(ratesOf(run.experiment, run.results.grid, trial));
        return html`<p class="quiet small number" role="status" data-sharpness=${trial}>
          ${run.experiment.arms[arm]!.name}: ${sharpnessWords(history, rate)}
        </p>`;
      });
  }

  /** The sharpness of each trial, and 2/η once for each learning rate. */
  private sharpnesses(run: Run, trials: readonly ShownTrial[]): readonly Line[] {
    const limits = new Set<number>();
    return trials.toReversed().flatMap((shown): readonly Line[] => {
      const rate = rateOf(ratesOf(run.experiment, run.results.grid, shown.trial));
      const history = this.map.sharpnesses.known.get(shown.trial);
      const { sharpness, limit } = history ? sharpnessCurves(history, rate) : {};
      const curve = this.curve(run, shown, 'sharpness');
      const line: Line = { curve, timed: sharpness };
      if (!history || limits.has(rate)) return [line];
      limits.add(rate);
      const { sign: _own, ...plain } = curve;
      const label = shown.pin === undefined ? '2/η' : `2/η, pin ${shown.pin}`;
      return [
        line,
        { curve: { ...plain, label, colour: '--quiet', width: 1.5, dashed: true }, timed: limit },
      ];
    });
  }

  /** How far the trials under the crosshair are from the float64 reference, where they were checked. */
  private partings(run: Run) {
    const { replays, findings, crosshair } = this.map;
    return crosshair.trials.slice(0, DRAWN).map((trial, arm) => {
      const [found, exact] = [findings.traces.get(trial), replays.known.get(trial)];
      if (!found || !exact) return nothing;
      return html`<p class="quiet small number" role="status" data-float64=${trial}>
        ${run.experiment.arms[arm]!.name}: ${partingWords(found.loss, exact.trace.loss, exact.steps)}
      </p>`;
    });
  }

  /** Those at the pins, and above them those under the crosshair. */
  private trials(run: Run): readonly ShownTrial[] {
    const { crosshair, selection } = this.map;
    const shown = (trials: readonly number[], pin: number | undefined) =>
      trials
        .slice(0, Math.min(DRAWN, run.experiment.arms.length))
        .map((trial, arm) => ({ arm, trial, pin }))
        .filter(({ trial }) => selection.shows(trial));
    const { cell } = crosshair;
    const pins = crosshair.pins.flatMap((pin) =>
      pin.cell && !(pin.cell.ix === cell.ix && pin.cell.iy === cell.iy)
        ? shown(crosshair.trialsAt(pin.cell), pin.number)
        : [],
    );
    return [...pins, ...shown(crosshair.trials, undefined)];
  }

  private curve(run: Run, { arm, pin }: ShownTrial, words: string): Curve {
    const name = run.experiment.arms[arm]!.name + (pin === undefined ? '' : `, pin ${pin}`);
    const { crosshair } = this.map;
    const own = crosshair.isHovering ? undefined : crosshair.pins.at(-1);
    const sign = pin ?? (own?.cell ? own.number : undefined);
    return {
      label: words ? `${name}, ${words}` : name,
      colour: `--arm-${arm}`,
      width: pin === undefined ? widthOf(arm) : 0.6 * widthOf(arm),
      ...(sign !== undefined && { sign: String(sign) }),
      ...(pin !== undefined && { silent: true }),
    };
  }

  /** The losses, and in float64 those of the trials under the crosshair that were checked. */
  private losses(run: Run, trials: readonly ShownTrial[]): readonly Line[] {
    const { traces } = this.map.findings;
    const rate = (trial: number) => rateOf(ratesOf(run.experiment, run.results.grid, trial));
    const found = trials.map((shown): Line => {
      const values = traces.get(shown.trial)?.loss;
      return {
        curve: this.curve(run, shown, ''),
        timed: values && { values, rate: rate(shown.trial) },
      };
    });
    return [
      ...found,
      ...this.checked(trials).map(({ shown, replay }): Line => ({
        curve: this.inFloat64(run, shown, ''),
        timed: { values: replay.trace.loss, rate: rate(shown.trial) },
      })),
    ];
  }

  /** The curves of a quantity; of each layer only for the trials under the crosshair, as there would be too many. */
  private lines(
    run: Run,
    trials: readonly ShownTrial[],
    quantity: LayerQuantity,
    choice: LayerChoice,
  ): readonly Line[] {
    const { traces } = this.map.findings;
    const { known } = this.map.replays;
    const timed = (trial: number, layer: number | undefined) =>
      curveOf(
        quantity,
        layer,
        ratesOf(run.experiment, run.results.grid, trial),
        traces.get(trial),
        known.get(trial)?.activations,
      );
    if (choice === 'each' || (choice === 'all' && isReplayed(quantity)))
      return trials
        .filter(({ pin }) => pin === undefined)
        .flatMap((shown) => {
          const layers = ratesOf(run.experiment, run.results.grid, shown.trial).length;
          return Array.from({ length: layers }, (_, layer): Line => ({
            curve: {
              ...this.curve(run, shown, `layer ${layer + 1}`),
              width: 1 + (0.8 * layer) / layers,
              sign: String(layer + 1),
              ...(layers > TOLD_LAYERS && { silent: true }),
            },
            timed: timed(shown.trial, layer),
          }));
        });
    const layer = choice === 'all' ? undefined : choice - 1;
    const found = trials.map((shown): Line => ({
      curve: this.curve(run, shown, quantityWords(quantity)),
      timed: timed(shown.trial, layer),
    }));
    if (isReplayed(quantity)) return found;
    const exact = this.checked(trials).map(({ shown, replay }): Line => ({
      curve: this.inFloat64(run, shown, quantityWords(quantity)),
      timed: curveOf(
        quantity,
        layer,
        ratesOf(run.experiment, run.results.grid, shown.trial),
        replay.trace,
        undefined,
      ),
    }));
    return [...found, ...exact];
  }

  private checked(trials: readonly ShownTrial[]) {
    return trials.flatMap((shown) => {
      const replay = shown.pin === undefined ? this.map.replays.known.get(shown.trial) : undefined;
      return replay ? [{ shown, replay }] : [];
    });
  }

  private inFloat64(run: Run, shown: ShownTrial, words: string): Curve {
    const { sign: _own, ...curve } = this.curve(run, shown, words);
    return { ...curve, label: `${curve.label}, float64`, width: widthOf(shown.arm) + 1.5, dotted: true };
  }

  /** Weight layers of the trials under the crosshair, of which arms may have different numbers. */
  private layers(run: Run): number {
    const { trials } = this.map.crosshair;
    return Math.max(...trials.map((trial) => ratesOf(run.experiment, run.results.grid, trial).length));
  }

  private quantityChoice(quantity: Quantity) {
    return html`<select
      aria-label="Quantity"
      @change=${({ target }: Event) => {
        const curve = QUANTITIES.find((name) => target instanceof HTMLSelectElement && name === target.value);
        if (curve) this.map.show({ curve });
      }}
    >
      ${QUANTITIES.map(
        (name) =>
          html`<option value=${name} .selected=${name === quantity}>
            ${capitalized(quantityWords(name))}${isReplayed(name) ? ' (float64)' : ''}
          </option>`,
      )}
    </select>`;
  }

  private layerChoice(quantity: Quantity, choice: LayerChoice, layers: number) {
    const options: [string, string][] = [
      ...(isReplayed(quantity) ? [] : [['all', 'all layers'] as [string, string]]),
      ['each', 'each layer'],
      ...Array.from({ length: layers }, (_, i): [string, string] => [String(i + 1), `layer ${i + 1}`]),
    ];
    return html`<select
      aria-label="Layer"
      @change=${({ target }: Event) => {
        const value = target instanceof HTMLSelectElement ? target.value : 'all';
        this.map.show({ layer: value === 'all' || value === 'each' ? value : Number(value) });
      }}
    >
      ${options.map(
        ([value, words]) =>
          html`<option value=${value} .selected=${value === String(choice)}>${words}</option>`,
      )}
    </select>`;
  }
}

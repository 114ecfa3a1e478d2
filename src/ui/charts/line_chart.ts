import { css, html, LitElement, nothing, unsafeCSS, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import uPlot from 'uplot';
import uPlotCss from 'uplot/dist/uPlot.min.css?inline';
import { across, ticks, upwards, type Tick } from '../../view/axis_ticks';
import { drawing, type CurveData, type Drawing, type Upwards } from '../../view/curves';
import { formatNumber } from '../../view/number_format';
import { sharedStyles } from '../page/styles';
import { drawMark, drawMarks, FAINT } from './chart_marks';
import { labelsWidth, textScale, tickLabels, tickStyles } from './tick_labels';

export interface Curve {
  label: string;
  /** A CSS custom property that holds its colour. */
  colour: string;
  /** Pixels; of curves that coincide the later ones are thinner, so that each is seen. */
  width: number;
  dotted?: boolean;
  dashed?: boolean;
  /** One of many, drawn so that they can be seen through. */
  faint?: boolean;
  /** Its values are not told. */
  silent?: boolean;
  /** Its points have a disc each and no line. */
  scattered?: boolean;
  /** Stands at its last point, so that it is told by more than its colour. */
  sign?: string;
  /** The index of a curve down to which the room is filled: the two are a band. */
  bandTo?: number;
}

/** What lies across. */
export interface Across {
  readonly scale: 'linear' | 'log';
  /** Begins the words for a place: `step 12`, `η = 0.1`. */
  readonly prefix: string;
  /** Its ends; those of the data where they are left out. */
  readonly ends?: readonly [number, number];
  /** The distance of the values that there are. */
  readonly pitch?: number;
}

/** The steps of training. */
export const STEPS: Across = { scale: 'linear', prefix: 'step ', pitch: 1 };

/** Curves over steps or whatever else lies across, on a log scale unless told, and their values at the pointer. */
@customElement('line-chart')
export class LineChart extends LitElement {
  @property() heading = '';
  @property({ attribute: false }) curves: readonly Curve[] = [];
  @property({ attribute: false }) data: CurveData = [[]];
  @property({ attribute: false }) across: Across = STEPS;
  @property({ attribute: false }) upwards: Upwards = 'log';
  /** A place across that is marked. */
  @property({ attribute: false }) mark: number | undefined;
  /** What is said where there is no curve yet. */
  @property() empty = 'drawn when the cell has been trained';
  /** Changes with the colours, which a canvas cannot inherit. */
  @property() theme = '';
  @query('.chart') private chart!: HTMLElement;
  /** Pixels that the curves have. */
  @state() private size = { width: 240, height: 160 };
  /** The place under the pointer, by index. */
  @state() private at: number | undefined;
  private plot: uPlot | undefined;
  private drawn: Drawing = drawing([[]]);
  private xTicks: Tick[] = [];
  private yTicks: Tick[] = [];
  private readonly resizing = new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = this.chart;
    if (width > 0 && height > 0) this.size = { width, height };
  });

  static override styles = [
    unsafeCSS(uPlotCss),
    sharedStyles,
    tickStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
      }
      .frame {
        position: relative;
        flex: 1;
        min-height: 0;
        display: grid;
        grid-template: minmax(0, 1fr) 1.125rem / max-content minmax(0, 1fr);
        padding: 9px 8px 0 0; /* for the labels at the ends */
      }
      .chart {
        position: relative;
        min-height: 0;
      }
      .x-ticks {
        grid-column: 2;
      }
      .uplot {
        position: absolute;
        inset: 0;
      }
      .frame[data-empty] > :not(p) {
        visibility: hidden;
      }
      .frame p {
        position: absolute;
        inset: 0;
        display: grid;
        place-content: center;
        border: 1px dashed var(--line);
        border-radius: 6px;
      }
      .u-over {
        cursor: crosshair;
        touch-action: pan-y;
      }
      .reading {
        display: flex;
        flex-wrap: wrap;
        align-content: start;
        gap: 0 9px;
        line-height: 1.4;
        min-height: calc(1.4em * var(--lines));
      }
      .reading span {
        display: flex;
        align-items: center;
        gap: 5px;
        white-space: nowrap;
      }
      .reading i {
        width: 14px;
        border-top: 2px solid var(--colour);
      }
      .reading i.dotted {
        border-top: 3px dotted var(--colour);
      }
      .reading i.dashed {
        border-top-style: dashed;
      }
    `,
  ];

  override render() {
    const points = this.curves.map((_, i) => this.data[i + 1]?.filter((value) => value !== null).length ?? 0);
    const empty = points.every((count) => count === 0);
    return html`
      <div class="frame" ?data-empty=${empty}>
        <div class="y-ticks" .style="width: ${labelsWidth(this.yTicks)}px">
          ${tickLabels(this.yTicks, 'bottom')}
        </div>
        <div
          class="chart"
          role="img"
          aria-label="${this.heading}: ${this.told.map((i) => this.words(i, points[i] ?? 0)).join('; ')}"
          data-points=${points.join()}
          @pointermove=${this.point}
        ></div>
        <div class="x-ticks">${tickLabels(this.xTicks, 'left')}</div>
        ${empty ? html`<p class="quiet small">${this.empty}</p>` : nothing}
      </div>
      <div class="reading number small quiet" .style="--lines: ${Math.ceil((this.told.length + 1) / 4)}">
        ${empty ? nothing : this.reading()}
      </div>
    `;
  }

  /** The curves of which values are told, by index. */
  private get told(): readonly number[] {
    return this.curves.flatMap(({ faint, silent }, i) => (faint || silent ? [] : [i]));
  }

  /** What there is of a curve, and where a log scale does not show it. */
  private words(index: number, points: number): string {
    const column = this.data[index + 1];
    const ends = (this.drawn.marks[index] ?? []).map(
      (i) => `, ${formatNumber(column?.[i] ?? 0)} at ${this.place(i)}`,
    );
    const things = this.across === STEPS ? 'steps' : 'points';
    return `${this.curves[index]?.label}, ${points} ${things}${ends.slice(0, 3).join('')}`;
  }

  private place(index: number): string {
    const place = this.data[0][index]!;
    return `${this.across.prefix}${this.across === STEPS ? place : formatNumber(place)}`;
  }

  /** Values at the place under the pointer, else at the mark, else at the last. */
  private reading() {
    const [places, ...columns] = this.data;
    const { mark } = this;
    const marked = mark === undefined ? Infinity : places.findIndex((place) => place >= mark * (1 - 1e-9));
    const at = Math.min(this.at ?? (marked < 0 ? Infinity : marked), places.length - 1);
    return html`<span>${this.place(at)}</span> ${this.told.map((i) => {
        const { label, colour, dotted, dashed, sign } = this.curves[i]!;
        const value = columns[i]?.[at] ?? undefined;
        return html`<span title=${label}>
          <i class=${dotted ? 'dotted' : dashed ? 'dashed' : ''} .style="--colour: var(${colour})"></i>
          ${sign ? html`<b>${sign}</b>` : nothing} ${value === undefined ? 'ended' : formatNumber(value)}
        </span>`;
      })}`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.hasUpdated) return;
    this.resizing.observe(this.chart);
    this.requestUpdate();
  }

  override firstUpdated(): void {
    this.resizing.observe(this.chart);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
    this.destroy();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('data') || changed.has('upwards')) this.drawn = drawing(this.data, this.upwards);
    if (changed.has('data') || changed.has('size') || changed.has('across')) this.layTicks();
  }

  private layTicks(): void {
    const { range, ends, zero, infinite } = this.drawn;
    const { width, height } = this.size;
    const [first, last] = this.ends;
    const [from, to] = [this.measure(first), this.measure(last)];
    const along = (value: number) => (this.measure(value) - from) / (to - from || 1);
    const { scale, pitch } = this.across;
    this.xTicks = ticks(scale, first, last, along, across(width, textScale()), pitch);
    const share = (place: number) => (place - range[0]) / (range[1] - range[0]);
    const isLog = this.upwards === 'log';
    const [low, high] = isLog ? ends.map((exponent) => Number(`1e${exponent}`)) : ends;
    const apart = (label: string, place: number | undefined) =>
      place === undefined ? [] : [{ value: Number.NaN, label, position: share(place), shift: 0 }];
    this.yTicks = [
      ...apart('0', zero),
      ...ticks(
        isLog ? 'log' : 'linear',
        low!,
        high!,
        (value) => share(isLog ? Math.log10(value) : value),
        upwards(height, textScale()),
      ),
      ...apart('∞', infinite),
    ];
  }

  /** What lies at the chart's left and right: steps begin at 0. */
  private get ends(): readonly [number, number] {
    const { across: along, data } = this;
    const [places] = data;
    if (along.ends) return along.ends;
    return along.scale === 'log' ? [places[0] ?? 1, places.at(-1) ?? 10] : [0, places.at(-1) ?? 1];
  }

  /** Where a value lies on the scale of what lies across. */
  private measure(value: number): number {
    return this.across.scale === 'log' ? Math.log10(value) : value;
  }

  override updated(changed: PropertyValues): void {
    if (!this.isConnected) return;
    if (changed.has('theme') || changed.has('curves')) this.destroy();
    if (!this.plot) this.plot = new uPlot(this.options(), this.aligned(), this.chart);
    else if (changed.has('data') || changed.has('across')) this.plot.setData(this.aligned());
    else if (changed.has('mark')) this.plot.redraw(false);
    if (changed.has('size')) this.plot.setSize(this.size);
  }

  private destroy(): void {
    this.plot?.destroy();
    this.plot = undefined;
  }

  private aligned(): uPlot.AlignedData {
    const [places] = this.data;
    return places.length > 0
      ? [places.map((place) => this.measure(place)), ...this.drawn.curves]
      : [[0, 1], ...this.curves.map(() => [null, null])];
  }

  /** A finger has no pointer that rests on the chart. */
  private point(event: PointerEvent): void {
    const { plot } = this;
    if (event.pointerType !== 'touch' || !plot) return;
    const { left, top } = plot.over.getBoundingClientRect();
    plot.setCursor({ left: event.clientX - left, top: event.clientY - top });
  }

  private options(): uPlot.Options {
    const style = getComputedStyle(this);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const lines = (splits: () => number[]): uPlot.Axis => ({
      size: 0,
      gap: 0,
      splits,
      filter: (_, all) => all,
      values: (_, all) => all.map(() => ''),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
    });
    return {
      ...this.size,
      legend: { show: false },
      padding: [0, 0, 0, 0],
      cursor: { drag: { x: false, y: false }, points: { size: 5 } },
      hooks: {
        setCursor: [(plot) => (this.at = plot.cursor.idx ?? undefined)],
        drawClear: [
          (plot) => {
            const { mark } = this;
            if (mark === undefined || !(mark > 0 || this.across.scale === 'linear')) return;
            drawMark(plot, this.measure(mark), colour('--quiet'));
          },
        ],
        draw: [(plot) => drawMarks(plot, this.drawn, this.curves, colour)],
      },
      scales: {
        x: { time: false, range: (_, low, high) => this.range(low, high) },
        y: { range: () => this.drawn.range },
      },
      axes: [
        lines(() => this.xTicks.map(({ value }) => this.measure(value))),
        lines(() => this.yTicks.map(({ position }) => between(this.drawn.range, position))),
      ],
      bands: this.curves.flatMap(({ bandTo, colour: name }, i) =>
        bandTo === undefined
          ? []
          : [{ series: [i + 1, bandTo + 1] as uPlot.Band.Bounds, fill: filling(colour(name)) }],
      ),
      series: [
        {},
        ...this.curves.map(({ label, colour: name, width, dotted, dashed, faint, scattered }) => ({
          label,
          stroke: colour(name),
          width,
          alpha: faint ? FAINT : 1,
          points: scattered ? { show: true, size: 5, fill: colour(name) } : { show: false },
          ...(scattered && { paths: () => null }),
          ...(dotted && { dash: [0.1, 2.4 * width], cap: 'round' as const }),
          ...(dashed && { dash: [4 * width, 3 * width] }),
        })),
      ],
    };
  }

  /** Of the scale across; never empty. */
  private range(low: number, high: number): [number, number] {
    if (this.across.ends) [low, high] = [this.measure(this.ends[0]), this.measure(this.ends[1])];
    return [low, high > low ? high : low + 1];
  }
}

/** A band's own colour, to be seen through. */
const filling = (colour: string) => `color-mix(in srgb, ${colour} 22%, transparent)`;

const between = ([low, high]: readonly [number, number], share: number) => low + share * (high - low);

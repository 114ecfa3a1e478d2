import { css, html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { follow } from '../page/follow';
import type { PageState } from '../page/page_state';
import { NARROW, sharedStyles } from '../page/styles';
import { atStop, encodeView } from '../page/view_state';
import type { CheckedClaim, FoundBy, Stop } from './stop';
import { STOPS } from './stops';
import type { Verdict } from './verdict';

/** Paths in a square of 14, and words. */
const MARKS: Readonly<Record<Verdict['state'], readonly [mark: string, words: string]>> = {
  open: ['M7 1.5a5.5 5.5 0 1 0 .01 0z', 'not yet'],
  holds: ['M2 7.5l3.5 4L12 2.5', 'holds'],
  fails: ['M2.5 2.5l9 9M11.5 2.5l-9 9', 'does not hold'],
};

/** Milliseconds between two looks at what was found, at the least. */
const PACE = 300;

/** A link of the tour was followed, so what it leads to is read next, wherever the panel then stands. */
let isLed = false;

/** A stop of the tour: what it says, what to do and to see, and whether what was measured bears it out. */
@customElement('tour-panel')
export class TourPanel extends LitElement {
  @property({ attribute: false }) page!: PageState;
  /** What the tabs have found. */
  @property({ attribute: false }) found!: FoundBy;
  /** Whose `change` follows every change of that. */
  @property({ attribute: false }) sources: readonly EventTarget[] = [];
  /** Where the window is narrow: only its head is shown. */
  @state() private folded = false;
  /** The stop that was drawn last, and whether another is drawn now. */
  private shown = 0;
  private isNew = true;
  private checking: ReturnType<typeof setTimeout> | undefined;

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
        padding: 10px 12px;
        border: 1px solid var(--line);
        border-radius: 10px;
        background: var(--panel);
        font-size: 0.8125rem;
      }
      .head {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: center;
        gap: 0 8px;
      }
      .head a,
      .fold {
        flex: none;
      }
      h2 {
        font-size: 1rem;
        line-height: 1.3;
        outline-offset: 3px;
      }
      h3 {
        font-size: 0.8125rem;
        font-weight: 600;
      }
      .all {
        display: grid;
        grid-auto-rows: max-content;
        align-content: start;
        gap: 8px;
        margin-top: 6px;
        overflow-y: auto;
        scrollbar-width: thin;
      }
      .formula {
        padding: 4px 8px;
        border-radius: 6px;
        background: var(--sunken);
        overflow-x: auto;
        font-size: 0.9375rem;
      }
      /* In the page's own font, slanted: not every machine has the letters of a mathematical one. */
      math {
        font-family: inherit;
      }
      mi {
        font-style: italic;
        text-transform: none;
      }
      a {
        color: var(--accent);
      }
      .claims {
        display: grid;
        gap: 6px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .claims li {
        display: grid;
        grid-template-columns: 1.25rem minmax(0, 1fr);
        /* Room for what is measured, from the start. */
        min-height: 4.35em;
      }
      svg {
        width: 0.875rem;
        height: 0.875rem;
        margin-top: 0.2em;
        fill: none;
        stroke: var(--quiet);
        stroke-width: 1.75;
        stroke-linecap: round;
      }
      [data-state='holds'] svg {
        stroke: var(--accent);
        stroke-width: 2.5;
      }
      [data-state='fails'] svg {
        stroke: var(--warning);
        stroke-width: 2.5;
      }
      .spoken {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
      .go {
        display: flex;
        align-items: center;
        gap: 6px;
        margin-top: 8px;
      }
      .go a,
      .head a,
      .again {
        display: inline-flex;
        align-items: center;
        min-height: 28px;
        padding: 0 10px;
        border: 1px solid var(--line);
        border-radius: 6px;
        color: inherit;
        text-decoration: none;
      }
      .go a:hover,
      .head a:hover {
        border-color: var(--quiet);
      }
      .go .next {
        margin-left: auto;
        background: var(--accent-soft);
        border-color: var(--accent);
      }
      [aria-disabled='true'] {
        opacity: 0.45;
      }
      .stops {
        display: flex;
        flex-wrap: wrap;
        gap: 2px;
      }
      .stops a {
        flex: 1;
        min-width: 24px;
        line-height: 24px;
        border-radius: 4px;
        color: var(--quiet);
        text-align: center;
        text-decoration: none;
        font-size: 0.75rem;
      }
      .stops a:hover {
        background: var(--sunken);
      }
      .stops [aria-current='step'] {
        background: var(--accent-soft);
        color: var(--accent);
        font-weight: 650;
      }
      .fold {
        display: none;
      }
      @media ${NARROW} {
        :host {
          position: fixed;
          inset: auto 0 0;
          z-index: 4;
          max-height: min(30rem, 62dvh);
          padding: 8px 16px;
          border-width: 1px 0 0;
          border-radius: 0;
          box-shadow: 0 -2px 12px rgb(0 0 0 / 12%);
        }
        .head {
          grid-template-columns: minmax(0, 1fr) auto auto;
        }
        .head a,
        .go a,
        .again {
          min-height: 44px;
        }
        .fold {
          display: block;
          min-height: 44px;
        }
        .stops a {
          line-height: 36px;
        }
        :host([folded]) :is(.all, .go, .stops) {
          display: none;
        }
        .claims li {
          min-height: 0;
        }
      }
    `,
  ];

  constructor() {
    super();
    follow(this, () => [this.page]);
  }

  /** What is found changes with every outcome, and a map has many cells to go through. */
  private readonly checkSoon = (): void => {
    this.checking ??= setTimeout(() => {
      this.checking = undefined;
      this.requestUpdate();
    }, PACE);
  };

  override connectedCallback(): void {
    super.connectedCallback();
    document.documentElement.toggleAttribute('data-tour', true);
    document.addEventListener('click', this.makeRoom);
    for (const source of this.sources) source.addEventListener('change', this.checkSoon);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.documentElement.toggleAttribute('data-tour', false);
    document.removeEventListener('click', this.makeRoom);
    for (const source of this.sources) source.removeEventListener('change', this.checkSoon);
    clearTimeout(this.checking);
    this.checking = undefined;
  }

  /** Where it lies over the tab, whoever touches that wants to see it. */
  private readonly makeRoom = (event: Event): void => {
    if (!event.composedPath().includes(this)) this.folded = true;
  };

  protected override willUpdate(): void {
    const { tour } = this.page.view;
    this.isNew = tour !== this.shown;
    if (this.isNew) this.folded = false;
    this.shown = tour;
    this.toggleAttribute('folded', this.folded);
  }

  protected override updated(): void {
    if (!isLed || !this.isNew) return;
    setTimeout(() => (isLed = false)); // in another tab another panel takes the place of this one
    this.renderRoot.querySelector('.all')?.scrollTo(0, 0);
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true });
  }

  override render() {
    const { view } = this.page;
    const { tour } = view;
    const stop = STOPS[tour - 1];
    if (!stop) return html``;
    const links = guard([view], () => this.links());
    return html`
      <div class="head">
        <h2 id="title" tabindex="-1">
          <span class="quiet small">Tour, ${tour} of ${STOPS.length}</span><br />${stop.title}
        </h2>
        <button
          class="fold"
          aria-expanded=${!this.folded}
          aria-controls="all"
          @click=${() => (this.folded = !this.folded)}
        >
          ${this.folded ? 'Read' : 'Fold'}
        </button>
        <a href=${encodeView({ ...view, tour: 0 })} aria-label="Leave the tour">Leave</a>
      </div>
      <div id="all" class="all">${this.told(stop)}</div>
      ${links}
    `;
  }

  private told(stop: Stop) {
    const { text, formula, act, see, sources } = stop;
    return html`
      <p>${text}</p>
      <div class="formula">${formula}</div>
      <div>
        <h3>Do</h3>
        <p>${act}</p>
      </div>
      <div>
        <h3>See</h3>
        <p>${see}</p>
      </div>
      <ul class="claims" aria-label="What was measured">
        ${stop.checked(this.found).map(claimRow)}
      </ul>
      <p class="quiet small">
        Sources:
        ${sources.map(({ name, address }, at) => html`${at > 0 ? '; ' : ''}<a href=${address}>${name}</a>`)}.
      </p>
    `;
  }

  private links() {
    const { view } = this.page;
    const to = (stop: number) => encodeView(atStop(view, stop));
    const { tour } = view;
    const link = (kind: string, words: string, stop: number, name: string) =>
      stop < 1 || stop > STOPS.length
        ? html`<a class=${kind} role="link" aria-disabled="true">${words}</a>`
        : html`<a class=${kind} href=${to(stop)} aria-label=${name} @click=${led}>${words}</a>`;
    const isAsShown = to(tour) === encodeView(view);
    return html`
      <div class="go">
        ${link('back', 'Back', tour - 1, `Back: ${STOPS[tour - 2]?.title}`)}
        ${
          isAsShown
            ? html`<span class="quiet small">as the stop has it</span>`
            : html`<a class="again" href=${to(tour)}>As the stop has it</a>`
        }
        ${link('next', 'Next', tour + 1, `Next: ${STOPS[tour]?.title}`)}
      </div>
      <nav class="stops" aria-label="Stops">
        ${STOPS.map(
          ({ title }, at) =>
            html`<a
              href=${to(at + 1)}
              aria-label=${`${at + 1}: ${title}`}
              title=${title}
              aria-current=${at + 1 === tour ? 'step' : 'false'}
              @click=${led}
              >${at + 1}</a
            >`,
        )}
      </nav>
    `;
  }
}

function led(): void {
  isLed = true;
}

function claimRow({ claim, state, words }: CheckedClaim) {
  const [mark, name] = MARKS[state];
  return html`<li data-state=${state}>
    <svg viewBox="0 0 14 14" aria-hidden="true"><path d=${mark} /></svg>
    <span
      ><span class="spoken">${name}: </span>${claim}
      <span class="quiet number">${state === 'open' ? `not yet: ${words}` : words}</span></span
    >
  </li>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'tour-panel': TourPanel;
  }
}

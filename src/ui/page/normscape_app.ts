import { css, html, LitElement, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import '../experiment/column_choice';
import { follow } from './follow';
import './help_dialog';
import { PageState } from './page_state';
import { NARROW, PHONE, sharedStyles } from './styles';
import type { FoundBy } from '../tour/stop';
import '../tour/tour_panel';
import type { Findings } from './tab';
import { TAB_IDS, TABS, type Tab, type TabFound } from './tabs';
import { ThemeController } from './theme';
import './theme_choice';
import { atStop, encodeView, type Theme } from './view_state';

/** The page: its name and question, the tabs, and the one that is open. */
@customElement('normscape-app')
export class NormscapeApp extends LitElement {
  private readonly page = new PageState();
  private readonly tabs = TAB_IDS.map((id) => ({ id, ...TABS[id].open(this.page) }));
  /** The tab whose name was brought into view. */
  private named: Tab | undefined;
  private readonly sources = this.tabs.flatMap(({ findings }) => findings?.sources ?? []);
  private readonly theme = new ThemeController(this, () => this.page.view.theme);

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100vh;
        height: 100dvh;
      }
      main {
        flex: 1;
        min-height: 0;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 2px 20px;
        padding: 12px 20px 10px;
      }
      h1 {
        font-size: 1.125rem;
        font-weight: 650;
        letter-spacing: -0.015em;
      }
      header p {
        flex: 1 1 280px;
        color: var(--quiet);
        text-wrap: balance;
      }
      .lesson {
        justify-content: space-between;
        padding-block: 8px 6px;
      }
      .lesson h1 {
        font-size: 0.9375rem;
      }
      .lesson a {
        color: var(--accent);
        font-size: 0.75rem;
        padding: 4px 0;
      }
      nav {
        position: relative;
        display: flex;
        gap: 16px;
        min-width: 0;
        overflow-x: auto;
        scrollbar-width: none;
      }
      nav a {
        flex: none;
        color: inherit;
        text-decoration: none;
        padding: 4px 2px;
        border-bottom: 2px solid transparent;
      }
      nav a:focus-visible {
        outline-offset: -2px;
      }
      nav a[aria-current='page'] {
        border-color: var(--accent);
        font-weight: 550;
      }
      .tools {
        display: flex;
        gap: 8px;
      }
      .tour {
        display: flex;
        align-items: center;
        justify-content: center;
        padding: 0 10px;
        border: 1px solid var(--accent);
        border-radius: 6px;
        background: var(--accent-soft);
        color: inherit;
        font-size: 0.8125rem;
        text-decoration: none;
      }
      .beside {
        display: grid;
        grid-template-columns: clamp(280px, 21vw, 380px) minmax(0, 1fr);
        grid-template-rows: minmax(0, 1fr);
        height: 100%;
        padding: 0 0 16px 20px;
      }
      .beside tour-panel {
        align-self: start;
        max-height: 100%;
      }
      .spoken {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
      .problem {
        position: sticky;
        top: 0;
        z-index: 4;
        display: flex;
        justify-content: space-between;
        align-items: start;
        gap: 12px;
        margin: 0 20px 10px;
      }
      .problem button {
        flex: none;
      }
      @media ${NARROW} {
        :host {
          height: auto;
          min-height: 100dvh;
        }
        main {
          padding-bottom: var(--under, 0);
        }
        .beside {
          display: block;
          padding: 0;
        }
        .beside tour-panel {
          max-height: min(30rem, 62dvh);
        }
        header p {
          order: 1;
          flex-basis: 100%;
        }
        nav {
          flex: 1;
        }
      }
      @media ${PHONE} {
        header {
          display: grid;
          grid-template-columns: minmax(0, 1fr) auto;
          align-items: center;
          gap: 0;
          padding: 6px 16px;
        }
        header p {
          grid-column: 1 / -1;
          font-size: 0.8125rem;
          line-height: 18px;
        }
        /* A strip as wide as the window, in which what does not fit fades away and is scrolled to. */
        nav {
          grid-area: 2 / 1 / auto / -1;
          gap: 4px;
          margin: 0 -16px;
          padding: 0 12px;
          mask-image: linear-gradient(to right, #0000, #000 16px calc(100% - 16px), #0000);
        }
        nav a {
          padding: 10px 6px;
        }
        .tools > :not(theme-choice) {
          min-width: 44px;
        }
        .problem {
          margin-inline: 16px;
        }
      }
    `,
  ];

  constructor() {
    super();
    follow(this, () => [this.page, this.page.announcer]);
    this.addEventListener('dragover', (event) => event.preventDefault());
    this.addEventListener('drop', (event) => void this.drop(event));
  }

  override render() {
    const { view, announcer, opened } = this.page;
    const shown = html`
      ${this.problem()}
      <main>${this.open()}</main>
      ${opened ? html`<column-choice .page=${this.page} .opened=${opened}></column-choice>` : nothing}
      <div class="spoken" role="status" aria-live="polite">${announcer.text}</div>
    `;
    if (view.shows === 'maps')
      return html`
        <header class="lesson">
          <h1>${view.experiment.name || 'Normscape'}</h1>
          <a href=${encodeView({ ...view, shows: 'everything' })} target="_blank">Open in Normscape</a>
        </header>
        ${shown}
      `;
    return html`
      <header>
        <h1>Normscape</h1>
        <p>
          How does batch normalization enable larger learning rates? Each pixel trains a network, with and
          without it.
        </p>
        <nav aria-label="Tabs" @focusin=${({ target }: Event) => bringIntoView(target)}>
          ${guard([view], () =>
            TAB_IDS.map(
              (id) =>
                html`<a
                  href=${encodeView({ ...view, tab: id })}
                  aria-current=${id === view.tab ? 'page' : 'false'}
                  @click=${stay}
                  >${TABS[id].name}</a
                >`,
            ),
          )}
        </nav>
        <div class="tools">
          ${guard([view], () => html`<a class="tour" href=${encodeView(atStop(view, view.tour || 1))}>Tour</a>`)}
          <button aria-label="Help" title="Keys and gestures: ?" @click=${this.help}>?</button>
          <theme-choice
            .theme=${view.theme}
            @theme=${({ detail }: CustomEvent<Theme>) => this.page.choose('view.theme', { theme: detail })}
          ></theme-choice>
        </div>
      </header>
      <help-dialog .heading=${TABS[view.tab].name} .entries=${TABS[view.tab].help}></help-dialog>
      ${shown}
    `;
  }

  /** Brings the open tab's name into view where not all fit; the page itself stays where it is. */
  protected override updated(): void {
    const { tab } = this.page.view;
    if (tab === this.named) return;
    this.named = tab;
    bringIntoView(this.renderRoot.querySelector('nav [aria-current=page]'));
  }

  /** The open tab, and the tour in it or beside it. */
  private open() {
    const { view } = this.page;
    const tab = this.tabs.find(({ id }) => id === view.tab)!;
    if (view.tour === 0 || view.shows === 'maps') return tab.render(this.theme.shown, nothing);
    const tour = html`<tour-panel
      role="region"
      aria-label="Tour"
      .page=${this.page}
      .found=${this.found}
      .sources=${this.sources}
    ></tour-panel>`;
    if (tab.holdsTour) return tab.render(this.theme.shown, tour);
    return html`<div class="beside">${tour}${tab.render(this.theme.shown, nothing)}</div>`;
  }

  private readonly found: FoundBy = <Id extends Tab>(id: Id) => {
    const tab = this.tabs.find((each) => each.id === id);
    return (tab?.findings as Findings<TabFound[Id]> | undefined)?.now();
  };

  private help(): void {
    this.renderRoot.querySelector('help-dialog')?.show();
  }

  private problem() {
    const { problem } = this.page;
    if (!problem) return nothing;
    return html`<div class="problem">
      <span role="alert">${problem}</span>
      <button @click=${() => this.page.dismissProblem()}>Dismiss</button>
    </div>`;
  }

  protected override willUpdate(): void {
    const { name } = this.page.view.experiment;
    document.title = name ? `${name} — Normscape` : 'Normscape';
  }

  private async drop(event: DragEvent): Promise<void> {
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file) await this.page.openFile(file);
  }
}

/** The open tab's own link would drop the rest of the state. */
function stay(event: Event): void {
  const { currentTarget } = event;
  if (currentTarget instanceof HTMLElement && currentTarget.getAttribute('aria-current') === 'page')
    event.preventDefault();
}

/** A tab's name, into the middle of their strip. */
function bringIntoView(name: EventTarget | null): void {
  if (!(name instanceof HTMLElement) || !name.parentElement) return;
  const strip = name.parentElement;
  strip.scrollLeft = name.offsetLeft - (strip.clientWidth - name.offsetWidth) / 2;
}

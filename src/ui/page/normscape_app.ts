import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { BenchController } from '../kernels/bench_controller';
import { GpuTurns } from '../../service/gpu_turns';
import { cellWords } from '../../view/cell_words';
import '../kernels/kernels_tab';
import '../map/map_tab';
import { NARROW, PHONE, sharedStyles } from './styles';
import { SweepController } from './sweep_controller';
import { encodeView, TABS, THEMES, type Theme } from './view_state';

const THEME_WORDS: Readonly<Record<Theme, string>> = {
  system: 'system',
  light: 'light',
  dark: 'dark',
};
const SPOKEN_AFTER = 250;

/** The page: its name and question, the tabs, and the one that is open. */
@customElement('normscape-app')
export class NormscapeApp extends LitElement {
  private readonly turns = new GpuTurns();
  private readonly controller = new SweepController(this.turns);
  private readonly bench = new BenchController(this.turns);
  private readonly dark = matchMedia('(prefers-color-scheme: dark)');
  private readonly forced = matchMedia('(forced-colors: active)');
  @state() private spoken = '';
  private speaking: number | undefined;
  private lastCell = '';

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
        align-items: baseline;
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
      }
      nav {
        display: flex;
        gap: 16px;
      }
      nav a {
        color: inherit;
        text-decoration: none;
        padding: 4px 2px;
        border-bottom: 2px solid transparent;
      }
      nav a[aria-current='page'] {
        border-color: var(--accent);
        font-weight: 550;
      }
      label {
        display: flex;
        gap: 6px;
        align-items: center;
        font-size: 0.75rem;
      }
      select {
        height: 24px;
        font-size: 0.75rem;
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
      }
      @media ${PHONE} {
        header {
          align-items: center;
          column-gap: 12px;
          padding: 4px 16px 6px;
        }
        header p {
          order: 1;
          flex-basis: 100%;
          font-size: 0.8125rem;
          line-height: 18px;
        }
        nav {
          flex: 1;
          gap: 4px;
        }
        nav a {
          padding: 10px 6px;
        }
        label span {
          display: none;
        }
        .problem {
          margin-inline: 16px;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.controller.addEventListener('change', this.follow);
    this.dark.addEventListener('change', this.follow);
    this.forced.addEventListener('change', this.follow);
    this.addEventListener('dragover', (event) => event.preventDefault());
    this.addEventListener('drop', (event) => void this.drop(event));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.controller.removeEventListener('change', this.follow);
    this.dark.removeEventListener('change', this.follow);
    this.forced.removeEventListener('change', this.follow);
  }

  override render() {
    const { view } = this.controller;
    return html`
      <header>
        <h1>Normscape</h1>
        <p>
          How does batch normalization enable larger learning rates? A small network is trained in every
          pixel, with and without it.
        </p>
        <nav aria-label="Tabs">
          ${guard([view], () =>
            TABS.map(
              ({ id, name }) =>
                html`<a
                  href=${encodeView({ ...view, tab: id })}
                  aria-current=${id === view.tab ? 'page' : 'false'}
                  @click=${stay}
                  >${name}</a
                >`,
            ),
          )}
        </nav>
        <label>
          <span class="quiet">Theme</span>
          <select aria-label="Theme" @change=${this.chooseTheme}>
            ${THEMES.map(
              (theme) =>
                html`<option value=${theme} .selected=${theme === view.theme}>${THEME_WORDS[theme]}</option>`,
            )}
          </select>
        </label>
      </header>
      ${this.problem()}
      <main>${this.tab()}</main>
      <div class="spoken" role="status" aria-live="polite">${this.spoken}</div>
    `;
  }

  private problem() {
    const { problem } = this.controller;
    if (!problem) return nothing;
    return html`<div class="problem">
      <span role="alert">${problem}</span>
      <button @click=${() => this.controller.dismissProblem()}>Dismiss</button>
    </div>`;
  }

  private tab() {
    return this.controller.view.tab === 'map'
      ? html`<map-tab .controller=${this.controller} theme=${this.theme}></map-tab>`
      : html`<kernels-tab .controller=${this.controller} .bench=${this.bench}></kernels-tab>`;
  }

  protected override willUpdate(_: PropertyValues): void {
    document.documentElement.dataset['theme'] = this.theme;
    const { name } = this.controller.view.experiment;
    document.title = name ? `${name} — Normscape` : 'Normscape';
  }

  private get theme(): 'light' | 'dark' {
    const { theme } = this.controller.view;
    // Colours of the reader's own are light or dark already.
    if (theme !== 'system' && !this.forced.matches) return theme;
    return this.dark.matches ? 'dark' : 'light';
  }

  private readonly follow = (): void => {
    this.requestUpdate();
    this.speak();
  };

  /** Reads out the cell that the crosshair has come to rest on. */
  private speak(): void {
    const { run, cell } = this.controller;
    const key = JSON.stringify(cell);
    if (!run || key === this.lastCell) return;
    this.lastCell = key;
    window.clearTimeout(this.speaking);
    this.speaking = window.setTimeout(() => {
      this.spoken = cellWords(run.experiment, this.controller.shown ?? run.results, cell);
    }, SPOKEN_AFTER);
  }

  private chooseTheme({ target }: Event): void {
    const theme = THEMES.find((name) => target instanceof HTMLSelectElement && name === target.value);
    if (theme) this.controller.setTheme(theme);
  }

  private async drop(event: DragEvent): Promise<void> {
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file) await this.controller.openFile(file);
  }
}

/** The open tab's own link would drop the rest of the state. */
function stay(event: Event): void {
  const { currentTarget } = event;
  if (currentTarget instanceof HTMLElement && currentTarget.getAttribute('aria-current') === 'page')
    event.preventDefault();
}

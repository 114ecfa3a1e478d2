import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ShownTheme } from './tab';
import type { Theme } from './view_state';

/** The theme in force: the chosen one, or the machine's. */
export class ThemeController implements ReactiveController {
  private readonly dark = matchMedia('(prefers-color-scheme: dark)');
  private readonly forced = matchMedia('(forced-colors: active)');
  private readonly follow = () => this.host.requestUpdate();

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly chosen: () => Theme,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.dark.addEventListener('change', this.follow);
    this.forced.addEventListener('change', this.follow);
  }

  hostDisconnected(): void {
    this.dark.removeEventListener('change', this.follow);
    this.forced.removeEventListener('change', this.follow);
  }

  hostUpdate(): void {
    document.documentElement.dataset['theme'] = this.shown;
  }

  get shown(): ShownTheme {
    const theme = this.chosen();
    // Forced colours are the reader's own: the machine says whether they are light or dark.
    if (theme !== 'system' && !this.forced.matches) return theme;
    return this.dark.matches ? 'dark' : 'light';
  }
}

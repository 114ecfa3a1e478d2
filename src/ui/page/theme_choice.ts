import { css, html, LitElement, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { PHONE, sharedStyles } from './styles';
import { THEMES, type Theme } from './view_state';

const THEME_WORDS: Readonly<Record<Theme, string>> = {
  system: 'as the system',
  light: 'light',
  dark: 'dark',
};

const RAYS = Array.from({ length: 8 }, (_, i) => {
  const [x, y] = [Math.cos((i * Math.PI) / 4), Math.sin((i * Math.PI) / 4)];
  return `M${8 + 5 * x} ${8 + 5 * y} L${8 + 7 * x} ${8 + 7 * y}`;
}).join(' ');
/** A disc of which half is filled, a sun, and a moon. */
const PICTURES: Readonly<Record<Theme, unknown>> = {
  system: svg`<circle cx="8" cy="8" r="6"></circle><path d="M8 2 A6 6 0 0 1 8 14 Z" fill="currentColor"></path>`,
  light: svg`<circle cx="8" cy="8" r="3"></circle><path d=${RAYS}></path>`,
  dark: svg`<path d="M13.5 9.5 A6 6 0 1 1 6.5 2.5 A5 5 0 0 0 13.5 9.5 Z"></path>`,
};

/**
 * A list of the themes, of which the page shows only a picture: under it lies the system's own list, for keys, fingers and readers.
 * @fires theme with the one that was chosen
 */
@customElement('theme-choice')
export class ThemeChoice extends LitElement {
  @property() theme: Theme = 'system';

  static override styles = [
    sharedStyles,
    css`
      label {
        position: relative;
        display: grid;
        place-items: center;
        width: 28px;
        height: 28px;
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: 6px;
      }
      label:hover {
        border-color: var(--quiet);
      }
      label:has(:focus-visible) {
        outline: 2px solid var(--accent);
        outline-offset: 1px;
      }
      select {
        position: absolute;
        inset: -1px;
        width: calc(100% + 2px);
        height: calc(100% + 2px);
        min-height: 0;
        opacity: 0;
        cursor: pointer;
      }
      @media ${PHONE} {
        label {
          width: 44px;
          height: 44px;
        }
      }
    `,
  ];

  override render() {
    return html`<label title="Theme: ${THEME_WORDS[this.theme]}">
      <svg
        viewBox="0 0 16 16"
        width="16"
        height="16"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        stroke-width="1.4"
        stroke-linecap="round"
        stroke-linejoin="round"
      >
        ${PICTURES[this.theme]}
      </svg>
      <select aria-label="Theme" @change=${this.choose}>
        ${THEMES.map(
          (theme) =>
            html`<option value=${theme} .selected=${theme === this.theme}>${THEME_WORDS[theme]}</option>`,
        )}
      </select>
    </label>`;
  }

  private choose({ target }: Event): void {
    const theme = THEMES.find((name) => target instanceof HTMLSelectElement && name === target.value);
    if (theme) this.dispatchEvent(new CustomEvent('theme', { detail: theme }));
  }
}

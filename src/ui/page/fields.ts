import { css, html } from 'lit';
import { formatNumber } from '../../view/number_format';
import { NARROW, PHONE } from './styles';
import type { Range } from './link_settings';

/** Steps of a logarithmic slider for each power of ten. */
const PER_DECADE = 100;

/** For an element with a column of labelled lists and sliders. */
export const fieldStyles = css`
  label {
    display: grid;
    grid-template-columns: 7.5rem minmax(0, 1fr);
    align-items: center;
    gap: 8px;
  }
  label.slider {
    grid-template-columns: 7.5rem minmax(0, 1fr) 3.25rem;
  }
  output {
    text-align: right;
  }
  input[type='range'] {
    width: 100%;
    padding: 0;
    accent-color: var(--accent);
  }
  @media ${PHONE} {
    label {
      grid-template-columns: 6rem minmax(0, 1fr);
    }
    label.slider {
      grid-template-columns: 6rem minmax(0, 1fr) 3.25rem;
    }
  }
`;

/** For an element that is nothing but such fields, in groups with headings. */
export const fieldColumnStyles = css`
  :host {
    display: grid;
    align-content: start;
    gap: 6px;
    font-size: 0.8125rem;
  }
  h2 {
    margin-top: 8px;
  }
  @media ${NARROW} {
    :host {
      grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr));
      gap: 6px 24px;
    }
    h2 {
      grid-column: 1 / -1;
    }
  }
`;

/** @param options each a value and its words */
export function listField<Value extends string>(
  label: string,
  value: Value,
  options: readonly (readonly [Value, string])[],
  choose: (value: Value) => void,
) {
  return html`<label>
    <span class="quiet">${label}</span>
    <select
      @change=${({ target }: Event) => {
        const found = options.find(
          ([option]) => target instanceof HTMLSelectElement && option === target.value,
        );
        if (found) choose(found[0]);
      }}
    >
      ${options.map(
        ([option, words]) => html`<option value=${option} .selected=${option === value}>${words}</option>`,
      )}
    </select>
  </label>`;
}

/** Values to three digits, so that links are short. */
export function logSliderField(
  label: string,
  value: number,
  { least, most }: Range,
  choose: (value: number) => void,
) {
  const range = { least: Math.log10(least), most: Math.log10(most) };
  return sliderField(label, Math.log10(value), range, 1 / PER_DECADE, formatNumber(value), (log) =>
    choose(Math.min(most, Math.max(least, Number((10 ** log).toPrecision(3))))),
  );
}

/** @param words for the value at which it stands */
export function sliderField(
  label: string,
  at: number,
  { least, most }: Range,
  step: number,
  words: string,
  choose: (at: number) => void,
) {
  return html`<label class="slider">
    <span class="quiet">${label}</span>
    <input
      type="range"
      min=${least}
      max=${most}
      step=${step}
      aria-label=${label}
      aria-valuetext=${words}
      .value=${String(at)}
      @input=${({ target }: Event) => {
        if (target instanceof HTMLInputElement) choose(target.valueAsNumber);
      }}
    />
    <output class="number" aria-hidden="true">${words}</output>
  </label>`;
}

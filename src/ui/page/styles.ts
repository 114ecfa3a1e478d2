import { css, unsafeCSS } from 'lit';

/** Windows too narrow for the controls, the maps and a trial side by side: the page scrolls. */
export const NARROW = unsafeCSS('(max-width: 1179px)');
/** Windows with room for all maps in a row, and a trial below them. */
export const LARGE = unsafeCSS('(min-width: 2000px) and (min-height: 1100px)');
/** Phones: one column, and fingers. */
export const PHONE = unsafeCSS('(max-width: 760px)');
/** Too low for anything to stay in view while the rest scrolls. */
export const LOW = unsafeCSS('(max-height: 520px)');

/** What every element's own styles build on. */
export const sharedStyles = css`
  :host {
    display: block;
    min-width: 0;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3,
  p {
    margin: 0;
  }
  h2 {
    font-size: 0.8125rem;
    font-weight: 600;
  }
  .quiet {
    color: var(--quiet);
  }
  .small {
    font-size: 0.75rem;
  }
  .number {
    font-variant-numeric: tabular-nums;
  }
  .problem {
    padding: 8px 10px;
    border-radius: 6px;
    background: var(--warning-soft);
    color: var(--warning);
    font-size: 0.7812rem;
    overflow-wrap: anywhere;
  }
  button,
  select,
  input {
    font: inherit;
    font-size: 0.8125rem;
    color: inherit;
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: 6px;
    height: 28px;
    padding: 0 8px;
    min-width: 0;
  }
  /* Swatches: their colours are what they say. */
  i {
    forced-color-adjust: none;
  }
  @media ${PHONE} {
    button,
    summary,
    select,
    input:not([type='checkbox']) {
      min-height: 44px;
    }
    select,
    input {
      font-size: 16px !important; /* into smaller ones Safari zooms */
    }
    input[type='checkbox'] {
      min-width: 24px;
      min-height: 24px;
    }
    summary {
      line-height: 30px;
    }
  }
  button {
    cursor: pointer;
  }
  button:hover {
    border-color: var(--quiet);
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 1px;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px;
  }
`;

import { css } from 'lit';

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
    font-size: 13px;
    font-weight: 600;
  }
  .quiet {
    color: var(--quiet);
  }
  .small {
    font-size: 12px;
  }
  .number {
    font-variant-numeric: tabular-nums;
  }
  .problem {
    padding: 8px 10px;
    border-radius: 6px;
    background: var(--warning-soft);
    color: var(--warning);
    font-size: 12.5px;
    overflow-wrap: anywhere;
  }
  button,
  select,
  input {
    font: inherit;
    font-size: 13px;
    color: inherit;
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: 6px;
    height: 28px;
    padding: 0 8px;
    min-width: 0;
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

import { css } from 'lit';
import { NARROW, PHONE } from '../page/styles';

/** Where the parts of the Kernels tab stand, and its tables. */
export const kernelsStyles = css`
  :host {
    display: grid;
    grid-template: 'head head' auto 'tables side' auto / minmax(0, 1fr) clamp(280px, 24vw, 34rem);
    align-content: start;
    gap: 16px 32px;
    height: 100%;
    overflow-y: auto;
    scrollbar-width: thin;
    padding: 4px 20px 24px;
  }
  .head {
    grid-area: head;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 16px;
  }
  .head p {
    flex: 1 1 200px;
  }
  /* Of one width, so that nothing moves when it has other words. */
  .step {
    display: flex;
    align-items: center;
    gap: 8px;
    width: 18rem;
    white-space: nowrap;
    overflow: hidden;
  }
  .step[data-idle] {
    visibility: hidden;
  }
  .tables {
    grid-area: tables;
    min-width: 0;
    overflow-x: auto;
  }
  .side {
    grid-area: side;
    display: grid;
    gap: 12px;
    align-content: start;
    font-size: 0.75rem;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 0.7812rem;
    font-variant-numeric: tabular-nums;
  }
  table + h2 {
    margin-top: 24px;
  }
  p + table {
    margin-top: 6px;
  }
  th {
    padding: 4px 8px;
    font-weight: 400;
    color: var(--quiet);
    text-align: right;
    border-bottom: 1px solid var(--line);
    white-space: nowrap;
  }
  td {
    padding: 4.5px 8px;
    text-align: right;
    white-space: nowrap;
  }
  tbody tr:hover {
    background: var(--sunken);
  }
  th:first-child {
    padding-left: 0;
    text-align: left;
  }
  tbody th {
    color: inherit;
    border: 0;
  }
  .bar {
    display: inline-grid;
    grid-template-columns: 4.5rem 3.25rem;
    align-items: center;
    gap: 8px;
  }
  .bar i {
    height: 8px;
    border-radius: 2px;
    background: linear-gradient(var(--accent), var(--accent)) no-repeat 0 / var(--share) 100% var(--empty);
  }
  dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 4px 12px;
    margin: 0;
  }
  dt {
    color: var(--quiet);
  }
  dd {
    margin: 0;
    text-align: right;
  }
  progress {
    width: 120px;
    height: 6px;
    accent-color: var(--accent);
  }
  @media ${NARROW} {
    :host {
      grid-template: 'head' auto 'tables' auto 'side' auto / minmax(0, 1fr);
      height: auto;
    }
    /* So that what is below stays where it is while row after row is measured. */
    .tables[data-bench='measuring'] {
      min-height: 50rem;
    }
    .side {
      max-width: 520px;
    }
  }
  @media ${PHONE} {
    :host {
      padding: 4px 16px 24px;
    }
    .tables[data-bench='measuring'] {
      min-height: 64rem;
    }
    .wide {
      display: none;
    }
    th,
    td {
      padding-inline: 4px;
    }
    tbody th {
      white-space: normal;
    }
    .bar {
      grid-template-columns: 32px 44px;
      gap: 6px;
    }
  }
`;

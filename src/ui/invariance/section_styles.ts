import { css } from 'lit';
import { NARROW, PHONE } from '../page/styles';

/** For an element with charts side by side, and a table of what is read from them. */
export const sectionStyles = css`
  :host {
    display: grid;
    gap: 10px;
  }
  .charts {
    display: grid;
    grid-template-columns: repeat(3, minmax(0, 1fr));
    gap: 14px 28px;
  }
  .charts[data-phase='measuring'] {
    opacity: 0.55;
  }
  figure {
    display: grid;
    gap: 4px;
    margin: 0;
  }
  figcaption {
    font-size: 0.8125rem;
    font-weight: 600;
  }
  line-chart {
    height: clamp(230px, 15vw, 460px);
  }
  .legend {
    gap: 4px 18px;
    font-size: 0.75rem;
  }
  .legend i {
    display: inline-block;
    width: 18px;
    margin-right: 6px;
    vertical-align: middle;
    border-top: 3px solid var(--colour);
  }
  .legend i.dashed {
    border-top: 2px dashed var(--quiet);
  }
  .legend i.mark {
    width: 0;
    height: 12px;
    border-top: none;
    border-left: 2px solid var(--quiet);
  }
  table {
    table-layout: fixed; /* so that nothing moves with the numbers */
    width: 100%;
    align-self: start;
    border-collapse: collapse;
    font-size: 0.7812rem;
  }
  th,
  td {
    padding: 3px 8px 3px 0;
    text-align: left;
    font-weight: 400;
    vertical-align: top;
  }
  thead th {
    color: var(--quiet);
    border-bottom: 1px solid var(--line);
  }
  .words {
    display: grid;
    gap: 4px;
    align-content: start;
    font-size: 0.8125rem;
    min-height: 7em; /* so that nothing below moves when there is something to say */
  }
  .read {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 10px 28px;
  }
  @media ${NARROW} {
    .charts {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
    figure:last-child:nth-child(odd) {
      grid-column: 1 / -1;
    }
    .read {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  @media ${PHONE} {
    .charts {
      grid-template-columns: minmax(0, 1fr);
    }
    line-chart {
      height: 210px;
    }
    td .quiet {
      display: block;
    }
    .words {
      min-height: 13em;
    }
  }
`;

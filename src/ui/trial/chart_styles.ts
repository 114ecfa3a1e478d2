import { css } from 'lit';
import { LARGE, PHONE } from '../page/styles';

/** For an element whose charts stand among the other parts of the trial panel. */
export const chartStyles = css`
  :host {
    display: contents;
  }
  .chart {
    flex: 1;
    display: flex;
    flex-direction: column;
    max-height: 520px;
  }
  line-chart {
    flex: 1;
    min-height: 200px;
  }
  .row {
    justify-content: space-between;
  }
  /** Room for what is told once it is measured. */
  .told {
    min-height: 6.2em;
    font-size: 0.75rem;
  }
  h3 {
    font-size: 0.75rem;
    font-weight: 550;
  }
  .key {
    display: inline-block;
    width: 14px;
    margin-left: 4px;
    vertical-align: middle;
    border-top: 2px solid currentColor;
  }
  .key.dotted {
    border-top: 3px dotted currentColor;
  }
  select,
  button {
    height: 24px;
    font-size: 0.75rem;
  }
  @media ${LARGE} {
    .chart {
      max-height: none;
    }
  }
  @media ${PHONE} {
    .chart {
      flex: none;
    }
    line-chart {
      min-height: 190px;
    }
  }
`;

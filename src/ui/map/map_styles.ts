import { css } from 'lit';
import { LARGE, LOW, NARROW, PHONE } from '../page/styles';

/** Where the parts of the Map tab stand. */
export const mapStyles = [
  css`
    :host {
      display: grid;
      grid-template-columns: var(--side, clamp(240px, 18vw, 320px)) repeat(2, minmax(0, 1fr)) clamp(
          290px,
          22vw,
          400px
        );
      grid-template-rows: auto;
      grid-auto-rows: minmax(280px, 1fr);
      gap: 10px 22px;
      height: 100%;
      padding: 0 20px 16px;
      overflow-y: auto;
      --map-aspect: auto;
    }
    .work,
    .maps {
      display: contents;
    }
    :host([tour]) {
      --side: clamp(280px, 21vw, 380px);
    }
    .side {
      grid-area: 1 / 1 / span var(--rows);
      display: flex;
      flex-direction: column;
      gap: 10px;
      min-height: 0;
    }
    .side experiment-side {
      flex: 1 1 0;
    }
    .side ::slotted(tour-panel) {
      flex: 0 1 auto;
      max-height: 84%;
    }
    .head {
      grid-area: 1 / 2 / auto / span 2;
      display: grid;
      grid-template-columns: minmax(0, 1fr) clamp(285px, 36%, 440px);
      align-items: start;
      gap: 6px 24px;
    }
    .head > .problem {
      grid-column: 1 / -1;
    }
    .head > p:first-child {
      min-height: 6.2rem;
    }
    trial-panel {
      grid-area: 1 / 4 / span var(--rows);
      overflow-y: auto;
      scrollbar-width: thin;
    }
  `,
  css`
    @media ${LARGE} {
      :host {
        grid-template: auto minmax(0, 8fr) minmax(0, 5fr) / 20rem repeat(var(--maps), minmax(0, 1fr)) 20rem;
      }
      .side {
        grid-row: 1 / -1;
      }
      .head {
        grid-column-end: -1;
      }
      trial-panel {
        grid-area: 3 / 2 / auto / -1;
      }
    }
  `,
  css`
    @media ${NARROW} {
      :host {
        display: block;
        height: auto;
        padding-bottom: 24px;
        overflow: visible;
        --map-aspect: 4 / 3;
      }
      .head {
        position: sticky;
        top: 0;
        z-index: 2;
        padding: 6px 0;
        background: var(--page);
      }
      .side {
        display: block;
      }
      .side ::slotted(tour-panel) {
        max-height: min(30rem, 62dvh);
      }
      .work {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 300px;
        gap: 24px;
      }
      .maps {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr));
        align-content: start;
        align-items: start;
        gap: 14px 20px;
      }
      trial-panel {
        grid-area: auto;
        position: sticky;
        top: 96px;
        align-self: start;
        max-height: calc(100dvh - 104px);
      }
    }
    @media ${PHONE} {
      :host {
        padding: 0 16px 72px;
      }
      :host([sheet]) {
        padding-bottom: calc(46dvh + 16px);
      }
      .head {
        grid-template-columns: minmax(0, 1fr);
        gap: 1px;
        padding: 2px 0;
      }
      .head > p:first-child {
        min-height: 65px;
      }
      .work {
        display: block;
      }
      trial-panel {
        position: fixed;
        inset: auto 0 var(--under, 0);
        z-index: 3;
        max-height: 46dvh;
      }
    }
    @media ${NARROW} and ${LOW} {
      .head {
        position: static;
      }
    }
  `,
  /* Without controls: the headline above, and the maps and their legend below it, as wide as the window. */
  css`
    :host([bare]) {
      display: block;
      overflow-y: auto;
      --map-aspect: 4 / 3;
    }
    :host([bare]) .head {
      position: static;
      grid-template-columns: minmax(0, 1fr);
      padding: 0 0 10px;
    }
    :host([bare]) .work {
      display: block;
    }
    :host([bare]) .maps {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(380px, 100%), 1fr));
      gap: 14px 20px;
      align-items: start;
    }
    @media ${PHONE} {
      :host([bare]) {
        padding-bottom: 16px;
      }
    }
  `,
];

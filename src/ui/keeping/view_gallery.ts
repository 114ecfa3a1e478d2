import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { SavedView } from '../../service/browser_store';
import { follow } from '../page/follow';
import { PHONE, sharedStyles } from '../page/styles';
import { LONGEST_NAME, type Gallery } from './gallery';

/** Views of the maps that were saved in this browser: to open, to rename, to delete and to bring back. */
@customElement('view-gallery')
export class ViewGallery extends LitElement {
  @property({ attribute: false }) gallery!: Gallery;
  /** What is to be saved: its first name, and its link. */
  @property({ attribute: false }) view: () => { name: string; link: string } = () => ({ name: '', link: '' });
  /** Makes its picture, as a data URL. */
  @property({ attribute: false }) draw: () => string = () => '';

  constructor() {
    super();
    follow(this, () => [this.gallery]);
  }

  static override styles = [
    sharedStyles,
    css`
      :host {
        font-size: 0.75rem;
      }
      summary {
        cursor: pointer;
        line-height: 24px;
      }
      button,
      input {
        height: 24px;
        font-size: 0.75rem;
      }
      ul {
        display: grid;
        gap: 8px;
        margin: 8px 0 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        align-items: center;
        gap: 8px;
      }
      a {
        display: block;
        line-height: 0;
        border-radius: 3px;
      }
      img {
        width: 96px;
        height: 36px;
        object-fit: contain;
        background: var(--empty);
        border-radius: 3px;
        forced-color-adjust: none;
      }
      .row {
        justify-content: space-between;
        margin-top: 6px;
      }
      @media ${PHONE} {
        img {
          height: 44px;
        }
      }
    `,
  ];

  override render() {
    const { gallery } = this;
    const { views, deleted, problem, isPossible } = gallery;
    const last = deleted.at(-1);
    return html`
      <details>
        <summary>
          Saved views <span class="quiet number" data-views=${views.length}>${views.length}</span>
        </summary>
        <div class="row">
          <span class="quiet"
            >${isPossible === false ? 'This browser keeps nothing here.' : 'With a picture of the maps.'}</span
          >
          <button ?disabled=${!isPossible} @click=${this.save}>Save this view</button>
        </div>
        ${problem ? html`<p class="problem" role="alert">${problem}.</p>` : nothing}
        ${
          last
            ? html`<div class="row" role="status">
                <span>Deleted “${last.name}”.</span>
                <button @click=${() => gallery.undo()}>Undo</button>
              </div>`
            : nothing
        }
        ${
          views.length === 0
            ? html`<p class="quiet">
                No view is saved yet. A saved view is a link to all that the page shows, and opens as it was.
              </p>`
            : html`<ul>
                ${repeat(
                  views,
                  ({ id }) => id,
                  (view) => this.row(view),
                )}
              </ul>`
        }
      </details>
    `;
  }

  private row({ id, name, link, saved, thumbnail }: SavedView) {
    const { gallery } = this;
    const when = new Date(saved);
    return html`<li data-view=${id}>
      <a href=${link} aria-label="Open ${name}" title="Saved ${when.toLocaleString()}"
        ><img src=${thumbnail} alt=""
      /></a>
      <input
        .value=${name}
        maxlength=${LONGEST_NAME}
        aria-label="Name of the view that was saved ${when.toLocaleDateString()}"
        @change=${({ target }: Event) => {
          if (!(target instanceof HTMLInputElement)) return;
          void gallery.rename(id, target.value);
          if (!target.value.trim()) target.value = name;
        }}
      />
      <button aria-label="Delete ${name}" @click=${() => gallery.delete(id)}>Delete</button>
    </li>`;
  }

  private save(): Promise<void> {
    const { name, link } = this.view();
    return this.gallery.save({ name: name || 'Maps', link, thumbnail: this.draw() });
  }
}

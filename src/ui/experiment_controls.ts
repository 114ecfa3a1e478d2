import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { getPath, parsePath } from '../experiment/path';
import type { Axis, Experiment } from '../experiment/types';
import { axisFor, axisParameters } from './axis_choices';
import { parameterLabel } from './parameter_names';
import { sharedStyles } from './styles';

const DATA_TYPES = ['teacher', 'linear', 'gaussian', 'spiral', 'moons', 'circles'];
const INITIALIZATIONS = ['he', 'lecun', 'glorot', 'normal', 'constant'];
const RULES = ['threshold', 'sohl-dickstein'];

/**
 * Every part of the experiment that a person would change.
 * @fires setting with the path and the new value of one setting of the trials
 * @fires fields with fields of the document itself
 */
@customElement('experiment-controls')
export class ExperimentControls extends LitElement {
  @property({ attribute: false }) experiment!: Experiment;
  /** What is wrong with the latest change. */
  @property() problem: string | undefined;

  static override styles = [
    sharedStyles,
    css`
      details {
        border-top: 1px solid var(--line);
      }
      summary {
        padding: 7px 10px;
        font-weight: 550;
        cursor: pointer;
      }
      .fields {
        display: grid;
        gap: 6px;
        padding: 2px 10px 12px;
      }
      label {
        display: grid;
        grid-template-columns: 1fr minmax(0, 1fr);
        gap: 8px;
        align-items: center;
        font-size: 13px;
      }
      input[type='checkbox'] {
        width: 16px;
        height: 16px;
        justify-self: start;
      }
      .problem {
        margin: 0 0 8px;
      }
      h3 {
        margin-top: 4px;
        font-size: 12px;
        font-weight: 550;
      }
    `,
  ];

  override render() {
    const { axes, data, rule } = this.experiment;
    return html`
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      ${this.group('Axes', this.axis('x', axes.x), this.axis('y', axes.y))}
      ${this.group(
        'Model',
        this.number('inputs', 'model.inputs'),
        this.number('hidden layers', 'model.depth'),
        this.number('width', 'model.width'),
        this.choice('activation', 'model.activation', ['relu', 'tanh', 'sigmoid', 'identity']),
        this.number('preactivation gain', 'model.preactivationGain'),
        this.flag('bias', 'model.bias'),
        this.choice('scaling', 'model.scaling', ['standard', 'ntk', 'mean-field']),
        this.choice('initialization', 'model.initialization.type', INITIALIZATIONS),
        this.number('initial gain', 'model.initialization.gain'),
      )}
      ${this.group(
        'Normalization',
        this.choice('placement', 'model.normalization.placement', ['pre', 'post']),
        this.choice('γ and β', 'model.normalization.affine', ['trained', 'frozen']),
        this.number('ε', 'model.normalization.epsilon'),
        this.choice('layers', 'model.normalization.layers', ['hidden', 'all', 'last']),
      )}
      ${this.group(
        'Data and loss',
        this.choice('data', 'data.type', DATA_TYPES),
        data.type === 'inline' ? nothing : this.number('samples', 'data.samples'),
        data.type === 'linear' ? this.number('target', 'data.target') : nothing,
        this.number('noise', 'data.noise'),
        this.number('input scale', 'data.inputScale'),
        this.number('input shift', 'data.inputShift'),
        this.choice('loss', 'loss', ['half-mse', 'mse', 'logistic']),
      )}
      ${this.group(
        'Training',
        this.number('learning rate η', 'optimizer.learningRate'),
        this.number('momentum', 'optimizer.momentum'),
        this.number('weight decay', 'optimizer.weightDecay'),
        this.number('batch', 'optimizer.batch'),
        this.number('steps', 'optimizer.steps'),
        this.number('seed', 'seed'),
        this.field('replicates', this.experiment.replicates, (value) => this.fields({ replicates: value })),
      )}
      ${this.group(
        'Rule',
        this.choice('rule', 'rule.type', RULES),
        ...(rule.type === 'threshold'
          ? [
              this.number('diverged above, × initial loss', 'rule.divergence'),
              this.number('converged below, × best constant', 'rule.target'),
              this.number('over the last steps', 'rule.window'),
            ]
          : []),
      )}
    `;
  }

  private group(title: string, ...fields: unknown[]) {
    return html`<details>
      <summary>${title}</summary>
      <div class="fields">${fields}</div>
    </details>`;
  }

  private current(path: string): unknown {
    const { hidden } = this.experiment.model;
    if (path === 'model.depth') return hidden.length;
    if (path === 'model.width') return hidden[0];
    return getPath(this.experiment, parsePath(path) ?? []);
  }

  private number(label: string, path: string) {
    return this.field(label, this.current(path), (value) => this.setting(path, value));
  }

  /** A number, a list of numbers, or a word such as `full`; what is allowed the document says. */
  private field(label: string, value: unknown, changed: (value: unknown) => void) {
    return html`<label>
      ${label}
      <input
        .value=${Array.isArray(value) ? value.join(', ') : String(value ?? '')}
        @change=${(event: Event) => changed(parseEntry(textOf(event)))}
      />
    </label>`;
  }

  private choice(label: string, path: string, options: readonly string[]) {
    return this.select(label, String(this.current(path)), options, (value) => this.setting(path, value));
  }

  private select(
    label: string,
    value: string,
    options: readonly string[],
    changed: (value: string) => void,
    words: (option: string) => string = (option) => option,
  ) {
    const all = options.includes(value) ? options : [value, ...options];
    return html`<label>
      ${label}
      <select @change=${(event: Event) => changed(textOf(event))}>
        ${all.map((option) => html`<option value=${option} .selected=${option === value}>${words(option)}</option>`)}
      </select>
    </label>`;
  }

  private flag(label: string, path: string) {
    return html`<label>
      ${label}
      <input
        type="checkbox"
        .checked=${this.current(path) === true}
        @change=${({ target }: Event) =>
          this.setting(path, target instanceof HTMLInputElement && target.checked)}
      />
    </label>`;
  }

  private axis(name: 'x' | 'y', axis: Axis | undefined) {
    const { axes } = this.experiment;
    const change = (changed: unknown) => this.fields({ axes: { ...axes, [name]: changed } });
    const options = [...axisParameters(this.experiment), ...(name === 'y' ? ['none'] : [])];
    return html`
      <h3>${name === 'x' ? 'Across' : 'Upwards'}</h3>
      ${this.select(
        'parameter',
        axis?.parameter ?? 'none',
        options,
        (parameter) =>
          parameter === 'none'
            ? this.fields({ axes: { x: axes.x } })
            : change(axisFor(parameter, axis?.count ?? axes.x.count)),
        (option) => (option === 'none' ? 'none' : parameterLabel(option)),
      )}
      ${
        axis
          ? [
              this.select('scale', axis.scale, ['log', 'linear'], (scale) => change({ ...axis, scale })),
              this.field('from', axis.from, (from) => change({ ...axis, from })),
              this.field('to', axis.to, (to) => change({ ...axis, to })),
            ]
          : nothing
      }
    `;
  }

  private setting(path: string, value: unknown): void {
    this.dispatchEvent(new CustomEvent('setting', { detail: { path, value } }));
  }

  private fields(fields: Partial<Record<keyof Experiment, unknown>>): void {
    this.dispatchEvent(new CustomEvent('fields', { detail: fields }));
  }
}

function textOf({ target }: Event): string {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement ? target.value.trim() : '';
}

/** What was typed: a number, several with commas between, or the text itself, which the document then refuses by name. */
function parseEntry(text: string): unknown {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.some((part) => part === '' || Number.isNaN(Number(part)))) return text;
  const numbers = parts.map(Number);
  return numbers.length === 1 ? numbers[0] : numbers;
}

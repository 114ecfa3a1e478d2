/** A reader's own data: a table of numbers (CSV), of which some columns are inputs and some are targets. */

import Papa from 'papaparse';
import { LIMITS } from './document_schema';
import { parseExperiment } from './parse';
import { checkLength, MOST_DOCUMENT_BYTES, utf8Text } from './text';
import { ExperimentError, type Experiment } from './types';

/** A table as texts, in rows of the same length. */
export interface Table {
  readonly rows: readonly Row[];
}

interface Row {
  /** Of the file, the first is 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

export const ROLES = ['input', 'output', 'neither'] as const;
/** What a column is to the network. */
export type Role = (typeof ROLES)[number];

/** How a table is read. */
export interface ColumnChoice {
  /** The first line names the columns. */
  readonly header: boolean;
  /** One for each column. */
  readonly roles: readonly Role[];
}

/** A line with tabs or semicolons may well have commas within its columns, but hardly the other way round. */
const SEPARATORS = ['\t', ';', ','];
const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/** As many as a network has inputs and outputs. */
const MOST_COLUMNS = 2 * LIMITS.width;
/** Also those with nothing on them, or within quotes. */
const MOST_LINES = 4 * LIMITS.samples;

/**
 * The rows of a table with commas, semicolons or tabs between its columns; lines with nothing on them are left out.
 * @throws ExperimentError for what is no such table; it names the line
 */
export function readTable(bytes: Uint8Array): Table {
  checkLength('table', bytes.length, MOST_DOCUMENT_BYTES);
  const text = utf8Text(bytes).replace(/\r\n?/g, '\n');
  checkSize(text);
  const { data, errors } = Papa.parse<string[]>(text, {
    newline: '\n',
    delimiter: separatorOf(text),
  });
  const all = withLines(data);
  const quotes = errors.find(({ type }) => type === 'Quotes');
  if (quotes) {
    const { line, fields } = all[quotes.row ?? 0] ?? { line: 1, fields: data[0] };
    throw new ExperimentError(`line ${line}`, fields, 'each quote closed, and doubled within quotes');
  }
  const rows = all.filter(({ fields }) => fields.length > 1 || fields[0]!.trim() !== '');
  const [first] = rows;
  if (!first || first.fields.length < 2)
    throw new ExperimentError(
      'table',
      first?.fields[0],
      'two columns or more, with , ; or tabs between them',
    );
  const uneven = rows.find(({ fields }) => fields.length !== first.fields.length);
  if (uneven)
    throw new ExperimentError(
      `line ${uneven.line}`,
      uneven.fields,
      `${first.fields.length} columns, as before`,
    );
  if (rows.length > LIMITS.samples + 1)
    throw new ExperimentError('table', rows.length, `at most ${LIMITS.samples} rows below the names`);
  return { rows };
}

/** @throws ExperimentError for more lines than may be, or columns in one of them: so many would not be held */
function checkSize(text: string): void {
  let [line, columns] = [1, 1];
  for (const [separator] of text.matchAll(/[,;\t\n]/g)) {
    if (separator === '\n') [line, columns] = [line + 1, 1];
    else columns += 1;
    if (columns > MOST_COLUMNS)
      throw new ExperimentError(`line ${line}`, columns, `at most ${MOST_COLUMNS} columns`);
    if (line > MOST_LINES) throw new ExperimentError('table', line, `at most ${MOST_LINES} lines`);
  }
}

/** By the first line that is not empty, without what is in quotes. */
function separatorOf(text: string): string {
  const [line = ''] = /\S.*/.exec(text.replace(/"[^"]*"/g, '')) ?? [];
  return SEPARATORS.find((separator) => line.includes(separator)) ?? ',';
}

/** What is in quotes may go over several lines. */
function withLines(rows: readonly (readonly string[])[]): Row[] {
  let line = 1;
  return rows.map((fields) => {
    const row = { line, fields };
    line += 1 + fields.reduce((breaks, field) => breaks + field.split('\n').length - 1, 0);
    return row;
  });
}

/** What a person is likely to choose: where the first line stands above numbers it names them, and the last column of numbers is the output. */
export function likelyChoice({ rows }: Table): ColumnChoice {
  const [first, second = first] = rows;
  const numeric = second!.fields.map((field) => NUMBER.test(field));
  const last = numeric.lastIndexOf(true);
  return {
    header: numeric.some((isNumeric, column) => isNumeric && !NUMBER.test(first!.fields[column]!)),
    roles: numeric.map((isNumeric, column) =>
      isNumeric ? (column === last ? 'output' : 'input') : 'neither',
    ),
  };
}

/** The columns' names; what has none is called by its place. */
export function columnNames({ rows }: Table, header: boolean): string[] {
  return rows[0]!.fields.map((name, column) => (header && name.trim()) || `column ${column + 1}`);
}

/** The rows below the names. */
export function dataRows({ rows }: Table, header: boolean): readonly Row[] {
  return header ? rows.slice(1) : rows;
}

/**
 * The experiment with a table's numbers as its data.
 * @throws ExperimentError for what is no number, or none that the experiment allows; it names line and column
 */
export function withTable(experiment: Experiment, table: Table, { header, roles }: ColumnChoice): Experiment {
  const rows = dataRows(table, header);
  const names = columnNames(table, header);
  const columns = (role: Role) => [...roles.keys()].filter((column) => roles[column] === role);
  const place = (row: number, column: number | undefined) =>
    `line ${rows[row]!.line}${column === undefined ? '' : `, column ${JSON.stringify(names[column])}`}`;
  const numbers = (chosen: readonly number[]) =>
    rows.map(({ fields }, row) =>
      chosen.map((column) => {
        if (NUMBER.test(fields[column]!)) return Number(fields[column]);
        throw new ExperimentError(place(row, column), fields[column], 'a number, with a decimal point');
      }),
    );
  const [inputs, outputs] = [columns('input'), columns('output')];
  try {
    return parseExperiment({
      ...experiment,
      model: { ...experiment.model, inputs: inputs.length, outputs: outputs.length },
      data: { type: 'inline', x: numbers(inputs), y: numbers(outputs) },
    });
  } catch (error) {
    const [, side, row, entry] =
      (error instanceof ExperimentError && /^data\.([xy])\[(\d+)\](?:\[(\d+)\])?$/.exec(error.path)) || [];
    if (!(error instanceof ExperimentError) || row === undefined) throw error;
    const column = entry === undefined ? undefined : (side === 'x' ? inputs : outputs)[Number(entry)];
    throw new ExperimentError(place(Number(row), column), error.value, error.allowed);
  }
}

/** Documents that must be refused, and where: also what the command line is tried with. */

import { changed, exampleDocument } from './documents';
import { WRONG_COMBINATIONS } from './wrong_combinations';
import { WRONG_FIELDS } from './wrong_fields';

export interface WrongDocument {
  title: string;
  /** JSON text of the whole document. */
  text: string;
  /** The path that the error names. */
  path: string;
  /** Part of the value that the error shows. */
  value: string;
  /** Part of what the error says is allowed. */
  allowed: string;
}

const TEXTS: WrongDocument[] = [
  { title: 'no JSON', text: '{"format": normscape}', path: '', value: 'normscape', allowed: 'JSON' },
  { title: 'an empty file', text: '', path: '', value: '""', allowed: 'JSON' },
  { title: 'a list', text: '[]', path: '', value: '[]', allowed: 'an object' },
  { title: 'null', text: 'null', path: '', value: 'null', allowed: 'an object' },
  {
    title: 'a number that is infinite',
    text: JSON.stringify(exampleDocument()).replace('"weightDecay":0', '"weightDecay":1e999'),
    path: 'optimizer.weightDecay',
    value: 'Infinity',
    allowed: 'a number from 0',
  },
];

export const WRONG_DOCUMENTS: readonly WrongDocument[] = [
  ...[...WRONG_FIELDS, ...WRONG_COMBINATIONS].map(([title, changes, path, value, allowed]) => ({
    title,
    text: JSON.stringify(changed(exampleDocument(), changes)),
    path,
    value,
    allowed,
  })),
  ...TEXTS,
];

import { expect, test } from 'vitest';
import { fileName } from '../../../src/ui/page/files';

test.each([
  ['Init gain × learning rate', 'Init-gain-learning-rate'],
  ['../../etc/passwd', 'etc-passwd'],
  ['Größe 深さ हिन्दी', 'Größe-深さ-हिन्दी'],
  ['%$ / “” …', 'experiment'],
  ['', 'experiment'],
  ['a'.repeat(1000), 'a'.repeat(60)],
  ['ab '.repeat(100), 'ab-'.repeat(20).slice(0, -1)],
  ['𝔸'.repeat(100), '𝔸'.repeat(60)],
])('the file of an experiment that is called %j', (name, file) => {
  expect(fileName(name)).toBe(file);
});

/** The words of figures: the same keys and placeholders in both languages. */

import { expect, test } from 'vitest';
import en from './text.en.json';
import fr from './text.fr.json';
import { short } from './text';

type Entry = string | Readonly<Record<string, string>>;
const placeholders = (entry: Entry): string[] =>
  [...new Set(Object.values(typeof entry === 'string' ? { entry } : entry).flatMap((text) => text.match(/\{\w+\}/g) ?? []))].sort();

test('both catalogues have the same keys and placeholders', () => {
  expect(Object.keys(fr)).toEqual(Object.keys(en));
  const other = fr as Record<string, Entry>;
  for (const [key, entry] of Object.entries(en)) expect([key, placeholders(other[key]!)]).toEqual([key, placeholders(entry)]);
});

test.each([
  ['1.00 KiB', '1 KiB'], ['1.50 s', '1.5 s'], ['100 ms', '100 ms'], ['10,0 Mio', '10 Mio'], ['0 %', '0 %'], ['1 020 B', '1 020 B'],
])('%j is written %j on an axis', (text, expected) => {
  expect(short(text)).toBe(expected);
});

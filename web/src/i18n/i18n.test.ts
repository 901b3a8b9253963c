/** Both catalogues, against each other and against the sources. */

import { describe, expect, it } from 'vitest';
import { CATALOGUES, keyOf, preferred, translator, type Key } from '.';

/** Vite's, of which only this is used. */
declare global {
  interface ImportMeta {
    glob(pattern: string, options: { query: string; import: string; eager: true }): Readonly<Record<string, string>>;
  }
}

const SOURCES = import.meta.glob('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true });
const { en, fr } = CATALOGUES;
const forms = (entry: string | Readonly<Record<string, string>>) => (typeof entry === 'string' ? { other: entry } : entry);
const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();

describe('catalogues', () => {
  it('have the same keys in the same order', () => expect(Object.keys(fr)).toEqual(Object.keys(en)));

  it.each(Object.keys(en) as Key[])('%s', (key) => {
    const [english, french] = [forms(en[key]), forms(fr[key])];
    expect(Object.keys(french)).toEqual(Object.keys(english));
    for (const [form, text] of Object.entries(french)) {
      expect(text).not.toBe('');
      // "One packet" may be said without its number.
      if (form === 'other') expect(placeholders(text)).toEqual(placeholders(english['other']!));
      for (const name of placeholders(text)) expect(placeholders(english['other']!)).toContain(name);
      // French has a narrow no-break space before these, and inside its quotation marks; its apostrophe is curved.
      expect(text).not.toMatch(/[ \w}][;!?»]|[^\u202f:/]:(?![/\w\d])|«[^\u202f]|'/);
    }
    for (const text of Object.values(english)) expect(text).not.toMatch(/'|!/);
  });

  it('hold nothing that no source asks for', () => {
    const source = Object.entries(SOURCES).filter(([name]) => !name.includes('.test.')).map(([, text]) => text).join('\n');
    expect(source.length).toBeGreaterThan(50_000);
    const isAsked = (key: string) => {
      const dot = key.indexOf('.');
      const asked = [`'${key}'`, `"${key}"`, ...(dot > 0 ? [`\`${key.slice(0, dot)}.\${`, `'${key.slice(0, dot)}',`] : [])];
      return asked.some((text) => source.includes(text)) || (dot > 0 && source.includes(`\`${key.slice(0, key.lastIndexOf('.'))}.\${`));
    };
    expect(Object.keys(en).filter((key) => !isAsked(key))).toEqual([]);
  });
});

describe('sentences', () => {
  it.each([
    [translator('en')('packets', { n: 1 }), '1 packet'],
    [translator('en')('packets', { n: 1234 }), '1\u202f234 packets'],
    [translator('fr')('packets', { n: 0 }), '0 paquet'],
    [translator('fr')('packets', { n: 1_000_000 }), '1\u202f000\u202f000 paquets'],
    [translator('en')('fault', { file: '{n}', offset: 5, reason: '$&' }), '{n}, byte 5: $&'],
    [translator('en')('sent', {}), ' sent to '],
  ])('%s', (text, expected) => expect(text).toBe(expected));
});

it.each([
  [['fr-CA', 'en'], 'fr'], [['de', 'en-GB', 'fr'], 'en'], [['de'], 'en'], [[], 'en'], [['frr'], 'en'],
])('who reads %j reads %s', (wanted, language) => expect(preferred(wanted)).toBe(language));

it('words of the worker are keys or nothing', () => {
  expect(keyOf('skip.not_ip')).toBe('skip.not_ip');
  expect(keyOf('skip.toString')).toBeNull();
  expect(keyOf('toString')).toBeNull();
});

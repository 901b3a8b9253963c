/**
 * The words of the page.
 *
 * In: catalogues of the page and of its figures, whose keys and placeholders a test compares. Out: a function from a key to a sentence. Guaranteed: a
 * key that is not in the English catalogue does not compile; `{n}` chooses among plural forms, and numbers that are put in
 * are grouped.
 */

import figuresEn from '../charts/text.en.json';
import figuresFr from '../charts/text.fr.json';
import { formatter } from '../format';
import pageEn from './en.json';
import pageFr from './fr.json';

const en = { ...pageEn, ...figuresEn };
const fr = { ...pageFr, ...figuresFr };

export const LANGUAGES = ['en', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];
export type Key = keyof typeof en;
type Entry = string | Readonly<Record<string, string>>;

/** `t('objects', { n: 2 })`: numbers are grouped, texts stand as they are. */
export type Translate = (key: Key, values?: Readonly<Record<string, string | number>>) => string;

export const CATALOGUES: Readonly<Record<Language, Readonly<Record<Key, Entry>>>> = { en, fr };

export function translator(language: Language): Translate {
  const catalogue = CATALOGUES[language];
  const plural = new Intl.PluralRules(language);
  const { count } = formatter(language);
  return (key, values = {}) => {
    const entry = catalogue[key];
    const text = typeof entry === 'string' ? entry : (entry[plural.select(Number(values['n']))] ?? entry['other'] ?? '');
    return text.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name];
      return typeof value === 'number' ? count(value) : (value ?? '');
    });
  };
}

/** The key if the catalogue has it: for words that come from the worker, such as reasons of skips. */
export const keyOf = (key: string): Key | null => (Object.hasOwn(en, key) ? (key as Key) : null);

/** The reader's own language where there is a catalogue. */
export const preferred = (wanted: readonly string[]): Language =>
  LANGUAGES.find((language) => language === wanted.find((tag) => /^(en|fr)\b/.test(tag))?.slice(0, 2)) ?? 'en';

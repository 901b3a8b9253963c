/**
 * The two things that the page remembers: language and theme.
 *
 * In: what the browser kept, if it keeps anything for this page. Out: the choices, and the attributes of the document that
 * show them. Guaranteed: nothing else is ever stored; a browser that refuses storage changes nothing but the memory.
 */

import { LANGUAGES, preferred, type Language } from '../i18n';

/** `auto` follows the system. */
export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
}

export function storedPreferences(): Preferences {
  return {
    language: LANGUAGES.find((language) => language === read('language')) ?? preferred(navigator.languages),
    theme: THEMES.find((theme) => theme === read('theme')) ?? 'auto',
  };
}

/** Shows them, and keeps them where the browser lets a page keep anything. */
export function applyPreferences({ language, theme }: Preferences, store: boolean): void {
  document.documentElement.lang = language;
  document.documentElement.dataset['theme'] = theme;
  if (!store) return;
  try {
    localStorage.setItem('sniffit.language', language);
    localStorage.setItem('sniffit.theme', theme);
  } catch {
    // Pages opened from a file, and private windows, may have no storage.
  }
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(`sniffit.${name}`);
  } catch {
    return null;
  }
}

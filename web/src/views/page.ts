/**
 * What every view needs: the session, the words, and how numbers are written.
 *
 * In: the session, once. Out: hooks. Guaranteed: views draw again when the part of the state they look at changed, or the
 * language.
 */

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Format } from '../format';
import type { Translate } from '../i18n';
import type { Session } from '../state/session';
import { useStore, type State } from '../state/store';

export interface Page {
  readonly session: Session;
  readonly t: Translate;
  readonly format: Format;
}

export const PageContext = createContext<Page>(null as unknown as Page);
export const usePage = (): Page => useContext(PageContext);
export const useShown = <Part>(select: (state: State) => Part): Part => useStore(usePage().session.store, select);

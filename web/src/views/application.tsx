/**
 * An application's name and colour.
 *
 * In: an application as records name it. Out: a swatch, and the name beside it. Guaranteed: an application has the same colour in every
 * capture, on every page; the colour never stands alone, because several applications may share one.
 */

import { visible } from '../format';

/** How many colours `tables.css` has for applications. */
const COLOURS = 8;

export function Swatch({ application }: { application: string }) {
  return <span class="swatch" data-colour={application === '' ? 'none' : colourOf(application)} aria-hidden="true" />;
}

export function Application({ name }: { name: string }) {
  return name === '' ? null : <span class="application"><Swatch application={name} />{visible(name)}</span>;
}

/** FNV-1a, because neighbours in the alphabet should not look alike. */
export function colourOf(application: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < application.length; at++) hash = Math.imul(hash ^ application.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % COLOURS;
}

/**
 * The timeline as a document to keep.
 *
 * In: the drawing as SVG, and its words. Out: an SVG with axis, names of rows, title and what it was made with. Guaranteed: it stands
 * alone; text from outside is escaped.
 */

import { escaped, FONT, wrapped } from '../../charts/drawing';
import type { Colours } from '../../charts/theme';

export interface TimelineDocument {
  /** An `svg` element of the drawing's size. */
  readonly drawing: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly title: string;
  /** How many objects, and of what time. */
  readonly summary: string;
  readonly note: string;
  readonly ticks: readonly { readonly x: number; readonly text: string }[];
  readonly labels: readonly { readonly y: number; readonly text: string; readonly isServer: boolean }[];
  readonly up: string;
  readonly down: string;
  readonly colours: Colours;
}

const LEFT = 190;
const RIGHT = 36;
const TOP = 84;
const LINE = 15;
const CHARACTER_PX = 6;

export function timelineDocument(document: TimelineDocument): string {
  const { widthPx, heightPx, colours } = document;
  const width = LEFT + widthPx + RIGHT;
  const notes = wrapped(document.note, Math.floor((width - 32) / CHARACTER_PX));
  const height = TOP + heightPx + 18 + LINE * notes.length;
  const text = (x: number, y: number, content: string, attributes = ''): string =>
    `<text x="${Math.round(x)}" y="${Math.round(y)}" ${attributes}>${escaped(content)}</text>`;
  const parts = [
    text(16, 24, document.title, 'font-size="16" font-weight="600"'),
    text(16, 44, document.summary),
    text(width - 16, 24, `▲ ${document.up}`, `text-anchor="end" fill="${colours.up}"`),
    text(width - 16, 44, `▼ ${document.down}`, `text-anchor="end" fill="${colours.down}"`),
    ...document.ticks.flatMap(({ x, text: label }) => [
      `<path d="M${Math.round(LEFT + x)}.5 ${TOP - 4}V${TOP + heightPx}" stroke="${colours.line}"/>`,
      text(LEFT + x, TOP - 9, label, `text-anchor="middle" fill="${colours.quiet}"`),
    ]),
    ...document.labels.map(({ y, text: label, isServer }) =>
      text(isServer ? 16 : 26, TOP + y, label, isServer ? 'font-weight="600"' : `fill="${colours.quiet}"`)),
    document.drawing.replace('<svg ', `<svg x="${LEFT}" y="${TOP}" `),
    ...notes.map((line, n) => text(16, TOP + heightPx + 24 + LINE * n, line, `fill="${colours.quiet}"`)),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="${FONT}" font-size="11" fill="${colours.text}"><title>${escaped(document.title)}</title>` +
    `<rect width="100%" height="100%" fill="${colours.surface}"/>${parts.join('')}</svg>`;
}

/**
 * A figure as an SVG document.
 *
 * In: curves with their scales, ticks and words. Out: text of an SVG that stands alone. Guaranteed: title, units, n and what it was
 * made with are in it; text from outside is escaped; curves are told apart by dashes as well as by colour.
 */

import { shareOf, type Scale } from './scales';

export interface Tick {
  readonly value: number;
  readonly text: string;
}

export interface Drawn {
  readonly name: string;
  readonly colour: string;
  readonly dash: readonly number[];
  /** Else a value holds until the next one. */
  readonly isSmooth?: boolean;
  readonly xs: ArrayLike<number>;
  readonly ys: ArrayLike<number | null>;
}

export interface FigureDrawing {
  readonly title: string;
  /** n and quantiles, a line each. */
  readonly summary: readonly string[];
  readonly note: string;
  readonly x: Scale;
  readonly y: Scale;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly yName: string;
  readonly curves: readonly Drawn[];
  /** Names the curves below the summary, where it does not. */
  readonly hasKey?: boolean;
  readonly marks: readonly Tick[];
  readonly colours: { readonly text: string; readonly quiet: string; readonly line: string; readonly surface: string };
}

const WIDTH = 720;
const HEIGHT = 420;
const LEFT = 72;
const RIGHT = 16;
const BOTTOM = 52;
const LINE = 16;
const KEYS_A_LINE = 4;
const KEY_WIDTH = 172;
const SAMPLE = 30;
const NOTE_CHARACTERS = 110;
export const FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif";

export function figureSvg(figure: FigureDrawing): string {
  const { x, y, colours } = figure;
  const keyLine = 44 + LINE * figure.summary.length;
  const keys = figure.hasKey ? figure.curves : [];
  const top = 58 + LINE * (figure.summary.length + Math.ceil(keys.length / KEYS_A_LINE));
  const notes = wrapped(figure.note, NOTE_CHARACTERS);
  const bottom = HEIGHT - BOTTOM - LINE * (notes.length - 1);
  const px = (value: number): number => LEFT + (WIDTH - LEFT - RIGHT) * shareOf(x, value);
  const py = (value: number): number => bottom - (bottom - top) * shareOf(y, value);
  const label = (xPx: number, yPx: number, content: string, attributes = ''): string =>
    `<text x="${tenth(xPx)}" y="${tenth(yPx)}" ${attributes}>${escaped(content)}</text>`;

  const grid = [
    ...figure.xTicks.map(({ value }) => `M${tenth(px(value))} ${top}V${bottom}`),
    ...figure.yTicks.map(({ value }) => `M${LEFT} ${tenth(py(value))}H${WIDTH - RIGHT}`),
  ].join('');
  const texts = [
    label(16, 24, figure.title, 'font-size="16" font-weight="600"'),
    ...figure.summary.map((line, n) => label(16, 44 + LINE * n, line)),
    ...figure.xTicks.map(({ value, text }) => label(px(value), bottom + 16, text, 'text-anchor="middle"')),
    ...figure.yTicks.map(({ value, text }) => label(LEFT - 6, py(value) + 4, text, 'text-anchor="end"')),
    label(16, top - 6, figure.yName, `fill="${colours.quiet}"`),
    ...notes.map((line, n) => label(16, bottom + 38 + LINE * n, line, `fill="${colours.quiet}"`)),
  ];
  const marks = figure.marks.map(({ value, text }) =>
    `<path d="M${tenth(px(value))} ${top}V${bottom}" stroke="${colours.quiet}" stroke-dasharray="2 3"/>` +
    label(px(value) + 4, top + 12, text, `fill="${colours.quiet}"`));
  const stroke = ({ colour, dash }: Drawn): string =>
    `stroke="${colour}" stroke-width="1.5" fill="none"${dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : ''}`;
  const curves = figure.curves.map((drawn) =>
    `<path d="${drawn.isSmooth ? line(drawn, px, py) : steps(drawn.xs, drawn.ys, px, py)}" ${stroke(drawn)}>` +
    `<title>${escaped(drawn.name)}</title></path>`);
  const key = keys.map((drawn, n) => {
    const [left, base] = [16 + KEY_WIDTH * (n % KEYS_A_LINE), keyLine + LINE * Math.floor(n / KEYS_A_LINE)];
    return `<path d="M${left} ${base - 4}h${SAMPLE}" ${stroke(drawn)}/>${label(left + SAMPLE + 6, base, drawn.name)}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" ` +
    `font-family="${FONT}" font-size="11.5" fill="${colours.text}">` +
    `<title>${escaped(figure.title)}</title><desc>${escaped([...figure.summary, figure.note].join('. '))}</desc>` +
    `<rect width="100%" height="100%" fill="${colours.surface}"/>` +
    `<path d="${grid}" stroke="${colours.line}" fill="none"/>` +
    `<clipPath id="plot"><path d="M${LEFT} ${top - 2}H${WIDTH - RIGHT}V${bottom + 2}H${LEFT}Z"/></clipPath>` +
    `<g clip-path="url(#plot)">${curves.join('')}</g>${marks.join('')}${key.join('')}${texts.join('')}</svg>`;
}

/** A value holds until the next one. */
function steps(
  xs: ArrayLike<number>, ys: ArrayLike<number | null>, px: (x: number) => number, py: (y: number) => number,
): string {
  let path = '';
  let isDown = false;
  for (let n = 0; n < xs.length; n++) {
    const y = ys[n] ?? null;
    const at = tenth(px(xs[n]!));
    if (y === null) path += isDown ? `H${at}` : '';
    else path += isDown ? `H${at}V${tenth(py(y))}` : `M${at} ${tenth(py(y))}`;
    isDown = y !== null;
  }
  return path;
}

/** From point to point; none where there is no value. */
function line({ xs, ys }: Drawn, px: (x: number) => number, py: (y: number) => number): string {
  let path = '';
  let isDown = false;
  for (let n = 0; n < xs.length; n++) {
    const y = ys[n] ?? null;
    if (y !== null) path += `${isDown ? 'L' : 'M'}${tenth(px(xs[n]!))} ${tenth(py(y))}`;
    isDown = y !== null;
  }
  return path;
}

export const escaped = (text: string): string =>
  // Control characters are not allowed in XML, however they are written.
  text.replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

export function wrapped(text: string, most: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line !== '' && line.length + word.length >= most) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

const tenth = (px: number): number => Math.round(px * 10) / 10;

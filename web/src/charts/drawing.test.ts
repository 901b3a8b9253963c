/** Figures as files: well-formed whatever the words hold, and with all that they must carry. */

import { expect, test } from 'vitest';
import { csv } from './save';
import { escaped, figureSvg, wrapped, type FigureDrawing } from './drawing';

const FIGURE: FigureDrawing = {
  title: 'Size <b>', summary: ['▲ n = 2', '▼ n = 3'], note: 'method=exchange & idle=500ms',
  x: { type: 'log', min: 1, max: 100 }, y: { type: 'linear', min: 0, max: 1 },
  xTicks: [{ value: 10, text: '10 B' }], yTicks: [{ value: 0.5, text: '50 %' }], yName: 'share',
  curves: [
    { name: 'up', colour: '#00f', dash: [6, 3], xs: [1, 10, 100], ys: [0, 0.5, 1] },
    { name: 'down', colour: '#f80', dash: [], xs: [1, 10, 100], ys: [null, 1, null] },
  ],
  marks: [{ value: 10, text: '60 ms' }],
  colours: { text: '#111', quiet: '#666', line: '#ddd', surface: '#fff' },
};

test.each([
  ['the title, escaped', '>Size &#60;b&#62;</text>'],
  ['n', '>▼ n = 3</text>'],
  ['what it was made with', '>method=exchange &#38; idle=500ms</text>'],
  ['a unit', 'text-anchor="middle">10 B</text>'],
  ['a curve of steps, dashed', 'd="M72 368H388V229H704V90" stroke="#00f" stroke-width="1.5" fill="none" stroke-dasharray="6 3"'],
  ['a curve that ends', 'd="M388 90H704" stroke="#f80" stroke-width="1.5" fill="none">'],
  ['a mark', 'M388 90V368" stroke="#666" stroke-dasharray="2 3"'],
])('a drawing has %s', (_, part) => {
  expect(figureSvg(FIGURE)).toContain(part);
});

test('a smooth curve goes from point to point, and a key names it', () => {
  const [first] = FIGURE.curves;
  const svg = figureSvg({ ...FIGURE, hasKey: true, curves: [{ ...first!, isSmooth: true, ys: [0, null, 1] }] });
  expect(svg).toContain('d="M72 368M704 106" stroke="#00f"');
  expect(svg).toContain('<path d="M16 72h30" stroke="#00f" stroke-width="1.5" fill="none" stroke-dasharray="6 3"/>');
  expect(svg).toContain('>up</text>');
});

test.each([
  ['a & "b"', 'a &#38; &#34;b&#34;'],
  ['\u0000\u001b', '\ufffd\ufffd'],
  ['é ▲', 'é ▲'],
])('%j is escaped', (text, expected) => {
  expect(escaped(text)).toBe(expected);
});

test.each([
  ['one two three', 8, ['one two', 'three']],
  ['longerthanthat x', 8, ['longerthanthat', 'x']],
  ['', 8, ['']],
])('%j in lines', (text, most, lines) => {
  expect(wrapped(text, most)).toEqual(lines);
});

test.each([
  [[['a', 1], ['b,c', 2.5]], 'a,1\r\n"b,c",2.5\r\n'],
  [[['say "x"\ny', NaN]], '"say ""x""\ny",\r\n'],
  [[['=1+1', -3], ['@x', 0], ['-x', 1]], "'=1+1,-3\r\n'@x,0\r\n'-x,1\r\n"],
])('CSV of %j', (rows, text) => {
  expect(csv(rows)).toBe(text);
});

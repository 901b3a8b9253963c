/**
 * Figures as files.
 *
 * In: an SVG, or rows. Out: a file that the browser saves. Guaranteed: nothing is asked for from elsewhere; CSV is that of RFC 4180,
 * and no cell begins a formula.
 */

/** Pixels of an image for each of its drawing's. */
const PNG_SCALE = 2;

export type Cell = string | number;

/** NaN is an empty cell. */
export function csv(rows: readonly (readonly Cell[])[]): string {
  const cell = (value: Cell): string => {
    if (typeof value === 'number') return Number.isNaN(value) ? '' : String(value);
    const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

export const saveSvg = (name: string, svg: string): void => save(`${name}.svg`, new Blob([svg], { type: 'image/svg+xml' }));
export const saveCsv = (name: string, text: string): void => save(`${name}.csv`, new Blob([text], { type: 'text/csv' }));

export async function savePng(name: string, svg: string): Promise<void> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth * PNG_SCALE;
  canvas.height = image.naturalHeight * PNG_SCALE;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => {
    if (blob !== null) save(`${name}.png`, blob);
  });
}

/** Of a title: letters, digits and dashes. */
export const fileName = (title: string): string =>
  `sniffit-${title.toLowerCase().normalize('NFD').replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '')}`;

function save(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

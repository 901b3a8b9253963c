/**
 * Colours by rate.
 *
 * In: a colour, and bytes in a pixel. Out: the colour with an alpha by the logarithm of the rate, in quarters of an octave from
 * 1 kbit/s to 2 Gbit/s. Guaranteed: the same rate has the same shade at every zoom; what is there is never invisible.
 */

const OCTAVES = 21;
const LOWEST_BYTES_PER_S = 125;
const LOWEST_ALPHA = 0.42;
export const SHADES = 4 * OCTAVES;

const value = new Float64Array(1);
const halves = new Uint32Array(value.buffer);
/** The half with sign, exponent and the first bits of the mantissa. */
export const HIGH = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** Four times the logarithm to base 2 of a positive number, rounded down, plus a constant: read from its bits. */
export function quarterOctaves(positive: number): number {
  value[0] = positive;
  return halves[HIGH]! >>> 18;
}

/** What to subtract from `quarterOctaves(bytes · unit)` in pixels of `pixelNs`. */
export const lowestShade = (pixelNs: number, unit: number): number =>
  quarterOctaves((LOWEST_BYTES_PER_S * unit * pixelNs) / 1e9);

/** The colour in each shade, from the lowest. */
export function shades(colour: number): Uint32Array {
  const alpha = colour >>> 24;
  return Uint32Array.from({ length: SHADES }, (_, shade) => {
    const share = LOWEST_ALPHA + ((1 - LOWEST_ALPHA) * shade) / (SHADES - 1);
    return withAlpha(colour, Math.round(alpha * share));
  });
}

/** For edges: darker, and not shaded by rate. */
export function darker(colour: number): number {
  const channel = (shift: number): number => Math.round(((colour >>> shift) & 0xff) * 0.78) << shift;
  return ((colour & 0xff000000) | channel(16) | channel(8) | channel(0)) >>> 0;
}

/** The shade of an object by its own rate, for drawings that are not made of pixels. */
export function shadeOf(bytes: number, durationNs: number): number {
  const shade = quarterOctaves(bytes / Math.max(durationNs, 1)) - quarterOctaves(LOWEST_BYTES_PER_S / 1e9);
  return Math.min(Math.max(shade, 0), SHADES - 1);
}

const withAlpha = (colour: number, alpha: number): number => ((colour & 0xffffff) | (alpha << 24)) >>> 0;

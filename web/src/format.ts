/**
 * Numbers and times for people.
 *
 * In: numbers in the units that their names say. Out: text with a unit. Guaranteed: three significant digits, a narrow
 * no-break space between groups of digits and before units, so that no line breaks inside a number; NaN and infinities are
 * a dash; text from a capture comes out with every character visible.
 */

import { superscript } from './charts/text';
import type { Language } from './i18n';

/** Between groups of digits, and between a number and its unit. */
export const THIN = '\u202f';
const NOTHING = '–';

export interface Format {
  /** `1 234 567`. */
  count(count: number): string;
  /** `0.1234`, `12.34`, `12 345`, `1.234·10⁻⁵`: four digits, and all before the point. */
  number(value: number): string;
  /** `1.42 MiB`. */
  bytes(bytes: number): string;
  /** `12.3 ms`. */
  duration(ns: number): string;
  /** `4.20 Mbit/s`. */
  rate(bitsPerSecond: number): string;
  /** `12.5 %`, from a share of one. */
  share(share: number): string;
  /** Since the capture began: `+12.345 678 s`. */
  offset(ns: number): string;
  /** Time of day in the chosen offset from UTC, to the `decimals`-th digit of the second. */
  time(offsetNs: number, decimals?: number): string;
  /** `2020-03-01 10:00:00 UTC`. */
  date(offsetNs: number): string;
}

const NS = 1e9;
const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const RATES: readonly Unit[] = [[1, 'bit/s'], [1e3, 'kbit/s'], [1e6, 'Mbit/s'], [1e9, 'Gbit/s'], [1e12, 'Tbit/s']];
const TIMES: readonly Unit[] = [
  [1, 'ns'], [1e3, 'µs'], [1e6, 'ms'], [NS, 's'], [60 * NS, 'min'], [3600 * NS, 'h'], [86400 * NS, 'd'],
];

type Unit = readonly [size: number, name: string];

/** Times are told in UTC plus `offsetMinutes`; `startNs` is when the capture began, null where that is not known. */
export function formatter(language: Language, startNs: bigint | null = null, offsetMinutes = 0): Format {
  const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
  const point = language === 'fr' ? ',' : '.';
  const sizes = BYTES.map((name, power): Unit => [1024 ** power, language === 'fr' ? name.replace('B', 'o') : name]);
  const times = language === 'fr' ? TIMES.map(([size, name]): Unit => [size, name === 'd' ? 'j' : name]) : TIMES;
  const count = (value: number) => (Number.isFinite(value) ? whole.format(value).replaceAll(',', THIN) : NOTHING);
  const fixed = (value: number, decimals: number) => value.toFixed(decimals).replace('.', point);

  function scaled(value: number, units: readonly Unit[]): string {
    if (!Number.isFinite(value)) return NOTHING;
    const magnitude = Math.abs(value);
    let at = Math.max(units.findLastIndex(([size]) => magnitude >= size), 0);
    for (;;) {
      const [size, name] = units[at]!;
      const amount = magnitude / size;
      const decimals = (at === 0 && Number.isInteger(value)) || amount >= 99.95 ? 0 : amount >= 9.995 ? 1 : 2;
      // Rounding may reach the next unit: 1 048 575 bytes are 1.00 MiB.
      const next = units[at + 1];
      if (next && Number(amount.toFixed(decimals)) * size >= next[0]) at += 1;
      else {
        const digits = amount >= 999.5 ? count(amount) : fixed(amount, decimals);
        return `${value < 0 ? '−' : ''}${digits}${THIN}${name}`;
      }
    }
  }

  function clock(offsetNs: number): { at: Date; ns: number } | null {
    if (startNs === null || !Number.isFinite(offsetNs)) return null;
    const ns = startNs + BigInt(Math.round(offsetNs)) + BigInt(offsetMinutes) * 60_000_000_000n;
    const below = ((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
    const at = new Date(Number((ns - below) / 1_000_000n));
    return Number.isNaN(at.getTime()) ? null : { at, ns: Number(below) };
  }

  function offset(ns: number): string {
    if (!Number.isFinite(ns)) return NOTHING;
    const digits = (Math.abs(ns) / NS).toFixed(6);
    return `${ns < 0 ? '−' : '+'}${count(Math.trunc(Number(digits)))}${point}${grouped(digits.slice(-6))}${THIN}s`;
  }

  function number(value: number): string {
    if (!Number.isFinite(value)) return NOTHING;
    const sign = value < 0 ? '−' : '';
    const magnitude = Math.abs(value);
    if (magnitude >= 999.95) return `${sign}${count(magnitude)}`;
    if (magnitude >= 0.001 || magnitude === 0) return `${sign}${String(Number(magnitude.toPrecision(4))).replace('.', point)}`;
    const [digits = '', power = ''] = magnitude.toExponential(3).split('e');
    return `${sign}${digits.replace('.', point)}·10${superscript(Number(power))}`;
  }

  return {
    count,
    number,
    bytes: (bytes) => scaled(bytes, sizes),
    duration: (ns) => scaled(ns, times),
    rate: (bits) => scaled(bits, RATES),
    share: (share) =>
      Number.isFinite(share) ? `${fixed(share * 100, share >= 0.1 || share === 0 ? 0 : 1)}${THIN}%` : NOTHING,
    offset,
    time(offsetNs, decimals = 3) {
      const now = clock(offsetNs);
      if (!now) return offset(offsetNs);
      const fraction = String(now.ns).padStart(9, '0').slice(0, decimals);
      return now.at.toISOString().slice(11, 19) + (decimals > 0 ? point + grouped(fraction) : '');
    },
    date(offsetNs) {
      const now = clock(offsetNs);
      return now ? `${now.at.toISOString().slice(0, 19).replace('T', ' ')} ${zone(offsetMinutes)}` : offset(offsetNs);
    },
  };
}

/** `UTC`, `UTC+5:30`. */
export function zone(offsetMinutes: number): string {
  if (offsetMinutes === 0) return 'UTC';
  const minutes = Math.abs(offsetMinutes);
  const rest = minutes % 60 === 0 ? '' : `:${String(minutes % 60).padStart(2, '0')}`;
  return `UTC${offsetMinutes < 0 ? '−' : '+'}${Math.trunc(minutes / 60)}${rest}`;
}

const grouped = (digits: string) => digits.replace(/(\d{3})(?=\d)/g, `$1${THIN}`);

/** Controls, marks that turn the direction of text, spaces without width, line separators, and halves of pairs. */
const INVISIBLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb]|\p{Cs}|[\u{e0000}-\u{e0fff}]/gu;

/** Text from a capture, or a name: characters that would not show are the bytes of their UTF-8 form, as `\xNN`. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (character) =>
    Array.from(new TextEncoder().encode(character), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''));
}

/** An address and a port: `192.0.2.1:443`, `[2001:db8::1]:443`. */
export function endpoint(address: string, port: number): string {
  return `${address.includes(':') ? `[${visible(address)}]` : visible(address)}:${port}`;
}

/** `500ms`, `1.5s`, `2m`, `500000000 ns` as nanoseconds; null when it is none. */
export function parseDuration(text: string): number | null {
  const match = /^\s*(\d{1,15}(?:\.\d{1,3})?)\s*(ns|us|µs|ms|s|m|min|h)\s*$/.exec(text);
  const size = match && { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: NS, m: 60 * NS, min: 60 * NS, h: 3600 * NS }[match[2]!];
  return match && size ? Math.round(Number(match[1]) * size) : null;
}

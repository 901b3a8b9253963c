/**
 * What figures need of the page's words and numbers.
 *
 * In: nothing. Out: the shape of the functions that views pass. Guaranteed: what the page passes fits, as long as its catalogue
 * holds that of the figures.
 */

import type { EndReason } from '../protocol';
import type en from './text.en.json';

/** Keys of the page's own catalogue that figures use too. */
type Shared =
  | 'up' | 'down' | 'server' | 'address' | 'application' | 'stream' | 'direction' | 'begin' | 'duration' | 'size' | 'rate' | 'gap' | 'endedBy'
  | `end.${EndReason}`;

export type FigureKey = keyof typeof en | Shared;
export type Translate = (key: FigureKey, values?: Readonly<Record<string, string | number>>) => string;

export interface Format {
  count(count: number): string;
  number(value: number): string;
  bytes(bytes: number): string;
  duration(ns: number): string;
  rate(bitsPerSecond: number): string;
  share(share: number): string;
  offset(ns: number): string;
  time(offsetNs: number, decimals?: number): string;
}

/** `1 KiB` of `1.00 KiB`: round values need no zeros. */
export const short = (text: string): string => text.replace(/([.,]\d*?)0+(?=\D*$)/, (_, kept: string) => (kept.length > 1 ? kept : ''));

/** `⁻⁵`. */
export const superscript = (power: number): string =>
  String(power).replace(/./g, (character) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'['-0123456789'.indexOf(character)] ?? '');

/**
 * What is selected, and its form in the address of the page.
 *
 * In: filters, and fragments that anybody may have written. Out: filters. Guaranteed: `parseFilter(writeFilter(filter))` is
 * the filter; what makes no sense in a fragment is left out, part by part; the text is for people:
 * `#time=12.5..30&server=www.example.org&direction=down&port=443`.
 */

import type { Direction, EndReason, Filter, Transport } from '../protocol';

export const DIRECTIONS = ['up', 'down'] as const satisfies readonly Direction[];
export const TRANSPORTS = ['tcp', 'udp'] as const satisfies readonly Transport[];
export const END_REASONS = [
  'reply', 'idle', 'push', 'record', 'request', 'gap', 'closed', 'capture_end', 'evicted',
] as const satisfies readonly EndReason[];

/** More than this is no filter that a person made. */
const MOST_CHARACTERS = 8192;
const MOST_VALUES = 200;
const MOST_SECONDS = 9_000_000;

/** A part of a filter that a chip stands for: a value of a list, or all of a single-valued key. */
export type Chip = {
  readonly [Name in keyof Filter]-?: { readonly name: Name; readonly value: Item<NonNullable<Filter[Name]>> };
}[keyof Filter];
type Item<Value> = Value extends readonly [number, number] ? Value : Value extends readonly (infer One)[] ? One : Value;

/** In the order in which people added them, as far as the filter's keys keep it. */
export function chipsOf(filter: Filter): Chip[] {
  return (Object.keys(filter) as (keyof Filter)[]).flatMap((name) => {
    const value = filter[name];
    if (value === undefined) return [];
    const values = Array.isArray(value) && name !== 'timeNs' ? value : [value];
    return values.map((one) => ({ name, value: one }) as Chip);
  });
}

/** Adds what is not there, and takes away what is; a single value takes the place of another. */
export function toggled(filter: Filter, { name, value }: Chip): Filter {
  const { [name]: old, ...rest } = filter;
  if (name === 'timeNs' || name === 'direction' || name === 'transport') {
    return old === value ? rest : { ...rest, [name]: value };
  }
  const values = (old ?? []) as readonly unknown[];
  const left = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
  return left.length > 0 ? { ...rest, [name]: left } : rest;
}

/** With a value of its own for a key; without it for `undefined`. */
export function replaced<Name extends keyof Filter>(filter: Filter, name: Name, value: Filter[Name]): Filter {
  const { [name]: _, ...rest } = filter;
  return value === undefined ? rest : { ...rest, [name]: value };
}

export const isSame = (one: Filter, other: Filter): boolean => sorted(one) === sorted(other);
const sorted = (filter: Filter) => writeFilter(filter).split('&').sort().join('&');

interface Form {
  readonly key: string;
  write(value: never): string;
  /** Undefined where the text makes no sense. */
  parse(text: string): unknown;
}

const list = (parse: (text: string) => unknown) => (text: string) => {
  const values = [...new Set(text.split(',').slice(0, MOST_VALUES).map(parse))].filter((value) => value !== undefined);
  return values.length > 0 ? values : undefined;
};
const oneOf = (words: readonly string[]) => (text: string) => (words.includes(text) ? text : undefined);
const upTo = (most: number) => (text: string) => (/^\d{1,10}$/.test(text) && Number(text) <= most ? Number(text) : undefined);
/** The analyzer writes names with these characters only, and addresses have no others. */
const host = (text: string) => (/^[\w.:\\-]{1,1012}$/.test(text) ? text : undefined);
const word = (text: string) => (/^[\w.-]{1,60}$/.test(text) ? text : undefined);

const FORMS: Readonly<Record<keyof Filter, Form>> = {
  timeNs: {
    key: 'time',
    write: ([from, to]: readonly [number, number]) => `${seconds(from)}..${seconds(to)}`,
    parse(text) {
      const [from, to, ...rest] = text.split('..').map(nanoseconds);
      return from !== undefined && to !== undefined && from < to && rest.length === 0 ? [from, to] : undefined;
    },
  },
  servers: { key: 'server', write: String, parse: list(host) },
  applications: { key: 'app', write: String, parse: list(word) },
  direction: { key: 'direction', write: String, parse: oneOf(DIRECTIONS) },
  transport: { key: 'transport', write: String, parse: oneOf(TRANSPORTS) },
  serverPorts: { key: 'port', write: String, parse: list(upTo(65_535)) },
  streams: { key: 'stream', write: String, parse: list(upTo(0xffff_ffff)) },
  endReasons: { key: 'end', write: String, parse: list(oneOf(END_REASONS)) },
};

/** Without the `#`; empty when everything passes. */
export function writeFilter(filter: Filter): string {
  return (Object.keys(filter) as (keyof Filter)[])
    .filter((name) => filter[name] !== undefined)
    .map((name) => `${FORMS[name].key}=${FORMS[name].write(filter[name] as never)}`)
    .join('&');
}

/** With or without the `#`. */
export function parseFilter(fragment: string): Filter {
  if (fragment.length > MOST_CHARACTERS) return {};
  const filter: Record<string, unknown> = {};
  for (const part of fragment.replace(/^#/, '').split('&')) {
    const [key, text] = [part.slice(0, Math.max(part.indexOf('='), 0)), decoded(part.slice(part.indexOf('=') + 1))];
    const name = (Object.keys(FORMS) as (keyof Filter)[]).find((name) => FORMS[name].key === key);
    const value = name && FORMS[name].parse(text);
    if (name && value !== undefined) filter[name] = value;
  }
  return filter as Filter;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/** Whole nanoseconds as seconds, exactly. */
function seconds(ns: number): string {
  const whole = Math.abs(Math.round(ns));
  const fraction = String(whole % 1e9).padStart(9, '0').replace(/0+$/, '');
  return `${ns < 0 && whole > 0 ? '-' : ''}${Math.floor(whole / 1e9)}${fraction && `.${fraction}`}`;
}

function nanoseconds(text: string): number | undefined {
  const match = /^(-?)(\d{1,7})(?:\.(\d{1,9}))?$/.exec(text);
  if (!match || Number(match[2]) > MOST_SECONDS) return undefined;
  const ns = Number(match[2]) * 1e9 + Number((match[3] ?? '').padEnd(9, '0'));
  return match[1] && ns > 0 ? -ns : ns;
}

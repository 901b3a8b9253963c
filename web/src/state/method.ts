/**
 * The options of an analysis, as the form asks for them and as the command line takes them.
 *
 * In: options by name, as text. Out: fields of the form, thresholds to mark in the distribution of gaps, and a command.
 * Guaranteed: an option that has its default is not named; what is wrong is told before anything is read.
 */

import { parseDuration } from '../format';
import type { AnalysisOptions } from '../protocol';

export const METHODS = ['exchange', 'exchange-headers', 'mean-gap', 'fixed', 'rtt'] as const;
export type MethodName = (typeof METHODS)[number];

type Kind = 'duration' | 'whole' | 'switch' | 'protocol' | 'text';
export interface Option {
  readonly name: string;
  readonly kind: Kind;
  readonly standard: string;
}

/** Constants of the exchange methods, with their defaults. */
export const EXCHANGE: readonly Option[] = [
  { name: 'idle', kind: 'duration', standard: '500ms' },
  { name: 'idle-rtts', kind: 'whole', standard: '4' },
  { name: 'udp-idle', kind: 'duration', standard: '1s' },
  { name: 'push-gap', kind: 'duration', standard: '60ms' },
  { name: 'small', kind: 'whole', standard: '40' },
  { name: 'quic-small', kind: 'whole', standard: '100' },
  { name: 'no-split-requests', kind: 'switch', standard: 'false' },
];
const SILENCES = ['idle', 'udp-idle', 'push-gap'];
/** What counts with every method. */
export const GENERAL: readonly Option[] = [
  { name: 'client', kind: 'text', standard: '' },
  { name: 'protocol', kind: 'protocol', standard: 'both' },
  { name: 'tcp-expiry', kind: 'duration', standard: '5m' },
  { name: 'udp-expiry', kind: 'duration', standard: '5m' },
];

/** `fixed:1s` → `fixed` and `1s`. */
export function methodOf(options: AnalysisOptions): { name: MethodName; value: string } {
  const [name = '', value = ''] = (options['method'] ?? 'exchange').split(':');
  return { name: METHODS.find((method) => method === name) ?? 'exchange', value };
}

export const isExchange = (name: MethodName): boolean => name.startsWith('exchange');

/** Whether a text can be the value of an option. */
export function isValid(kind: Kind, text: string): boolean {
  switch (kind) {
    case 'duration': return parseDuration(text) !== null;
    case 'whole': return /^\d{1,9}$/.test(text.trim());
    case 'text': return text.trim() === '' || text.split(',').every((one) => /^[0-9a-fA-F:.]+(\/\d{1,3})?$/.test(one.trim()));
    default: return true;
  }
}

/** Without what is default, and without the constants of other methods. */
export function tidied(options: AnalysisOptions): AnalysisOptions {
  const { name } = methodOf(options);
  const kept = [...(isExchange(name) ? EXCHANGE : []), ...GENERAL]
    .map((option) => [option.name, valueOf(options, option), option.standard] as const)
    .filter(([, value, standard]) => value !== '' && value !== standard)
    .map(([name, value]) => [name, value] as const);
  const { method = 'exchange' } = options;
  return Object.fromEntries([...(method === 'exchange' ? [] : [['method', method] as const]), ...kept]);
}

/** The option's value, or its default; times in their shortest form, as the manifest spells them in nanoseconds. */
export function valueOf(options: AnalysisOptions, { name, kind, standard }: Option): string {
  const given = name === 'no-split-requests' && options['split-requests'] === 'false' ? 'true' : (options[name] ?? standard);
  const ns = kind === 'duration' ? parseDuration(given) : null;
  return ns === null ? given.replace(/\s+/g, '') : durationText(ns);
}

/** `90s`, `1500ms`: the greatest unit in which it is whole. */
export function durationText(ns: number): string {
  const [size, unit] = ([[60e9, 'm'], [1e9, 's'], [1e6, 'ms'], [1e3, 'us']] as const).find(([size]) => ns > 0 && ns % size === 0) ?? [1, 'ns'];
  return `${ns / size}${unit}`;
}

export interface Threshold {
  /** The option, or the method, that it comes from. */
  readonly name: string;
  readonly ns: number;
}

/** Silences that matter to the method; none where each stream has its own. */
export function thresholds(options: AnalysisOptions): Threshold[] {
  const { name, value } = methodOf(options);
  const marks = EXCHANGE.filter((option) => isExchange(name) && SILENCES.includes(option.name)).map((option) => ({
    name: option.name, ns: parseDuration(valueOf(options, option)),
  }));
  if (name === 'fixed') marks.push({ name, ns: parseDuration(value) });
  if (name === 'rtt') marks.push({ name, ns: 50e6 });
  return marks.filter((mark): mark is Threshold => mark.ns !== null).sort((one, other) => one.ns - other.ns);
}

/** What a figure was made with: the method, its silences, and what is not as usual: `exchange, idle 500ms, push-gap 60ms`. */
export function inWords(options: AnalysisOptions): string {
  const { method = 'exchange', ...rest } = tidied(options);
  const silences = EXCHANGE.filter((option) => isExchange(methodOf(options).name) && SILENCES.includes(option.name));
  const all = { ...Object.fromEntries(silences.map((option) => [option.name, valueOf(options, option)])), ...rest };
  return [method, ...Object.entries(all).map(([name, value]) => (value === 'true' ? name : `${name} ${value}`))].join(', ');
}

/** What gives the same results in a terminal, and sends them. */
export function command(names: readonly string[], options: AnalysisOptions, server: string): string {
  const given = Object.entries(tidied(options)).flatMap(([name, value]) => {
    if (name === 'client') return value.split(',').map((one) => `--client ${quoted(one)}`);
    return value === 'true' ? [`--${name}`] : [`--${name} ${quoted(value)}`];
  });
  const files = names.map((name) => quoted(name.startsWith('-') ? `./${name}` : name));
  return ['sniffit analyze', ...files, ...given, `--elasticsearch ${quoted(server)}`, '--api-key-file sniffit.key'].join(' \\\n  ');
}

/** As a POSIX shell takes it for one word. */
const quoted = (word: string) => (/^[\w./:,@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

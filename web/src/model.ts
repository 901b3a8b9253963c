/**
 * The words in which page and worker speak of models.
 *
 * In: nothing. Out: types, and the lists that menus show. Guaranteed: names are those of the module and of `model.json`; what
 * crosses is the list of groups and the details of one, with curves in place of bins.
 */

import type { Curve, Direction } from './protocol';

export const GROUPINGS = ['application', 'server', 'domain', 'all'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export const VARIABLES = ['size_bytes', 'duration_s', 'inter_arrival_s', 'think_time_s', 'objects_per_stream'] as const;
export type Variable = (typeof VARIABLES)[number];

/** What a model is saved as: itself, or input of a simulator. */
export const MODEL_TARGETS = ['json', 'inet', 'tmix', 'yafs', 'ns3', 'edgecloudsim', 'ifogsim', 'csv'] as const;
export type ModelTarget = (typeof MODEL_TARGETS)[number];

/** Of positive values; scales are in bytes, seconds or objects. */
export type Family =
  | { readonly family: 'exponential'; readonly mean: number }
  | { readonly family: 'lognormal'; readonly mu: number; readonly sigma: number }
  | { readonly family: 'weibull'; readonly shape: number; readonly scale: number }
  | { readonly family: 'pareto'; readonly minimum: number; readonly shape: number }
  | {
      readonly family: 'lognormal_mixture'; readonly weight: number;
      readonly mu: readonly [number, number]; readonly sigma: readonly [number, number];
    };

export type Fit = Family & { readonly ks: number; readonly ad: number; readonly aic: number };

/** Fewer positive values are not fitted. */
export const MIN_SAMPLES = 30;

export interface VariableModel {
  readonly n: number;
  /** Values of 0, which the fits leave out. */
  readonly zeros: number;
  /** In bytes, seconds or objects; null without values. */
  readonly mean: number | null;
  /** In bytes, nanoseconds or objects, as the page writes them; null without values. */
  readonly curve: Curve | null;
  /** The best first. */
  readonly fits: readonly Fit[];
}

export type DirectionModel = Readonly<Record<Variable, VariableModel>>;

export interface ModelGroup {
  readonly key: string;
  readonly streams: number;
  readonly objects: number;
  readonly payloadBytes: number;
}

/** A model, as far as the page shows it. */
export interface ModelView {
  /** What it was made of, as `Overview` counts. */
  readonly revision: number;
  readonly by: Grouping;
  /** By payload, descending; at most 500. */
  readonly groups: readonly ModelGroup[];
  readonly groupCount: number;
  /** The group that was asked for, or the first; null where nothing is selected. */
  readonly shown: (ModelGroup & Readonly<Record<Direction, DirectionModel>>) | null;
}

export interface ModelFile {
  readonly name: string;
  readonly blob: Blob;
}

/**
 * Models of what is selected, and their exports.
 *
 * In: results, a grouping, and a bit for each object. Out: groups with the details of one, or files. Guaranteed: what a saved
 * `model.json` holds is, byte for byte, what the program writes for the same objects; a model is made once for as long as the
 * selection and the grouping stay.
 */

import type { Results } from 'analyzer-wasm';
import {
  VARIABLES, type DirectionModel, type Fit, type Grouping, type ModelFile, type ModelGroup, type ModelTarget, type ModelView,
  type Variable, type VariableModel,
} from '../model';
import type { Curve } from '../protocol';
import { fileNameOf } from './exporting';

/** Groups in a menu. */
const MOST_GROUPS = 500;
const NS_PER_SECOND = 1e9;

/** A variable as it stands in `model.json`, as far as it is read. */
export interface StoredVariable {
  readonly unit: 'byte' | 's' | 'object';
  readonly n: number;
  readonly zeros: number;
  readonly mean: number | null;
  readonly quantiles: readonly number[];
  readonly fits: readonly Fit[];
  readonly bins: { readonly bins: readonly (readonly [bin: number, count: number])[]; readonly min: number | null; readonly max: number | null };
}

type StoredDirection = { readonly objects: number; readonly payload_bytes: number } & Readonly<Record<Variable, StoredVariable>>;

export interface StoredModel {
  readonly by: Grouping;
  readonly groups: readonly { readonly key: string; readonly streams: number; readonly up: StoredDirection; readonly down: StoredDirection }[];
}

/** Keeps the model that was asked for last, because people look at one group after another. */
export class Models {
  private kept: { readonly key: string; readonly model: StoredModel } | null = null;

  /** `revision` stands for what `selection` gives. */
  of(results: Results, by: Grouping, revision: number, selection: () => Uint8Array | null): StoredModel {
    const key = `${revision} ${by}`;
    if (this.kept?.key !== key) {
      // The old one goes first: both may be large.
      this.kept = null;
      const bytes = results.model(by, selection());
      this.kept = { key, model: JSON.parse(new TextDecoder().decode(bytes)) as StoredModel };
    }
    return this.kept.model;
  }
}

/** Without bins, and without details of all groups but one. */
export const modelView = (model: StoredModel, revision: number, wanted: string | null): ModelView => {
  const shown = model.groups.find(({ key }) => key === wanted) ?? model.groups[0];
  return {
    revision,
    by: model.by,
    groups: model.groups.slice(0, MOST_GROUPS).map(groupOf),
    groupCount: model.groups.length,
    shown: shown === undefined ? null : { ...groupOf(shown), up: directionOf(shown.up), down: directionOf(shown.down) },
  };
};

const groupOf = ({ key, streams, up, down }: StoredModel['groups'][number]): ModelGroup => ({
  key, streams, objects: up.objects + down.objects, payloadBytes: up.payload_bytes + down.payload_bytes,
});

const directionOf = (direction: StoredDirection): DirectionModel =>
  Object.fromEntries(VARIABLES.map((name) => [name, variableOf(direction[name])])) as Record<Variable, VariableModel>;

const variableOf = (variable: StoredVariable): VariableModel => {
  const { n, zeros, mean, fits } = variable;
  return { n, zeros, mean, fits, curve: curveOf(variable) };
};

/** The greatest value of a bin: one a value below 128, then 64 bins an octave. */
export const lastOf = (bin: number): number => {
  if (bin < 128) {
    return bin;
  }
  return (65 + (bin & 63)) * 2 ** ((bin >> 6) - 1) - 1;
};

/** The empirical distribution function where it is known exactly, which is at the ends of bins; times in ns. */
export const curveOf = ({ n, unit, quantiles, bins }: StoredVariable): Curve | null => {
  const { min, max } = bins;
  if (n === 0 || min === null || max === null) {
    return null;
  }
  const scale = unit === 's' ? NS_PER_SECOND : 1;
  let seen = 0;
  const shares = bins.bins.map(([, count]) => (seen += count) / n);
  return {
    n,
    min,
    max,
    p50: (quantiles[50] ?? NaN) * scale,
    p95: (quantiles[95] ?? NaN) * scale,
    values: Float64Array.from(bins.bins, ([bin]) => Math.min(lastOf(bin), max)),
    shares: Float64Array.from(shares),
    exact: bins.bins.every(([bin]) => bin < 128),
  };
};

export interface WantedModel {
  readonly target: ModelTarget;
  readonly by: Grouping;
  /** A bit for each object; null for all. */
  readonly selection: Uint8Array | null;
  readonly pseudonymKey: string | null;
  readonly captureName: string;
}

/** `capture.model.json`, or the files of a simulator, which keep their names behind the capture's. */
export const modelFiles = (results: Results, wanted: WantedModel): ModelFile[] => {
  const { target, by, selection, pseudonymKey, captureName } = wanted;
  const isPart = selection !== null;
  if (target === 'json') {
    // The glue's arrays are copies already; their type does not say so.
    const bytes = results.model(by, selection, pseudonymKey) as Uint8Array<ArrayBuffer>;
    return [{ name: fileNameOf(captureName, 'model', 'json', isPart), blob: new Blob([bytes], { type: 'application/json' }) }];
  }
  const texts = results.exportModel(target, by, selection, pseudonymKey);
  const files: ModelFile[] = [];
  for (let at = 0; at + 1 < texts.length; at += 2) {
    // Some begin with the name of their simulator, which stands before them anyway.
    const own = (texts[at] ?? '').replaceAll('/', '-').replace(new RegExp(`^${target}[-.]`), '');
    const name = fileNameOf(captureName, target, own, isPart);
    files.push({ name, blob: new Blob([texts[at + 1] ?? ''], { type: 'text/plain;charset=utf-8' }) });
  }
  return files;
};

/**
 * Results as files.
 *
 * In: results, what is wanted of them, and the selection. Out: a blob and its name. Guaranteed: the bytes are those that the
 * native program writes with the same options; between two pieces other messages are answered; browsers keep large blobs
 * on disk, so that a large export does not have to fit into memory.
 */

import type { Results } from 'analyzer-wasm';
import type { RecordKind, TextFormat } from '../protocol';

/** Pieces that are put together before a blob takes them. */
const PIECES = 64;

const MEDIA_TYPES: Readonly<Record<TextFormat, string>> = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv;charset=utf-8',
  json: 'application/json',
};

export interface Exported {
  readonly blob: Blob;
  readonly fileName: string;
  readonly records: number;
}

export interface Wanted {
  readonly kind: RecordKind | 'analysis';
  readonly format: TextFormat;
  /** A bit for each record; null for all. */
  readonly selection: Uint8Array | null;
  readonly pseudonymKey: string | null;
  readonly captureName: string;
}

/** Lets messages come in. */
const pause = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });

/** A name that every file system takes. */
export const fileNameOf = (capture: string, kind: string, ending: string, isPart: boolean): string => {
  const safe = capture.replace(/[^\p{L}\p{N}._-]+/gu, '_').replace(/^\.+/, '').slice(0, 100) || 'capture';
  return `${safe}.${kind}${isPart ? '.selection' : ''}.${ending}`;
};

/** Encodes what is wanted. */
export const exportOf = async (results: Results, wanted: Wanted): Promise<Exported> => {
  const { kind, format, selection, pseudonymKey, captureName } = wanted;
  const key = pseudonymKey ?? undefined;
  if (kind === 'analysis') {
    const blob = new Blob([copyOf(results.manifest(key))], { type: MEDIA_TYPES.json });
    return { blob, fileName: fileNameOf(captureName, 'analysis', 'json', false), records: 1 };
  }
  const encoder = results.export(kind, format, selection ?? undefined, key);
  try {
    let blob = new Blob([], { type: MEDIA_TYPES[format] });
    let pieces: BlobPart[] = [];
    for (let piece = encoder.nextPiece(); piece !== undefined; piece = encoder.nextPiece()) {
      pieces.push(copyOf(piece));
      if (pieces.length === PIECES) {
        blob = new Blob([blob, ...pieces], { type: MEDIA_TYPES[format] });
        pieces = [];
        await pause();
      }
    }
    blob = new Blob([blob, ...pieces], { type: MEDIA_TYPES[format] });
    return { blob, fileName: fileNameOf(captureName, kind, format, selection !== null), records: encoder.records };
  } finally {
    encoder.free();
  }
};

/** The glue's arrays are copies already; their type does not say so. */
const copyOf = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>;

/**
 * One slice of a file.
 *
 * In: a file as the browser keeps it, and from where to where. Out: its bytes, or in words why they can't be read. Guaranteed: the
 * rest of the file is not read.
 */

/** A slice that the reading worker is to read. */
export interface Wanted {
  readonly id: number;
  readonly file: Blob;
  readonly from: number;
  readonly to: number;
}

/** What became of it. */
export type Got = { readonly id: number; readonly bytes: ArrayBuffer } | { readonly id: number; readonly reason: string };

export const readHere = (file: Blob, from: number, to: number): Promise<ArrayBuffer> => file.slice(from, to).arrayBuffer();

export const reasonOf = (problem: unknown): string =>
  problem instanceof DOMException && problem.name === 'NotReadableError'
    ? 'the file was changed, moved or locked since it was chosen; choose it again'
    : problem instanceof Error ? problem.message : String(problem);

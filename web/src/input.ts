/**
 * Files that people give to the page.
 *
 * In: what was dropped, or chosen with a button. Out: files, folders opened to their bottom. Guaranteed: a file comes once
 * however often it was given, in the order of paths; no byte of a file is read here.
 */

/** More files than this are a slip of the hand. */
const MOST_FILES = 100_000;

export interface Dropped {
  readonly files: readonly File[];
  /** Paths of files that the browser does not let us have. */
  readonly lost: readonly string[];
}

/** What a drop holds. Must be called while the event is being handled: afterwards the browser forgets the list. */
export async function droppedFiles(transfer: DataTransfer): Promise<Dropped> {
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry?.() ?? null);
  const plain = Array.from(transfer.files);
  if (!entries.some((entry) => entry?.isDirectory)) return { files: distinct(plain), lost: [] };
  const [files, lost]: [Placed[], string[]] = [[], []];
  for (const entry of entries) if (entry) await walk(entry, files, lost);
  return { files: distinct(files.sort((one, other) => (one.path < other.path ? -1 : 1)).map(({ file }) => file)), lost };
}

/** Same name, size and time of change in the same folder: the same file. */
export function distinct(files: readonly File[]): File[] {
  const seen = new Map(files.map((file) => [JSON.stringify([pathOf(file), file.size, file.lastModified]), file]));
  return [...seen.values()];
}

interface Placed {
  readonly path: string;
  readonly file: File;
}

const paths = new WeakMap<File, string>();
const pathOf = (file: File) => paths.get(file) ?? (file.webkitRelativePath || file.name);

async function walk(entry: FileSystemEntry, files: Placed[], lost: string[]): Promise<void> {
  if (files.length >= MOST_FILES) return;
  if (entry.isFile) {
    const file = await new Promise<File | null>((resolve) => {
      (entry as FileSystemFileEntry).file(resolve, () => resolve(null));
    });
    if (!file) {
      lost.push(entry.fullPath);
      return;
    }
    paths.set(file, entry.fullPath);
    files.push({ path: entry.fullPath, file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader gives at most a hundred entries at a time, and none when there are no more.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve) => {
      reader.readEntries(resolve, () => {
        lost.push(entry.fullPath);
        resolve([]);
      });
    });
    if (some.length === 0) return;
    for (const one of some) await walk(one, files, lost);
  }
}

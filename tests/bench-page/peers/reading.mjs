// The read method of the page.
//
// In:  a file. Out: its bytes in slices of 16 MiB; the next is read while the caller works on one.
// Guaranteed: the same calls in the same order as web/src/worker/reading.ts makes for an uncompressed file.

const SLICE_BYTES = 16 << 20;

export async function* slices(file) {
  const read = (from) => file.slice(from, from + SLICE_BYTES).arrayBuffer();
  let next = file.size > 0 ? read(0) : null;
  for (let from = 0; next !== null; from += SLICE_BYTES) {
    const slice = await next;
    next = from + SLICE_BYTES < file.size ? read(from + SLICE_BYTES) : null;
    next?.catch(() => undefined);
    yield new Uint8Array(slice);
  }
}

/** Tells the page what `work` gives, or why it failed. */
export function answer(work) {
  onmessage = async ({ data: file }) => {
    try {
      postMessage(await work(file));
    } catch (problem) {
      postMessage({ error: String(problem) });
    }
  };
}

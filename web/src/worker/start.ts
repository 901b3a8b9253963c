/**
 * The page's worker.
 *
 * In: nothing. Out: a worker that runs worker.ts. Guaranteed: it is a module worker of the page's own files, or in the single
 * file of a `blob:` that the page made.
 */

import PageWorker from './worker?worker';

export function startWorker(): Worker {
  return new PageWorker({ name: 'analyzer' });
}

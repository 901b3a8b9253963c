/**
 * Keeps the page, so that it opens without a network.
 *
 * In: the list of the page's files and a digest of them all, put in by the build. Out: answers from a store of exactly that
 * build. Guaranteed: only the page's own files are answered; requests to Elasticsearch, below `es/`, and all that is not a
 * GET go their way untouched. A new build waits until the page asks for it or every tab is closed, so that no tab ever mixes
 * two builds; then the old one's store goes.
 */

declare const self: ServiceWorkerGlobalScope;
/** Put in by build/offline.ts. Paths are relative to this script. */
declare const __FILES__: readonly string[];
declare const __DIGEST__: string;

const PREFIX = 'sniffit-';
const STORE = `${PREFIX}${__DIGEST__}`;
const PAGE = new URL('index.html', self.location.href).href;
const FILES = __FILES__;
const KNOWN = new Set(FILES.map((path) => new URL(path, self.location.href).href));

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches.open(STORE).then((store) => store.addAll(FILES.map((path) => new Request(path, { cache: 'reload' })))),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(removeOthers().then(() => self.clients.claim()));
});

self.addEventListener('message', (event) => {
  if (event.data === 'activate') void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const known = event.request.method === 'GET' ? knownAddress(event.request.url) : undefined;
  if (known !== undefined) event.respondWith(answer(known, event.request));
});

/** The address that a request's file is kept by; none for what is not the page's. */
function knownAddress(address: string): string | undefined {
  const url = new URL(address);
  url.search = '';
  url.hash = '';
  if (url.href === new URL('.', self.location.href).href) return PAGE;
  return KNOWN.has(url.href) ? url.href : undefined;
}

async function answer(known: string, request: Request): Promise<Response> {
  const store = await caches.open(STORE);
  // A browser may have dropped the store when it was short of space.
  return (await store.match(known)) ?? fetch(request);
}

async function removeOthers(): Promise<void> {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(PREFIX) && name !== STORE);
  await Promise.all(others.map((name) => caches.delete(name)));
}

/**
 * Lets the page be kept by the browser.
 *
 * In: what to do when a newer build waits. Out: nothing; it is called with a function that changes over and reloads.
 * Guaranteed: nothing is registered in the single file or from a file, and Vite's server has no sw.js; a failure changes nothing but that the
 * page needs its server.
 */

export async function registerOffline(onNewer: (changeOver: () => void) => void): Promise<void> {
  const canBeKept = location.protocol === 'https:' || location.protocol === 'http:';
  if (__SINGLE_FILE__ || !canBeKept || !('serviceWorker' in navigator)) return;
  let registration: ServiceWorkerRegistration | undefined;
  try {
    registration = await navigator.serviceWorker.register('./sw.js', { updateViaCache: 'none' });
  } catch {
    // Private windows and plain http to other machines allow none.
    return;
  }
  // Where something keeps service workers out, there may be no error and no registration either.
  if (registration === undefined) return;
  const kept = registration;
  const tell = (): void => {
    const { waiting } = kept;
    // Without a controller this is the first visit, and nothing is newer.
    if (waiting === null || navigator.serviceWorker.controller === null) return;
    onNewer(() => {
      navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
      waiting.postMessage('activate');
    });
  };
  tell();
  kept.addEventListener('updatefound', () => {
    const { installing } = kept;
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'installed') tell();
    });
  });
}

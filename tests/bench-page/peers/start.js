// Hands the chosen file to the worker that the address names.
//
// In:  `?nothing`, `?module` or `?wiregasm`, and a file. Out: `globalThis.end`, what the worker says and the time since the choice.
// Guaranteed: the worker is started by the choice, as the page's is, so that its start counts.

globalThis.end = new Promise((resolve) => {
  addEventListener('change', ({ target }) => {
    const chosenMs = performance.now();
    const name = location.search.slice(1);
    // The glue of wiregasm is a script, and no module.
    const worker = name === 'wiregasm' ? new Worker('wiregasm.js') : new Worker(`${name}.mjs`, { type: 'module' });
    globalThis.worker = worker;
    worker.onmessage = ({ data }) => resolve({ wallMs: performance.now() - chosenMs, ...data });
    worker.onerror = ({ message }) => resolve({ error: message || 'the worker broke' });
    worker.postMessage(target.files[0]);
  });
});

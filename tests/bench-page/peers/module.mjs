// The analysis alone: the page's module without the page's tables and overviews.
//
// In:  a file. Out: packets, and the time within the module's calls.
// Guaranteed: everything that the page takes from the module is taken, and let go at once.

import init, { Analysis } from '/wasm/analyzer_wasm.js';
import { answer, slices } from './reading.mjs';

answer(async (file) => {
  const { memory } = await init({ module_or_path: '/wasm/analyzer_wasm_bg.wasm' });
  const analysis = new Analysis({});
  let analysisMs = 0;
  let objects = 0;
  let streams = 0;
  let packets = 0;
  let startNs;
  const timed = (work) => {
    const begin = performance.now();
    const result = work();
    analysisMs += performance.now() - begin;
    return result;
  };
  const take = () => {
    startNs ??= analysis.startNs;
    if (startNs === undefined) return;
    streams += Object.values(analysis.takeStreams())[0]?.length ?? 0;
    analysis.takeAddresses();
    objects += Object.values(analysis.takeObjects(startNs))[0]?.length ?? 0;
    analysis.takeStreamEnds(startNs);
    analysis.takeBins(startNs);
  };
  timed(() => analysis.beginInput(file.name));
  for await (const slice of slices(file)) {
    timed(() => {
      analysis.push(slice);
      take();
      packets = analysis.packets;
    });
  }
  // Kept until memory was looked at.
  globalThis.results = timed(() => {
    analysis.endInput(file.size);
    const results = analysis.finish(file.name);
    take();
    return results;
  });
  return { packets, objects, streams, analysisMs, wasmBytes: memory.buffer.byteLength };
});

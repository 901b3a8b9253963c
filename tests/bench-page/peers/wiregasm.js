// Wireshark in WebAssembly, as its own examples call it.
//
// In:  a file. Out: packets, and the time of its `load` alone, without its start and the copy of the file.
// Guaranteed: what its users would wait for and no more: no filter, no frames, no taps.

importScripts('/wiregasm/wiregasm.js');

onmessage = async ({ data: file }) => {
  try {
    const lib = await loadWiregasm({
      locateFile: (path) => `/wiregasm/${path}`,
      handleStatus: () => {},
      print: () => {},
      printErr: () => {},
    });
    if (!lib.init()) throw new Error('it does not start');
    const path = `${lib.getUploadDirectory()}/capture`;
    lib.FS.writeFile(path, new Uint8Array(await file.arrayBuffer()));
    const session = new lib.DissectSession(path);
    const begin = performance.now();
    const { code, error, summary } = session.load();
    const analysisMs = performance.now() - begin;
    if (code !== 0) throw new Error(error || `load() gave ${code}`);
    // Kept until memory was looked at.
    globalThis.session = session;
    postMessage({ packets: summary.packet_count, analysisMs, wasmBytes: lib.HEAPU8.length });
  } catch (problem) {
    postMessage({ error: String(problem?.message ?? problem) });
  }
};

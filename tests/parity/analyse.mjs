// One recording through the page's module, in Node and in browsers alike.
//
// In: the module's exports, the files of a recording, options by their names, and how many bytes are pushed at once. Out:
// the files of results that `sniffit analyze -o` writes, by name, and the model of `sniffit model --by server`, in the formats that are wanted, or null when nothing could be
// read. Guaranteed: the module is called as the page's worker calls it, and no more is decided here than there; nothing of
// Node or of a page is used.

const KINDS = ['objects', 'streams', 'bins'];
/** In which records can be written as text. */
export const FORMATS = ['ndjson', 'csv', 'json'];

/** `files` have a name and bytes, in any order. */
export const analyse = (module, { files, options, chunkBytes, formats = FORMATS }) => {
  const ordered = inOrder(module, files, chunkBytes);
  const analysis = new module.Analysis(options);
  try {
    const passes = analysis.isFirstOfTwo ? 2 : 1;
    for (let pass = 1; pass <= passes; pass++) {
      if (pass === 2) analysis.nextPass();
      for (const file of ordered) feed(module, analysis, file, chunkBytes);
    }
    const results = analysis.finish(module.captureName(ordered.map(({ name }) => name)));
    try {
      return results.hasAny ? filesOf(results, formats) : null;
    } finally {
      results.free();
    }
  } finally {
    analysis.free();
  }
};

const feed = (module, analysis, file, chunkBytes) => {
  analysis.beginInput(file.name);
  let offset = 0;
  let reason;
  try {
    for (const chunk of chunksOf(module, file.bytes, chunkBytes)) {
      const goesOn = analysis.push(chunk);
      offset += chunk.length;
      if (!goesOn) break;
    }
  } catch (problem) {
    reason = problem.message;
  }
  analysis.endInput(offset, reason);
};

/** The files of a recording by their first packets. */
const inOrder = (module, files, chunkBytes) => {
  if (files.length === 1) return files;
  const probed = files.map((file) => {
    const probe = new module.Probe();
    try {
      for (const chunk of chunksOf(module, file.bytes, chunkBytes)) if (!probe.push(chunk)) break;
    } catch {
      // The reading meets the same.
    }
    return { file, probe };
  });
  const isBefore = (x, y) => x.probe.isBefore(x.file.name, x.file.name, y.probe, y.file.name, y.file.name);
  probed.sort((a, b) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0));
  for (const { probe } of probed) probe.free();
  return probed.map(({ file }) => file);
};

/** Decompressed chunks; what cuts them short is thrown. */
function* chunksOf(module, bytes, chunkBytes) {
  if (module.compressionOf(bytes.subarray(0, 4)) !== 'gzip') {
    yield* cut(bytes, chunkBytes);
    return;
  }
  const gunzip = new module.Gunzip();
  try {
    for (const chunk of cut(bytes, chunkBytes)) yield* taken(gunzip, () => gunzip.push(chunk));
    yield* taken(gunzip, () => gunzip.end());
  } finally {
    gunzip.free();
  }
}

/** What an action of the decompressor gave, also when it failed. */
function* taken(gunzip, action) {
  let problem = null;
  try {
    action();
  } catch (thrown) {
    problem = thrown;
  }
  yield gunzip.take();
  if (problem !== null) throw problem;
}

function* cut(bytes, chunkBytes) {
  for (let from = 0; from < bytes.length; from += chunkBytes) yield bytes.subarray(from, from + chunkBytes);
}

const filesOf = (results, formats) => {
  const files = new Map([['analysis.json', [results.manifest()]]]);
  // A model is made of the objects, whatever the chunks were.
  if (formats === FORMATS) files.set('model.json', [results.model('server')]);
  for (const format of formats) {
    for (const kind of KINDS) {
      const text = results.export(kind, format);
      const pieces = [];
      for (let piece = text.nextPiece(); piece !== undefined; piece = text.nextPiece()) pieces.push(piece);
      text.free();
      files.set(`${kind}.${format}`, pieces);
    }
  }
  return new Map([...files].map(([name, pieces]) => [name, joined(pieces)]));
};

const joined = (pieces) => {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
};

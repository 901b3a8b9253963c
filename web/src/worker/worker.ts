/**
 * A worker that shows that its parts are there.
 */

import { objects } from 'analyzer-wasm';
import { loadAnalyzer } from './module';

addEventListener('message', (event: MessageEvent<File>) => {
  void answer(event.data);
});

async function answer(file: File): Promise<void> {
  await loadAnalyzer();
  const stream = file.stream().pipeThrough(new DecompressionStream('gzip'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  postMessage(objects(bytes).length);
}

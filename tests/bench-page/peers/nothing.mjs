// The floor: reads a file and looks at no byte of it.
//
// In:  a file. Out: how many bytes came. Guaranteed: nothing that the page could do faster by reading in the same way.

import { answer, slices } from './reading.mjs';

answer(async (file) => {
  let bytes = 0;
  for await (const slice of slices(file)) bytes += slice.length;
  if (bytes !== file.size) throw new Error(`${bytes} of ${file.size} bytes came`);
  return {};
});

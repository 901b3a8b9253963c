/**
 * Files that came with the page.
 *
 * In: the address that the build gave a file. Out: its bytes. Guaranteed: in the single file nothing is fetched, because the
 * address holds the bytes itself and its policy lets no `data:` be fetched.
 */

export async function embeddedBytes(address: string): Promise<Uint8Array<ArrayBuffer>> {
  if (address.startsWith('data:')) return bytesOfDataAddress(address);
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: the server answered ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** Of `data:KIND;base64,TEXT`, the form that Vite writes. */
export function bytesOfDataAddress(address: string): Uint8Array<ArrayBuffer> {
  const text = atob(address.slice(address.indexOf(',') + 1));
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

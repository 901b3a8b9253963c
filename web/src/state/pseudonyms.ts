/**
 * Keys that make pseudonyms of addresses.
 *
 * In: the browser's randomness. Out: 32 bytes as 64 hexadecimal digits. Guaranteed: a key is never stored; who has it can
 * make the same pseudonyms again, and who has not can't undo them.
 */

export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => byte.toString(16).padStart(2, '0')).join('');

export const isKey = (text: string): boolean => /^[0-9a-f]{64}$/i.test(text.trim());

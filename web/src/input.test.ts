/** Files as a browser gives them. */

import { describe, expect, it } from 'vitest';
import { distinct, droppedFiles } from './input';

const file = (name: string, size = 1, lastModified = 0) => new File([new Uint8Array(size)], name, { lastModified });
const names = (files: readonly File[]) => files.map(({ name }) => name);

type Tree = File | null | { readonly name: string; readonly entries: readonly Tree[] };

/** Gives two entries at a time, as real readers give a hundred. */
function entry(tree: Tree, parent = ''): unknown {
  if (tree === null) return { isFile: true, isDirectory: false, fullPath: '/gone', file: (_: unknown, fail: () => void) => fail() };
  const fullPath = `${parent}/${tree.name}`;
  if (tree instanceof File) return { isFile: true, isDirectory: false, fullPath, file: (take: (file: File) => void) => take(tree) };
  return {
    isFile: false, isDirectory: true, fullPath,
    createReader: () => {
      let at = 0;
      return { readEntries: (take: (entries: unknown[]) => void) => take(tree.entries.slice(at, (at += 2)).map((one) => entry(one, fullPath))) };
    },
  };
}

const drop = (trees: readonly Tree[]) => droppedFiles({
  items: trees.map((tree) => ({ webkitGetAsEntry: () => entry(tree) })),
  files: trees.filter((tree) => tree instanceof File),
} as unknown as DataTransfer);

describe('drops', () => {
  it('of files keep their order', async () => expect(names((await drop([file('b'), file('a')])).files)).toEqual(['b', 'a']));

  it('of folders are opened to the bottom, in the order of paths', async () => {
    const day = { name: 'day', entries: [file('3'), { name: 'am', entries: [file('2'), file('1'), file('0')] }, { name: 'empty', entries: [] }] };
    expect(names((await drop([day, file('zero')])).files)).toEqual(['3', '0', '1', '2', 'zero']);
  });

  it('of files that are gone leave the others, and are told', async () => {
    const { files, lost } = await drop([{ name: 'day', entries: [null, file('1')] }]);
    expect(names(files)).toEqual(['1']);
    expect(lost).toEqual(['/gone']);
  });

  it('the same name in two folders is two files', async () => {
    expect((await drop([{ name: 'x', entries: [file('a')] }, { name: 'y', entries: [file('a')] }])).files).toHaveLength(2);
  });
});

it('the same file comes once', () => {
  expect(names(distinct([file('a'), file('b'), file('a')]))).toEqual(['a', 'b']);
  expect(distinct([file('a', 1), file('a', 2), file('a', 1, 9)])).toHaveLength(3);
});

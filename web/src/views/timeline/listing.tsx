/**
 * The timeline as a table.
 *
 * In: the time that is seen. Out: the first objects that begin in it. Guaranteed: at most `MOST`, in the order of their begins; choosing
 * one is choosing it in the drawing.
 */

import { useEffect, useState } from 'preact/hooks';
import type { Format, Translate } from '../../charts/text';
import type { ObjectDetail } from '../../protocol';
import { pairs, title } from './details';
import type { Asking } from './asking';

export interface ListingProps {
  readonly client: Asking;
  readonly revision: number;
  readonly fromNs: number;
  readonly toNs: number;
  readonly onChoose: (object: ObjectDetail) => void;
  readonly t: Translate;
  readonly format: Format;
}

const MOST = 100;
/** Until the view has come to rest. */
const REST_MS = 200;

export function Listing({ client, revision, fromNs, toNs, onChoose, t, format }: ListingProps) {
  const [rows, setRows] = useState<readonly ObjectDetail[] | null>(null);
  useEffect(() => {
    let isLatest = true;
    const timer = setTimeout(() => {
      firstIn(client, fromNs, toNs).then((found) => isLatest && setRows(found), () => {});
    }, REST_MS);
    return () => {
      isLatest = false;
      clearTimeout(timer);
    };
  }, [client, revision, fromNs, toNs]);

  if (!rows) return null;
  if (rows.length === 0) return <p class="quiet">{t('lane.none')}</p>;
  return (
    <table>
      <caption>{t('lane.first', { n: rows.length })}</caption>
      <thead>
        <tr>
          <th scope="col">{t('lane.object')}</th>
          {pairs(rows[0]!, t, format).map(([name]) => <th key={name} scope="col">{name}</th>)}
        </tr>
      </thead>
      <tbody>
        {rows.map((object) => (
          <tr key={object.row}>
            <th scope="row">
              <button type="button" class={`link ${object.direction}`} onClick={() => onChoose(object)}>{title(object, t, format)}</button>
            </th>
            {pairs(object, t, format).map(([name, value]) => <td key={name}>{value ?? '–'}</td>)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Objects are asked for by place in the order of their begins, so the place of the first is searched. */
async function firstIn(client: Asking, fromNs: number, toNs: number): Promise<ObjectDetail[]> {
  const ask = (from: number, count: number) =>
    client.request({ type: 'objects', from, count, sort: { column: 'startNs', descending: false } });
  let low = 0;
  let high = (await ask(0, 1)).total;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [object] = (await ask(middle, 1)).rows;
    if (object && object.startNs < fromNs) low = middle + 1;
    else high = middle;
  }
  return (await ask(low, MOST)).rows.filter(({ startNs }) => startNs < toNs);
}

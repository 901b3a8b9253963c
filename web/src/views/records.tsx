/**
 * The tables of objects and of streams.
 *
 * In: what is selected. Out: all of it, sorted as people want. Guaranteed: an object chosen here is shown in the timeline, and
 * one chosen there comes into sight here; a stream chosen here becomes a part of the filter.
 */

import { useEffect, useRef, useState } from 'preact/hooks';
import { endpoint, visible } from '../format';
import type { ObjectColumn, ObjectDetail, Sort, StreamColumn, StreamDetail } from '../protocol';
import { Application } from './application';
import { Arrow } from './controls';
import { Grid, type Column } from './grid';
import { usePage, useShown } from './page';
import { useIsStale } from './stale';

export function Objects() {
  const { session, t, format } = usePage();
  const overview = useShown((state) => state.overview);
  const chosen = useShown((state) => state.chosen);
  const [sort, setSort] = useState<Sort<ObjectColumn>>({ column: 'startNs', descending: false });
  const [reveal, setReveal] = useState<{ position: number } | null>(null);
  const stale = useIsStale();
  const revision = overview?.revision ?? 0;

  const own = useRef(-1);
  useEffect(() => {
    if (!chosen) return;
    // What was chosen here is in sight, and whoever chose it may have gone on already.
    if (own.current === chosen.row) {
      own.current = -1;
      return;
    }
    let isCurrent = true;
    void session.client.request({ type: 'locate', row: chosen.row, sort }).then(
      ({ position }) => isCurrent && setReveal({ position }),
      // Filtered away: there is nothing to show.
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [chosen?.row, sort, revision]);

  const columns: readonly Column<ObjectDetail, ObjectColumn>[] = [
    { name: 'startNs', label: 'begin', isNumber: true, isMain: true, cell: (row) => format.time(row.startNs) },
    { name: 'direction', label: 'direction', cell: (row) => <><Arrow direction={row.direction} /> {t(row.direction)}</> },
    {
      name: 'payloadBytes', label: 'size', isNumber: true, isMain: true,
      cell: (row) => <>{row.multiplexed && <abbr title={t('multiplexed')}>≥</abbr>} {format.bytes(row.payloadBytes)}</>,
    },
    { name: 'durationNs', label: 'duration', isNumber: true, cell: (row) => format.duration(row.durationNs) },
    { name: 'rateBps', label: 'rate', isNumber: true, cell: (row) => format.rate(row.rateBps) },
    { name: 'gapBeforeNs', label: 'gap', isNumber: true, cell: (row) => format.duration(row.gapBeforeNs) },
    { name: 'packets', label: 'packets.short', isNumber: true, cell: (row) => format.count(row.packets) },
    {
      name: 'retransmittedBytes', label: 'retransmitted', isNumber: true,
      cell: (row) => (row.retransmittedBytes ? format.bytes(row.retransmittedBytes) : ''),
    },
    {
      name: 'server', label: 'server', isMain: true,
      cell: (row) => <span title={row.serverAddress}>{`${endpoint(row.server, row.serverPort)}/${row.transport}`}</span>,
    },
    { name: 'application', label: 'application', cell: (row) => <Application name={row.application} /> },
    { name: 'stream', label: 'stream', isNumber: true, cell: (row) => format.count(row.stream) },
    { name: 'endReason', label: 'endedBy', cell: (row) => t(`end.${row.endReason}`) },
  ];
  return (
    <Grid
      kind="objects" label={t('objects')} columns={columns} sort={sort} onSort={setSort} stale={stale}
      fetch={(from, count) => session.client.request({ type: 'objects', from, count, sort })}
      version={`${revision} ${sort.column} ${sort.descending}`} total={overview?.selected.objects ?? 0} reveal={reveal}
      isChosen={(row) => row.row === chosen?.row} onChoose={(row) => {
        const isChosen = row.row === chosen?.row;
        own.current = isChosen ? -1 : row.row;
        session.choose(isChosen ? null : row);
      }}
    />
  );
}

export function Streams() {
  const { session, t, format } = usePage();
  const overview = useShown((state) => state.overview);
  const streams = useShown((state) => state.filter.streams);
  const [sort, setSort] = useState<Sort<StreamColumn>>({ column: 'id', descending: false });
  const stale = useIsStale();
  const columns: readonly Column<StreamDetail, StreamColumn>[] = [
    { name: 'id', label: 'stream', isNumber: true, isMain: true, cell: (row) => format.count(row.id) },
    { name: 'startNs', label: 'begin', isNumber: true, cell: (row) => format.time(row.startNs) },
    { name: 'durationNs', label: 'duration', isNumber: true, cell: (row) => format.duration(row.durationNs) },
    {
      name: 'server', label: 'server', isMain: true,
      cell: (row) => <span title={row.serverAddress}>{`${endpoint(row.server, row.serverPort)}/${row.transport}`}</span>,
    },
    { name: 'application', label: 'application', cell: (row) => <Application name={row.application} /> },
    { name: 'nameSource', label: 'nameSource', cell: (row) => (row.nameSource === 'none' ? '' : t(`nameSource.${row.nameSource}`)) },
    { name: 'objectsUp', label: 'objects.up', isNumber: true, cell: (row) => format.count(row.objectsUp) },
    { name: 'objectsDown', label: 'objects.down', isNumber: true, cell: (row) => format.count(row.objectsDown) },
    { name: 'payloadBytesUp', label: 'bytes.up', isNumber: true, cell: (row) => format.bytes(row.payloadBytesUp) },
    { name: 'payloadBytesDown', label: 'bytes.down', isNumber: true, isMain: true, cell: (row) => format.bytes(row.payloadBytesDown) },
    { name: 'serverRttNs', label: 'rtt', isNumber: true, cell: (row) => format.duration(row.serverRttNs) },
    { name: 'packets', label: 'packets.short', isNumber: true, cell: (row) => format.count(row.packets) },
    { name: 'endReason', label: 'endedBy', cell: (row) => visible(t(`end.${row.endReason}`)) },
  ];
  return (
    <Grid
      kind="streams" label={t('streams')} columns={columns} sort={sort} onSort={setSort} stale={stale} reveal={null}
      fetch={(from, count) => session.client.request({ type: 'streams', from, count, sort })}
      version={`${overview?.revision ?? 0} ${sort.column} ${sort.descending}`} total={overview?.selected.streams ?? 0}
      isChosen={(row) => streams?.includes(row.id) ?? false} onChoose={(row) => session.toggle({ name: 'streams', value: row.id })}
    />
  );
}

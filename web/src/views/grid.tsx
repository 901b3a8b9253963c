/**
 * A table of any length.
 *
 * In: columns, and a way to ask the worker for some rows. Out: the rows that are in sight. Guaranteed: at most a few hundred rows
 * are held; a sorted column is sorted by the worker over everything that is selected; arrow keys, Page Up and Down, Home and End
 * move, Enter chooses, also a row that has yet to come.
 */

import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { visible } from '../format';
import type { Key } from '../i18n';
import type { Sort } from '../protocol';
import { firstRow, heightInRows, placeOf, ROW_PX, scrolled, type Place } from '../state/rows';
import { usePage } from './page';

export interface Column<Row, Name extends string> {
  readonly name: Name;
  readonly label: Key;
  readonly cell: (row: Row) => ComponentChildren;
  /** Numbers are aligned to the right. */
  readonly isNumber?: boolean;
  /** Stays on narrow screens. */
  readonly isMain?: boolean;
}

interface Rows<Row> {
  readonly total: number;
  readonly rows: readonly Row[];
}

export interface GridProps<Row, Name extends string> {
  readonly label: string;
  readonly kind: string;
  readonly columns: readonly Column<Row, Name>[];
  readonly sort: Sort<Name>;
  readonly onSort: (sort: Sort<Name>) => void;
  readonly fetch: (from: number, count: number) => Promise<Rows<Row>>;
  /** Changes when the rows do. */
  readonly version: string;
  readonly total: number;
  readonly stale: boolean;
  readonly isChosen: (row: Row) => boolean;
  readonly onChoose: (row: Row) => void;
  /** A position that must come into sight; a new object for each time. */
  readonly reveal: { readonly position: number } | null;
}

const PAGE_ROWS = 100;
/** The head stays in sight above the rows. */
const HEAD_PX = 29;

export function Grid<Row, Name extends string>(props: GridProps<Row, Name>) {
  const { t } = usePage();
  const { columns, sort } = props;
  const pages = usePages(props);
  const rows = pages.total;
  const [active, setActive] = useState(0);
  /** The row that was chosen before the worker had sent it. */
  const awaited = useRef<number | null>(null);
  const view = useRef<HTMLDivElement>(null);
  const { items, goTo, visibleRows } = useScaled(view, rows);

  useEffect(() => {
    if (!props.reveal || props.reveal.position < 0) return;
    setActive(props.reveal.position);
    goTo(props.reveal.position);
  }, [props.reveal]);
  pages.want(items.map(({ row }) => row));

  const choose = (row: number) => {
    const record = pages.row(row);
    awaited.current = record === undefined ? row : null;
    if (record !== undefined) props.onChoose(record);
  };
  useEffect(() => {
    if (awaited.current !== null && pages.row(awaited.current) !== undefined) choose(awaited.current);
  });

  const move = (to: number) => {
    const row = Math.min(Math.max(to, 0), rows - 1);
    awaited.current = null;
    setActive(row);
    goTo(row);
  };
  const keys = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + visibleRows, PageUp: active - visibleRows, Home: 0, End: rows - 1,
    };
    // Buttons of the head have keys of their own.
    if (event.target !== event.currentTarget) return;
    const to = steps[event.key];
    if (to !== undefined) move(to);
    else if (event.key === 'Enter') choose(active);
    else return;
    event.preventDefault();
  };
  const sortBy = (name: Name) => props.onSort({ column: name, descending: sort.column === name ? !sort.descending : false });
  const idOf = (row: number) => `${props.kind}-${row}`;
  const isShown = items.some(({ row }) => row === active);

  return (
    <div
      class={`grid ${props.kind}${props.stale ? ' stale' : ''}`} role="grid" aria-label={props.label} aria-rowcount={rows + 1}
      tabIndex={0} ref={view} onKeyDown={keys} aria-activedescendant={isShown ? idOf(active) : undefined}
    >
      <div class="head" role="rowgroup">
        <div class="row" role="row" aria-rowindex={1}>
          {columns.map(({ name, label, isNumber, isMain }) => (
            <div
              key={name} role="columnheader" class={kinds(isNumber, isMain)}
              aria-sort={sort.column === name ? (sort.descending ? 'descending' : 'ascending') : 'none'}
            >
              <button type="button" onClick={() => sortBy(name)}>{t(label)}</button>
            </div>
          ))}
        </div>
      </div>
      {pages.failure && <p role="alert" class="bad">{visible(pages.failure)}</p>}
      <div class="height" role="rowgroup" style={{ height: `${heightInRows(rows) * ROW_PX}px` }}>
        {items.map(({ row, startPx }) => {
          const record = pages.row(row);
          return (
            <div
              key={row} id={idOf(row)} role="row" aria-rowindex={row + 2} style={{ transform: `translateY(${startPx}px)` }}
              class={`row${row === active ? ' active' : ''}`} aria-selected={record !== undefined && props.isChosen(record)}
              onClick={() => {
                setActive(row);
                choose(row);
              }}
            >
              {columns.map(({ name, cell, isNumber, isMain }) => (
                <div key={name} role="gridcell" class={kinds(isNumber, isMain)}>{record === undefined ? '…' : cell(record)}</div>
              ))}
            </div>
          );
        })}
      </div>
      {rows === 0 && <p class="hint">{t('table.empty')}</p>}
    </div>
  );
}

const kinds = (isNumber = false, isMain = false) => `${isNumber ? 'number' : ''}${isMain ? '' : ' minor'}`;

/** The rows in sight, of a list that may be higher than an element. */
function useScaled(view: { readonly current: HTMLDivElement | null }, rows: number) {
  const [, draw] = useState(0);
  const place = useRef<Place>({ offsetPx: 0, shift: 0 });
  const extent = () => ({ rows, viewportPx: Math.max((view.current?.clientHeight ?? 0) - HEAD_PX, 0) });
  const settle = (to: Place) => {
    place.current = to;
    if (view.current) view.current.scrollTop = to.offsetPx;
    draw((count) => count + 1);
  };
  const options = {
    count: heightInRows(rows), getScrollElement: () => view.current, estimateSize: () => ROW_PX, overscan: 8,
    observeElementRect, observeElementOffset, scrollToFn: elementScroll,
    onChange: (virtualizer: Virtualizer<HTMLDivElement, Element>) => {
      const offsetPx = virtualizer.scrollOffset ?? 0;
      place.current = scrolled(place.current, offsetPx, extent());
      if (!virtualizer.isScrolling) {
        const rest = placeOf(firstRow(place.current), extent());
        if (rest.shift !== place.current.shift) return settle(rest);
      }
      draw((count) => count + 1);
    },
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLDivElement, Element>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());

  const visibleRows = Math.max(Math.floor(extent().viewportPx / ROW_PX) - 1, 1);
  return {
    visibleRows,
    items: virtualizer.getVirtualItems()
      .map(({ index, start }) => ({ row: index + place.current.shift, startPx: start }))
      .filter(({ row }) => row >= 0 && row < rows),
    /** Scrolls as little as needed. */
    goTo(row: number) {
      const top = firstRow(place.current);
      if (row < top) settle(placeOf(row, extent()));
      else if (row > top + visibleRows) settle(placeOf(row - visibleRows, extent()));
    },
  };
}

/** Pages of rows, asked for as they come into sight; what was there stays until there is something newer. */
function usePages<Row, Name extends string>({ fetch, version, total }: GridProps<Row, Name>) {
  const [, draw] = useState(0);
  const [failure, fail] = useState('');
  const none = () => new Map<number, readonly Row[]>();
  const cache = useRef({ version: '', total, pages: none(), old: none(), asked: new Set<number>() });
  if (cache.current.version !== version) {
    const { pages, old } = cache.current;
    cache.current = { version, total, pages: none(), old: pages.size > 0 ? pages : old, asked: new Set() };
  }
  const now = cache.current;
  return {
    total: now.total,
    failure,
    row: (row: number): Row | undefined => {
      const [page, at] = [Math.floor(row / PAGE_ROWS), row % PAGE_ROWS];
      return (now.pages.get(page) ?? now.old.get(page))?.[at];
    },
    want(rows: readonly number[]) {
      for (const page of new Set(rows.map((row) => Math.floor(row / PAGE_ROWS)))) {
        // Whoever drags the bar passes over thousands of pages: two at a time are enough.
        if (now.asked.has(page) || now.asked.size > now.pages.size + 1) continue;
        now.asked.add(page);
        fetch(page * PAGE_ROWS, PAGE_ROWS).then(
          (answer) => {
            if (now.pages.size >= 50) {
              now.pages.clear();
              now.asked.clear();
            }
            now.pages.set(page, answer.rows);
            now.asked.add(page);
            now.total = answer.total;
            now.old = none();
            fail('');
            draw((count) => count + 1);
          },
          (error: Error) => {
            if (cache.current === now) fail(error.message);
          },
        );
      }
    },
  };
}

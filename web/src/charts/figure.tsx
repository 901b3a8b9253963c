/**
 * What every figure has around its plot.
 *
 * In: words, a plot, and the same as a table and as files. Out: a figure with its controls, its table and a menu to save it.
 * Guaranteed: all of it is reached by keyboard, and what screen readers say does not change while the pointer moves.
 */

import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { csv, fileName, saveCsv, savePng, saveSvg, type Cell } from './save';
import type { Translate } from './text';

export interface FigureProps {
  readonly title: string;
  /** n and quantiles, for each direction. */
  readonly summary: ComponentChildren;
  readonly controls?: ComponentChildren;
  readonly note: ComponentChildren;
  readonly table: readonly (readonly string[])[];
  /** What stands under the pointer. */
  readonly reading: string | null;
  readonly svg: () => string;
  readonly rows: () => readonly (readonly Cell[])[];
  readonly stale: boolean;
  readonly t: Translate;
  readonly children: ComponentChildren;
}

export function Figure(props: FigureProps) {
  const { title, t, table } = props;
  const [head, ...rows] = table;
  return (
    <figure class={props.stale ? 'figure stale' : 'figure'}>
      <figcaption>
        <h3>{title}</h3>
        <div class="figure-controls">
          {props.controls}
          <SaveMenu {...props} />
        </div>
        <div class="figure-summary">{props.summary}</div>
      </figcaption>
      {props.children}
      <p class="figure-reading" aria-hidden="true">{props.reading ?? '\u00a0'}</p>
      <div class="figure-note">{props.note}</div>
      <details class="figure-table">
        <summary>{t('figure.asTable')}</summary>
        <div tabIndex={0} role="region" aria-label={`${title}: ${t('figure.asTable')}`}>
          <table>
            <thead><tr>{head?.map((cell) => <th key={cell} scope="col">{cell}</th>)}</tr></thead>
            <tbody>
              {rows.map(([first, ...rest]) => (
                <tr key={first}><th scope="row">{first}</th>{rest.map((cell, n) => <td key={n}>{cell}</td>)}</tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

export function SaveMenu({ title, svg, rows, t }: Pick<FigureProps, 'title' | 't'> & {
  readonly svg: () => string | Promise<string>;
  readonly rows?: FigureProps['rows'];
}) {
  const menu = useRef<HTMLDetailsElement>(null);
  const name = fileName(title);
  const close = (): void => {
    if (menu.current) menu.current.open = false;
  };
  const item = (label: string, save: () => unknown) => (
    <button type="button" onClick={() => { close(); void save(); }}>{label}</button>
  );
  return (
    <details
      class="figure-menu" ref={menu}
      onFocusOut={(event) => {
        if (event.relatedTarget instanceof Node && !event.currentTarget.contains(event.relatedTarget)) close();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !menu.current?.open) return;
        event.stopPropagation();
        close();
        menu.current.querySelector('summary')?.focus();
      }}
    >
      <summary aria-label={t('figure.saveAs', { title })} title={t('figure.save')}>⤓</summary>
      <div>
        {item(t('figure.svg'), async () => saveSvg(name, await svg()))}
        {item(t('figure.png'), async () => savePng(name, await svg()))}
        {rows && item(t('figure.csv'), () => saveCsv(name, csv(rows())))}
      </div>
    </details>
  );
}

/** One of two, side by side. */
export function Toggle<Value extends string>({ label, value, options, onChange }: {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, text: string])[];
  readonly onChange: (value: Value) => void;
}) {
  return (
    <div class="choice" role="group" aria-label={label}>
      {options.map(([option, text]) => (
        <button key={option} type="button" aria-pressed={option === value} onClick={() => onChange(option)}>{text}</button>
      ))}
    </div>
  );
}

/** ▲ or ▼ with a sample of the curve's line. */
export function CurveKey({ direction }: { readonly direction: 'up' | 'down' }) {
  return (
    <svg class={direction} viewBox="0 0 30 10" width="30" height="10" aria-hidden="true">
      <path d={direction === 'up' ? 'M1 9L5 1L9 9Z' : 'M1 1L5 9L9 1Z'} fill="currentColor" />
      <path d="M12 5H30" stroke="currentColor" stroke-width="1.5" stroke-dasharray={direction === 'up' ? '6 3' : undefined} />
    </svg>
  );
}

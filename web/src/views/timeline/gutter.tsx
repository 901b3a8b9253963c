/**
 * The names of rows, beside the timeline.
 *
 * In: labels of the last frame, and what is seen now. Out: buttons that select a server or a stream. Guaranteed: names do not cover each
 * other; the server of the topmost row stays named while its streams pass below.
 */

import type { Format, Translate } from '../../charts/text';
import type { TimelineLabel } from '../../protocol';
import { Swatch } from '../application';
import { AXIS_PX } from './surface';
import type { Viewport } from './viewport';

export interface GutterProps {
  readonly labels: readonly TimelineLabel[];
  readonly view: Viewport;
  readonly heightPx: number;
  /** Payload by server; not of all when there are very many. */
  readonly bytes: ReadonlyMap<string, number>;
  readonly onPick: (label: TimelineLabel) => void;
  readonly t: Translate;
  readonly format: Format;
}

const LINE_PX = 13;

export interface PlacedLabel {
  readonly label: TimelineLabel;
  /** Middle of the line, in the drawing. */
  readonly y: number;
}

/** From top to bottom; servers push streams aside. */
export function placedLabels(labels: readonly TimelineLabel[], view: Viewport, heightPx: number): PlacedLabel[] {
  const middle = ({ row }: TimelineLabel): number => (row - view.firstRow) * view.rowPx + Math.min(view.rowPx, LINE_PX + 3) / 2;
  const servers: PlacedLabel[] = [];
  let pinned: TimelineLabel | null = null;
  for (const label of labels) {
    if (label.kind !== 'server') continue;
    const y = middle(label);
    if (label.row + 1 <= view.firstRow) pinned = label;
    else if (y < heightPx && y - (servers.at(-1)?.y ?? -Infinity) >= LINE_PX) servers.push({ label, y: Math.max(y, LINE_PX / 2) });
  }
  if (pinned && (servers[0]?.y ?? Infinity) >= 1.5 * LINE_PX) servers.unshift({ label: pinned, y: LINE_PX / 2 });
  if (view.rowPx < LINE_PX - 2) return servers;
  const streams = labels.flatMap((label) => {
    const y = middle(label);
    const isFree = servers.every((server) => Math.abs(server.y - y) >= LINE_PX - 2);
    return label.kind === 'stream' && y >= 0 && y < heightPx && isFree ? [{ label, y }] : [];
  });
  return [...servers, ...streams].sort((one, other) => one.y - other.y);
}

export function labelText(label: TimelineLabel, bytes: ReadonlyMap<string, number>, format: Format): string {
  const total = label.kind === 'server' ? bytes.get(label.server) : undefined;
  return total === undefined ? label.text : `${label.text} · ${format.bytes(total)}`;
}

export function Gutter({ labels, view, heightPx, bytes, onPick, t, format }: GutterProps) {
  return (
    <div class="lane-gutter">
      {placedLabels(labels, view, heightPx).map(({ label, y }) => {
        const total = label.kind === 'server' ? bytes.get(label.server) : undefined;
        const named = label.application === '' ? label.text : `${label.text} (${label.application})`;
        const what = label.kind === 'server' ? named : `${t('lane.stream', { id: String(label.stream) })} ${label.server}`;
        return (
          <button
            key={`${label.kind}${label.row}`} type="button" class={label.kind} tabIndex={-1}
            title={t('lane.filter', { what })} style={{ top: `${AXIS_PX + y}px` }} onClick={() => onPick(label)}
          >
            <span>
              {label.kind === 'server' && label.application !== '' && <Swatch application={label.application} />}
              {label.text}
            </span>
            {total !== undefined && <small>{format.bytes(total)}</small>}
          </button>
        );
      })}
    </div>
  );
}

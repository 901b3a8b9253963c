/**
 * What is known of the object under the pointer, or of the one that the keys are at.
 *
 * In: an object and a place. Out: a card beside the place. Guaranteed: within the drawing, and never under the pointer.
 */

import type { Format, Translate } from '../../charts/text';
import type { ObjectDetail } from '../../protocol';
import { pairs, title } from './details';

export interface CardProps {
  readonly object: ObjectDetail;
  readonly x: number;
  readonly y: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly t: Translate;
  readonly format: Format;
}

const WIDTH_PX = 300;
const AWAY_PX = 14;

export function Card({ object, x, y, widthPx, heightPx, t, format }: CardProps) {
  const left = x + AWAY_PX + WIDTH_PX > widthPx ? Math.max(x - AWAY_PX - WIDTH_PX, 0) : x + AWAY_PX;
  const vertical = y > heightPx / 2 ? { bottom: `${heightPx - y + AWAY_PX}px` } : { top: `${y + AWAY_PX}px` };
  return (
    <div class="lane-card" style={{ left: `${left}px`, ...vertical }} aria-hidden="true">
      <strong class={object.direction}>{title(object, t, format)}</strong>
      <dl>
        {pairs(object, t, format).map(([name, value]) => value !== null && <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
      </dl>
    </div>
  );
}

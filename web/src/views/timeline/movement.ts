/**
 * The part of the timeline that is seen, as state of a component.
 *
 * In: what there is, which grows while captures are read. Out: the part, and ways to move it. Guaranteed: until somebody moved it, it
 * follows what there is; afterwards it stays, but for growing with the capture when it showed all of the time. Movements that jump take
 * at most 140 ms, and no time where people want no motion.
 */

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { between, clamped, isSameView, opening, type Bounds, type Viewport } from './viewport';

const JUMP_MS = 140;

export interface Movement {
  readonly view: Viewport;
  /** At once: for what follows a pointer. */
  readonly move: (change: (view: Viewport, bounds: Bounds) => Viewport) => void;
  /** For what goes elsewhere. */
  readonly jump: (change: (view: Viewport, bounds: Bounds) => Viewport) => void;
}

export function useMovement(bounds: Bounds): Movement {
  const [view, setView] = useState<Viewport>(() => opening(bounds));
  const now = useRef(view);
  const last = useRef(bounds);
  const isMoved = useRef(false);
  const animation = useRef(0);
  const show = useCallback((next: Viewport) => {
    if (isSameView(now.current, next)) return;
    now.current = next;
    setView(next);
  }, []);

  useEffect(() => {
    const before = last.current;
    last.current = bounds;
    const current = now.current;
    const showedAll = current.fromNs <= before.fromNs && current.toNs >= before.toNs;
    if (!isMoved.current) show(opening(bounds));
    else show(clamped(showedAll ? { ...current, fromNs: bounds.fromNs, toNs: bounds.toNs } : current, bounds));
  }, [bounds.fromNs, bounds.toNs, bounds.rowCount, bounds.heightPx]);
  useEffect(() => () => cancelAnimationFrame(animation.current), []);

  const move = useCallback<Movement['move']>((change) => {
    cancelAnimationFrame(animation.current);
    isMoved.current = true;
    show(change(now.current, last.current));
  }, []);
  const jump = useCallback<Movement['jump']>((change) => {
    cancelAnimationFrame(animation.current);
    isMoved.current = true;
    const from = now.current;
    const to = change(from, last.current);
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      show(to);
      return;
    }
    const start = performance.now();
    const step = (): void => {
      const share = Math.min((performance.now() - start) / JUMP_MS, 1);
      show(share === 1 ? to : between(from, to, share * (2 - share)));
      if (share < 1) animation.current = requestAnimationFrame(step);
    };
    step();
  }, []);
  return { view, move, jump };
}

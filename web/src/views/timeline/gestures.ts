/**
 * Pointers, wheel and fingers on the timeline.
 *
 * In: events of an element. Out: movements in its pixels. Guaranteed: one pointer pans, two pinch, Shift brushes, and what moved less
 * than a few pixels is a click; listeners are taken off again.
 */

export interface Gestures {
  /** A factor above 1 shows more; `x` and `y` in pixels of the element. */
  zoomTime(factor: number, x: number): void;
  zoomRows(factor: number, y: number): void;
  pan(dx: number, dy: number): void;
  brush(fromX: number, toX: number, isDone: boolean): void;
  cancelBrush(): void;
  hover(x: number, y: number): void;
  leave(): void;
  click(x: number, y: number): void;
  fit(): void;
}

const CLICK_PX = 4;
/** Of a wheel's pixels: a notch of 100 zooms by a fifth. */
const WHEEL = 0.0018;
const LINE_PX = 16;
const PAGE_PX = 400;

export function listen(element: HTMLElement, gestures: Gestures): () => void {
  const pointers = new Map<number, { x: number; y: number }>();
  let pressed: { x: number; y: number; brushes: boolean; isClick: boolean } | null = null;
  const at = (event: MouseEvent): { x: number; y: number } => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  const handlers = {
    wheel(event: WheelEvent) {
      event.preventDefault();
      const unit = event.deltaMode === 1 ? LINE_PX : event.deltaMode === 2 ? PAGE_PX : 1;
      const { x, y } = at(event);
      if (event.ctrlKey || event.altKey) gestures.zoomRows(Math.exp(-event.deltaY * unit * WHEEL), y);
      else if (event.shiftKey) gestures.pan(-(event.deltaX || event.deltaY) * unit, 0);
      else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) gestures.pan(-event.deltaX * unit, 0);
      else gestures.zoomTime(Math.exp(event.deltaY * unit * WHEEL), x);
    },
    pointerdown(event: PointerEvent) {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, at(event));
      if (pointers.size === 1) pressed = { ...at(event), brushes: event.shiftKey, isClick: true };
      else if (pressed) pressed.isClick = false;
      gestures.leave();
    },
    pointermove(event: PointerEvent) {
      const { x, y } = at(event);
      const last = pointers.get(event.pointerId);
      if (!last || !pressed) {
        gestures.hover(x, y);
        return;
      }
      if (Math.hypot(x - pressed.x, y - pressed.y) > CLICK_PX) pressed.isClick = false;
      if (pointers.size === 2) {
        const other = [...pointers].find(([id]) => id !== event.pointerId)![1];
        const middle = (x + other.x) / 2;
        gestures.zoomTime(Math.max(Math.abs(last.x - other.x), 16) / Math.max(Math.abs(x - other.x), 16), middle);
        gestures.pan(middle - (last.x + other.x) / 2, (y - last.y) / 2);
      } else if (pressed.brushes) {
        if (!pressed.isClick) gestures.brush(pressed.x, x, false);
      } else if (!pressed.isClick) {
        gestures.pan(x - last.x, y - last.y);
      }
      pointers.set(event.pointerId, { x, y });
    },
    pointerup(event: PointerEvent) {
      pointers.delete(event.pointerId);
      if (!pressed || pointers.size > 0) return;
      const { x, y } = at(event);
      if (pressed.isClick) gestures.click(x, y);
      else if (pressed.brushes) gestures.brush(pressed.x, x, true);
      pressed = null;
    },
    pointercancel(event: PointerEvent) {
      pointers.delete(event.pointerId);
      if (pointers.size === 0) pressed = null;
      gestures.cancelBrush();
    },
    pointerleave() {
      gestures.leave();
    },
    dblclick() {
      gestures.fit();
    },
  };
  const names = Object.keys(handlers) as (keyof typeof handlers)[];
  // Not passive: the wheel zooms instead of scrolling the page.
  for (const name of names) element.addEventListener(name, handlers[name] as EventListener, { passive: false });
  return () => {
    for (const name of names) element.removeEventListener(name, handlers[name] as EventListener);
  };
}

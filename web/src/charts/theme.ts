/**
 * The page's colours, for what draws on a canvas.
 *
 * In: custom properties of the page. Out: colours as text, again whenever the theme changes. Guaranteed: a colour for each name,
 * also where the page defines none.
 */

import { useEffect, useState } from 'preact/hooks';

const FALLBACKS = {
  text: '#1d2327', quiet: '#566069', line: '#dcdfe2', surface: '#ffffff', accent: '#0b6e69', up: '#0068a8', down: '#b84f00',
} as const;

export type Colours = Readonly<Record<keyof typeof FALLBACKS, string>>;

function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(
    Object.entries(FALLBACKS).map(([name, fallback]) => [name, style.getPropertyValue(`--${name}`).trim() || fallback]),
  ) as Colours;
}

export function useColours(): Colours {
  const [current, set] = useState(colours);
  useEffect(() => {
    const look = (): void => set((last) => {
      const now = colours();
      return Object.entries(now).every(([name, colour]) => last[name as keyof Colours] === colour) ? last : now;
    });
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', look);
    const observer = new MutationObserver(look);
    observer.observe(document.documentElement, { attributes: true });
    look();
    return () => {
      dark.removeEventListener('change', look);
      observer.disconnect();
    };
  }, []);
  return current;
}

/** `#rrggbb` as 0xAABBGGRR, opaque: the pixels of a raster. */
export function pixelOf(colour: string): number {
  const rgb = /^#([0-9a-f]{6})$/i.exec(colour)?.[1] ?? '808080';
  const [red, green, blue] = [0, 2, 4].map((at) => parseInt(rgb.slice(at, at + 2), 16)) as [number, number, number];
  return (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
}

/**
 * What page and worker say to each other about the timeline.
 *
 * In: nothing. Out: types. Guaranteed: lengths are in device pixels and rows, times in nanoseconds since the first packet.
 */

/** Which part of the timeline is drawn, and how. Rows are servers and, below each, its streams. */
export interface TimelineView {
  readonly fromNs: number;
  readonly toNs: number;
  /** Of the drawing, in device pixels. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Height of a row in device pixels; less than one for many streams. */
  readonly rowPx: number;
  /** Rows above the drawing, in rows; may be broken. */
  readonly firstRow: number;
  /** Colours as 0xAABBGGRR, as the pixels are stored. */
  readonly upColour: number;
  readonly downColour: number;
  /** A row that is shown as chosen, or -1. */
  readonly chosenObject: number;
  readonly chosenColour: number;
}

export interface TimelineLabel {
  readonly row: number;
  readonly kind: 'server' | 'stream';
  readonly text: string;
  /** What clicking it filters by. */
  readonly server: string;
  /** Empty where it is not known. */
  readonly application: string;
  /** Null for a server's row. */
  readonly stream: number | null;
}

export interface TimelineFrame {
  readonly view: TimelineView;
  readonly revision: number;
  /** RGBA, `widthPx` × `heightPx`, transparent where nothing is. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  readonly rowCount: number;
  /** Of the rows within the drawing, when they are high enough to read; else none. */
  readonly labels: readonly TimelineLabel[];
  /** Objects within the time and rows of the drawing. */
  readonly objects: number;
  readonly drawMs: number;
}

// Made by `cargo xtask gen-types` of the crate analyzer-wasm: change that instead.
/* tslint:disable */
/* eslint-disable */
/**
 * Documents of one kind.
 */
export interface SentDataset {
    dataset: string;
    expected: number;
    created: number;
    alreadyThere: number;
    refused: number;
}

/**
 * What became of the documents so far.
 */
export interface SendingReport {
    datasets: SentDataset[];
    retried: number;
    /**
     * Why a body is sent again; empty while all is well.
     */
    waitingReason: string;
    refusals: SentRefusal[];
}

/**
 * What the page is to do next.
 */
export type SendingStep = { step: "send"; ticket: number; path: string } | { step: "wait"; untilMs: number } | { step: "waitForReply" } | { step: "done" } | { step: "outage"; reason: string } | { step: "refused"; status: number; reason: string } | { step: "cancelled" };

/**
 * Why documents were refused.
 */
export interface SentRefusal {
    reason: string;
    documents: number;
}

export interface BinColumns {
    readonly stream: Uint32Array<ArrayBuffer>;
    readonly flags: Uint8Array<ArrayBuffer>;
    readonly startNs: Float64Array<ArrayBuffer>;
    readonly payloadBytes: Float64Array<ArrayBuffer>;
}


export interface Manifest {
    schema: number;
    tool: string;
    analysis_id: string;
    capture_id: string;
    capture_name: string;
    status: string;
    exact: boolean;
    start: string | null;
    end: string | null;
    method: string;
    methods_by_direction: Record<string, number>;
    options: Record<string, string>;
    inputs: ManifestInput[];
    counters: ManifestCounters;
    records: Record<string, number>;
    client_sources: Record<string, number>;
    name_sources: Record<string, number>;
    names_left_out: number;
    evicted_streams: number;
    reused_tuples: number;
    directed_streams_exact: boolean;
    non_monotonic_timestamps: number;
    overflowed_holes: number;
    unmatched_fragments: number;
    filtered_packets: number;
    oddities: Record<string, number>;
    skips: ManifestSkip[];
    skipped_blocks: Record<string, number>;
    recording: ManifestRecording;
}

export interface ManifestCounters {
    frames: number;
    tcp_packets: number;
    udp_packets: number;
    other_packets: number;
    tcp_payload_bytes: number;
    udp_payload_bytes: number;
    directed_streams: number;
    truncated_frames: number;
    later_fragments: number;
}

export interface ManifestFault {
    offset: number;
    reason: string;
}

export interface ManifestInput {
    name: string;
    bytes: number;
    frames: number;
    start: string | null;
    end: string | null;
    fault: ManifestFault | null;
}

export interface ManifestRecording {
    overlaps: number;
    longest_gap_ns: number;
}

export interface ManifestSkip {
    layer: string;
    reason: string;
    detail: number;
    packets: number;
    samples: number[];
}

export interface ObjectColumns {
    readonly stream: Uint32Array<ArrayBuffer>;
    readonly flags: Uint8Array<ArrayBuffer>;
    readonly startNs: Float64Array<ArrayBuffer>;
    readonly durationNs: Float64Array<ArrayBuffer>;
    readonly payloadBytes: Float64Array<ArrayBuffer>;
    readonly retransmittedBytes: Float64Array<ArrayBuffer>;
    readonly packets: Uint32Array<ArrayBuffer>;
    readonly gapBeforeNs: Float64Array<ArrayBuffer>;
    readonly index: Uint32Array<ArrayBuffer>;
}


export interface StreamColumns {
    readonly id: Float64Array<ArrayBuffer>;
    readonly transport: Uint8Array<ArrayBuffer>;
    readonly client: Uint32Array<ArrayBuffer>;
    readonly clientPort: Uint16Array<ArrayBuffer>;
    readonly server: Uint32Array<ArrayBuffer>;
    readonly serverPort: Uint16Array<ArrayBuffer>;
    readonly name: Uint32Array<ArrayBuffer>;
}


export interface StreamEndColumns {
    readonly stream: Uint32Array<ArrayBuffer>;
    readonly name: Uint32Array<ArrayBuffer>;
    readonly nameSource: Uint8Array<ArrayBuffer>;
    readonly startNs: Float64Array<ArrayBuffer>;
    readonly durationNs: Float64Array<ArrayBuffer>;
    readonly endReason: Uint8Array<ArrayBuffer>;
    readonly clientRttNs: Float64Array<ArrayBuffer>;
    readonly serverRttNs: Float64Array<ArrayBuffer>;
    readonly objectsUp: Uint32Array<ArrayBuffer>;
    readonly objectsDown: Uint32Array<ArrayBuffer>;
    readonly payloadBytesUp: Float64Array<ArrayBuffer>;
    readonly payloadBytesDown: Float64Array<ArrayBuffer>;
    readonly packets: Float64Array<ArrayBuffer>;
}



/**
 * An analysis of one recording.
 */
export class Analysis {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Begins the next file.
     */
    beginInput(name: string): void;
    /**
     * The file ends here; at byte `offset` and for a reason, where it should have gone on.
     */
    endInput(offset: number, reason?: string | null): void;
    /**
     * Ends the recording. The last columns can still be taken.
     */
    finish(capture_name: string): Results;
    /**
     * Counts of gaps between packets with payload, by bin; direction 0 is up, transport 0 is TCP.
     */
    gapCounts(direction: number, transport: number): Uint32Array;
    /**
     * The user ends the reading at this byte of the last file.
     */
    interrupt(offset: number): void;
    /**
     * Options by the names and in the syntax of the command line; lists are separated by commas.
     */
    constructor(options: Readonly<Record<string, string>>);
    /**
     * Begins the second pass.
     */
    nextPass(): void;
    /**
     * Takes the next bytes of the file, decompressed; false when the file can't be read on.
     */
    push(chunk: Uint8Array | number[]): boolean;
    /**
     * Addresses first heard of since the last call, as text.
     */
    takeAddresses(): string[];
    /**
     * Bins since the last call.
     */
    takeBins(origin_ns: bigint): BinColumns;
    /**
     * Names of servers first heard of since the last call: for each its text and its application, which may be empty. The
     * first one has number 1 in columns.
     */
    takeNames(): string[];
    /**
     * Objects since the last call; times from `origin_ns` since the epoch.
     */
    takeObjects(origin_ns: bigint): ObjectColumns;
    /**
     * Streams that ended since the last call.
     */
    takeStreamEnds(origin_ns: bigint): StreamEndColumns;
    /**
     * Streams first heard of since the last call.
     */
    takeStreams(): StreamColumns;
    /**
     * Whether the files must be read once more after this pass.
     */
    readonly isFirstOfTwo: boolean;
    /**
     * Packets so far.
     */
    readonly packets: number;
    /**
     * Time of the first packet, in ns since the epoch.
     */
    readonly startNs: bigint | undefined;
}

/**
 * An answer to a request.
 */
export class Answer {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * The body.
     */
    bytes: Uint8Array;
    /**
     * HTTP status.
     */
    status: number;
}

/**
 * Decompresses gzip, through all members.
 */
export class Gunzip {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * The file ends here.
     */
    end(): void;
    /**
     * At the beginning of a file.
     */
    constructor();
    /**
     * Takes the next compressed bytes. What they give is waiting in [`take`](Self::take), after an error too.
     */
    push(chunk: Uint8Array | number[]): void;
    /**
     * Decompressed bytes since the last call.
     */
    take(): Uint8Array;
}

/**
 * Looks for the first packet of a file.
 */
export class Probe {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Whether the file is read before another one.
     */
    isBefore(name: string, path: string, other: Probe, other_name: string, other_path: string): boolean;
    /**
     * At the beginning of a file.
     */
    constructor();
    /**
     * Takes the next bytes, decompressed; false when no more are wanted.
     */
    push(chunk: Uint8Array | number[]): boolean;
    /**
     * Whether it begins like a capture file.
     */
    readonly isCapture: boolean;
}

/**
 * The results of one analysis.
 */
export class Results {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Input for a simulator, made of the same objects: names of files and their contents in turn.
     */
    exportModel(target: string, by: string, selection?: Uint8Array | number[] | null, key?: string | null): string[];
    /**
     * The records of a kind as a text in a format: all of them, or those whose bit in `selection` is set.
     */
    export(kind: string, format: string, selection?: Uint8Array | number[] | null, key?: string | null): Text;
    /**
     * The manifest, as it stands in `analysis.json`.
     */
    manifest(key?: string | null): Uint8Array;
    /**
     * The model of all objects, or of those whose bit in `selection` is set, as it stands in `model.json`.
     */
    model(by: string, selection?: Uint8Array | number[] | null, key?: string | null): Uint8Array;
    /**
     * Prepares the sending of everything over so many connections; it gives up after so long an outage.
     */
    send(connections: number, retry_for_ms: number, key?: string | null): Sender;
    /**
     * Whether there is anything to show.
     */
    readonly hasAny: boolean;
}

/**
 * One sending of one analysis. Times are in ms since it began; `random` is from 0 to 1.
 */
export class Sender {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * The body of a ticket.
     */
    body(ticket: number): Uint8Array;
    /**
     * Sends nothing more.
     */
    cancel(): void;
    /**
     * What to do next.
     */
    next(now_ms: number): SendingStep;
    /**
     * The server replied.
     */
    replied(ticket: number, status: number, reply: Uint8Array | number[], now_ms: number, random: number): void;
    /**
     * What became of the documents so far.
     */
    report(): SendingReport;
    /**
     * Goes on with what waits.
     */
    resume(): void;
    /**
     * Refused documents since the last call, as NDJSON.
     */
    takeRefused(): Uint8Array;
    /**
     * There was no reply.
     */
    unanswered(ticket: number, reason: string, now_ms: number, random: number): void;
}

/**
 * A text that is made piece by piece.
 */
export class Text {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * The next bytes; nothing at the end.
     */
    nextPiece(): Uint8Array | undefined;
    /**
     * Records in the text so far.
     */
    readonly records: number;
}

/**
 * The name of a capture from its files' names, in the order of their packets.
 */
export function captureName(names: string[]): string;

/**
 * How a file is compressed, by its first four bytes: `gzip`, `zstd` or nothing.
 */
export function compressionOf(magic: Uint8Array | number[]): string | undefined;

/**
 * The names of end reasons, by their numbers in columns.
 */
export function endReasons(): string[];

/**
 * The values that bins of gaps stand for, in ns.
 */
export function gapValuesNs(): Float64Array;

/**
 * Where names come from, by their numbers in columns.
 */
export function nameSources(): string[];

/**
 * Sends one request: POST with a body, GET without. Names and values of headers take turns.
 */
export function request(url: string, headers: string[], body: Uint8Array | null | undefined, signal: AbortSignal): Promise<Answer>;

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
}

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates the given `module`, which can either be bytes or
 * a precompiled `WebAssembly.Module`.
 *
 * @param {{ module: SyncInitInput }} module - Passing `SyncInitInput` directly is deprecated.
 *
 * @returns {InitOutput}
 */
export function initSync(module: { module: SyncInitInput } | SyncInitInput): InitOutput;

/**
 * If `module_or_path` is {RequestInfo} or {URL}, makes a request and
 * for everything else, calls `WebAssembly.instantiate` directly.
 *
 * @param {{ module_or_path: InitInput | Promise<InitInput> }} module_or_path - Passing `InitInput` directly is deprecated.
 *
 * @returns {Promise<InitOutput>}
 */
export default function __wbg_init (module_or_path: { module_or_path: InitInput | Promise<InitInput> } | InitInput | Promise<InitInput>): Promise<InitOutput>;

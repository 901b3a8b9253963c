/**
 * Results to Elasticsearch.
 *
 * In: results, a destination, and the user's wishes. Out: what became of every document, and why it stopped. Guaranteed: the
 * module says what to send, when, and what a reply means; here requests are made and nothing else. Nothing is sent but to
 * the destination, and nothing to one that does not know our fields. What was under way when the user cancelled is sent again
 * after `resume`, and doubles nothing.
 */

import { request, type Results, type Sender } from 'analyzer-wasm';
import type { ConnectionTest, Destination, RecordKind, Sending, SendingFailure, SentCounts } from '../protocol';
import { causeOfSilence, causeOfStatus, checkAddress } from './sending-causes';

const CONNECTIONS = 2;
/** As long as the native program insists. */
const RETRY_FOR_MS = 300_000;
/** Elasticsearch waits up to a minute for a shard. */
const REQUEST_MS = 120_000;
const TEST_MS = 15_000;
/** The page's counts at most this often. */
const NEWS_MS = 200;

/** Marks requests of ours: pages of other origins can't set it without being allowed to. */
const OWN_HEADER = ['X-Sniffit', '1'];

/** Names and values in turn. A server that was named by the user need not know our own header. */
const headersFor = ({ url, apiKey }: Destination): string[] => [
  ...(url.startsWith('/') ? OWN_HEADER : []), ...(apiKey === null ? [] : ['Authorization', `ApiKey ${apiKey}`]),
];

const gzip = async (bytes: Uint8Array): Promise<Uint8Array> => {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};

const decoder = new TextDecoder();

/** Whether something that answers like Elasticsearch, or the way to it, is there. */
export const testConnection = async (destination: Destination): Promise<ConnectionTest> => {
  const wrong = checkAddress(destination.url);
  if (wrong !== null) {
    return { ok: false, failure: wrong };
  }
  const isOwn = destination.apiKey === null && destination.url.startsWith('/');
  const path = isOwn ? '/health' : '/_index_template/sniffit-objects?filter_path=index_templates.index_template._meta';
  try {
    const headers = isOwn ? [] : headersFor(destination);
    const { status, bytes } = await request(
      destination.url + path, headers, undefined, AbortSignal.timeout(TEST_MS));
    const failure = causeOfStatus(status, decoder.decode(bytes), isOwn ? 'health' : 'template');
    return failure === null ? { ok: true, status: String(status) } : { ok: false, failure };
  } catch (problem) {
    return { ok: false, failure: causeOfSilence(destination.url, problem) };
  }
};

/** What sending itself would not tell, because Elasticsearch guesses fields that it does not know; null when all is well. */
const unprepared = async (destination: Destination): Promise<SendingFailure | null> => {
  if (destination.url.startsWith('/')) {
    // Who set up that server set up its Elasticsearch; nothing can be asked through it.
    return null;
  }
  const test = await testConnection(destination);
  return !test.ok && CERTAIN.has(test.failure.cause) ? test.failure : null;
};

/** Others may pass, or show when documents are sent. */
const CERTAIN: ReadonlySet<SendingFailure['cause']> = new Set(['no-template', 'wrong-schema', 'not-elasticsearch']);

/** One sending of one analysis. */
export class Shipment {
  private readonly sender: Sender;
  private readonly destination: Destination;
  private readonly news: (sending: Sending) => void;
  private readonly begun = performance.now();
  private abort = new AbortController();
  private state: Sending['state'] = 'running';
  private failure: SendingFailure | null = null;
  private lastSilence: SendingFailure | null = null;
  private bytesSent = 0;
  private refused: BlobPart[] = [];
  private lastNews = 0;
  private isRunning = false;
  private wake: () => void = () => undefined;

  constructor(
    results: Results, destination: Destination, pseudonymKey: string | null, news: (sending: Sending) => void,
  ) {
    this.destination = destination;
    this.news = news;
    this.sender = results.send(CONNECTIONS, RETRY_FOR_MS, pseudonymKey ?? undefined);
  }

  /** Sends until everything arrived or something stops it. */
  async run(): Promise<void> {
    if (this.isRunning) {
      return;
    }
    this.isRunning = true;
    try {
      await this.follow();
    } finally {
      this.isRunning = false;
      this.tell(true);
    }
  }

  private async follow(): Promise<void> {
    const wrong = checkAddress(this.destination.url);
    if (wrong !== null) {
      this.stop(wrong);
      return;
    }
    this.state = 'running';
    this.failure = null;
    this.tell(true);
    const missing = await unprepared(this.destination);
    if (missing !== null) {
      this.stop(missing);
      return;
    }
    for (;;) {
      const step = this.sender.next(this.now());
      switch (step.step) {
        case 'send':
          void this.send(step.ticket, step.path);
          break;
        case 'wait':
          this.state = 'waiting';
          this.failure = this.lastSilence ?? busy(this.sender.report().waitingReason);
          this.tell(true);
          await this.untilReplyOr(step.untilMs - this.now());
          break;
        case 'waitForReply':
          this.tell(false);
          await this.untilReplyOr(NEWS_MS);
          break;
        case 'done':
          this.state = 'done';
          this.failure = null;
          return;
        case 'cancelled':
          this.stop({ cause: 'cancelled', status: 0, detail: '' });
          return;
        case 'outage':
          this.stop(this.lastSilence ?? busy(step.reason));
          return;
        case 'refused': {
          const { status, reason } = step;
          this.stop(causeOfStatus(status, reason, 'bulk') ?? { cause: 'refused', status, detail: reason });
          return;
        }
      }
    }
  }

  private stop(failure: SendingFailure): void {
    this.state = 'stopped';
    this.failure = failure;
  }

  private async send(ticket: number, path: string): Promise<void> {
    const { signal } = this.abort;
    try {
      const body = await gzip(this.sender.body(ticket));
      const headers = [
        ...headersFor(this.destination), 'Content-Type', 'application/x-ndjson', 'Content-Encoding', 'gzip',
      ];
      const patience = AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MS)]);
      this.bytesSent += body.length;
      const { status, bytes } = await request(this.destination.url + path, headers, body, patience);
      this.lastSilence = null;
      this.state = 'running';
      this.failure = null;
      this.sender.replied(ticket, status, bytes, this.now(), Math.random());
      const refused = this.sender.takeRefused();
      if (refused.length > 0) {
        this.refused.push(refused as Uint8Array<ArrayBuffer>);
      }
    } catch (problem) {
      if (!signal.aborted) {
        this.lastSilence = causeOfSilence(this.destination.url, problem);
      }
      this.sender.unanswered(ticket, String(problem), this.now(), Math.random());
    }
    this.wake();
  }

  private now(): number {
    return performance.now() - this.begun;
  }

  private untilReplyOr(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, ms));
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Sends nothing more; what is under way is given up. */
  cancel(): void {
    this.sender.cancel();
    this.abort.abort();
    this.wake();
  }

  /** Goes on with what waits. */
  async resume(): Promise<void> {
    if (!this.isRunning) {
      this.abort = new AbortController();
      this.lastSilence = null;
      this.sender.resume();
      await this.run();
    }
  }

  /** Refused documents so far, one JSON object a line. */
  refusedDocuments(): Blob {
    return new Blob(this.refused, { type: 'application/x-ndjson' });
  }

  private tell(isUrgent: boolean): void {
    const now = performance.now();
    if (!isUrgent && now - this.lastNews < NEWS_MS) {
      return;
    }
    this.lastNews = now;
    const report = this.sender.report();
    const none: SentCounts = { expected: 0, created: 0, alreadyThere: 0, refused: 0 };
    const counts: Record<RecordKind | 'analyses', SentCounts> = { objects: none, streams: none, bins: none, analyses: none };
    for (const { dataset, expected, created, alreadyThere, refused } of report.datasets) {
      counts[dataset as keyof typeof counts] = { expected, created, alreadyThere, refused };
    }
    this.news({
      state: this.state,
      destination: this.destination.url,
      counts,
      bytesSent: this.bytesSent,
      retried: report.retried,
      failure: this.failure,
      refusals: report.refusals,
    });
  }
}

const busy = (detail: string): SendingFailure => ({ cause: 'busy', status: 0, detail });

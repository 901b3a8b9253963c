/**
 * The page's side of the worker.
 *
 * In: requests. Out: a promise for each request that has an answer, and news for whoever listens. Guaranteed: a promise ends
 * with its answer, with the worker's error, or with the worker's end; a worker that broke is told once, and another can be
 * started.
 */

import type { Answers, Reply, Request } from './protocol';

type Asking = { [Type in keyof Answers]: Omit<Extract<Request, { type: Type }>, 'id'> }[keyof Answers];
type Answer<Type extends string> = Type extends keyof Answers ? Answers[Type] : never;
/** Requests without an answer of their own. */
export type Order = Exclude<Request, { id: number }>;
/** What the worker says without having been asked by number. */
export type News = Exclude<Reply, { id: number }>;

export class Client {
  #worker: Worker | null = null;
  #lastId = 0;
  /** Why there are no results to ask for any more. */
  #end: string | null = null;
  readonly #waiting = new Map<number, { resolve: (reply: never) => void; reject: (error: Error) => void }>();
  readonly #spawn: () => Worker;
  readonly #onNews: (news: News) => void;
  readonly #onEnd: (reason: string) => void;

  /** `onEnd` is called when the worker broke, with what is known about it. */
  constructor(spawn: () => Worker, onNews: (news: News) => void, onEnd: (reason: string) => void) {
    this.#spawn = spawn;
    this.#onNews = onNews;
    this.#onEnd = onEnd;
  }

  /** Asks, and waits for the answer. A worker is started when there is none. */
  request<const Ask extends Asking>(ask: Ask): Promise<Answer<Ask['type']>> {
    if (this.#end !== null) return Promise.reject(new Error(this.#end));
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve: resolve as (reply: never) => void, reject });
      this.#post({ ...ask, id } as unknown as Request);
    });
  }

  /** Tells, and does not wait. After the end of a worker only files to read start another. */
  send(order: Order): void {
    if (order.type === 'analyze') this.#end = null;
    if (this.#end === null) this.#post(order);
  }

  /** Ends the worker, and with it all that it knows. */
  end(reason: string): void {
    this.#worker?.terminate();
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(new Error(reason));
    this.#waiting.clear();
  }

  #post(request: Request): void {
    this.#worker ??= this.#start();
    this.#worker?.postMessage(request);
  }

  #start(): Worker | null {
    try {
      const worker = this.#spawn();
      worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#take(data);
      worker.onmessageerror = () => this.#broke('messageerror');
      worker.onerror = (event) => {
        event.preventDefault();
        this.#broke(event.message || event.type);
      };
      return worker;
    } catch (error) {
      queueMicrotask(() => this.#broke(String(error)));
      return null;
    }
  }

  #broke(reason: string): void {
    this.#end = reason;
    this.end(reason);
    this.#onEnd(reason);
  }

  #take(reply: Reply): void {
    if (!('id' in reply) || reply.id === null) {
      this.#onNews(reply as News);
      return;
    }
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.type === 'error') waiting?.reject(new Error(reply.message));
    else waiting?.resolve(reply as never);
  }
}

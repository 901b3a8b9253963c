/** Requests, answers and the end of a worker. */

import { describe, expect, it } from 'vitest';
import { Client, type News } from './client';
import type { Reply, Request } from './protocol';

class FakeWorker {
  readonly asked: Request[] = [];
  isOver = false;
  onmessage: ((event: { data: Reply }) => void) | null = null;
  onmessageerror: (() => void) | null = null;
  onerror: ((event: { message: string; type: string; preventDefault(): void }) => void) | null = null;

  postMessage(request: Request): void {
    this.asked.push(request);
  }

  terminate(): void {
    this.isOver = true;
  }

  say(data: unknown): void {
    this.onmessage?.({ data: data as Reply });
  }

  fail(message: string): void {
    this.onerror?.({ message, type: 'error', preventDefault: () => undefined });
  }
}

function started() {
  const workers: FakeWorker[] = [];
  const news: News[] = [];
  const ends: string[] = [];
  const client = new Client(
    () => {
      workers.push(new FakeWorker());
      return workers.at(-1) as unknown as Worker;
    },
    (one) => news.push(one),
    (reason) => ends.push(reason),
  );
  return { client, workers, news, ends };
}

const ask = { type: 'refused' } as const;

describe('the client', () => {
  it('starts no worker until there is something to do', () => {
    const { client, workers } = started();
    expect(workers).toHaveLength(0);
    client.send({ type: 'cancel' });
    expect(workers[0]?.asked).toEqual([{ type: 'cancel' }]);
  });

  it('gives each answer to its request, in any order', async () => {
    const { client, workers, news } = started();
    const answers = [client.request(ask), client.request(ask)];
    expect(workers[0]?.asked.map((request) => 'id' in request && request.id)).toEqual([1, 2]);
    for (const id of [2, 1, 7]) workers[0]?.say({ type: 'exported', id, records: id });
    expect((await Promise.all(answers)).map(({ records }) => records)).toEqual([1, 2]);
    expect(news).toEqual([]);
  });

  it('gives errors to their requests, and others to who listens', async () => {
    const { client, workers, news } = started();
    const answer = client.request(ask);
    workers[0]?.say({ type: 'error', id: 1, message: 'no such row' });
    workers[0]?.say({ type: 'error', id: null, message: 'out of luck' });
    workers[0]?.say({ type: 'ready', version: '1' });
    await expect(answer).rejects.toThrow('no such row');
    expect(news.map(({ type }) => type)).toEqual(['error', 'ready']);
  });

  it('ends all requests with the worker, and starts another', async () => {
    const { client, workers, ends } = started();
    const answer = client.request(ask);
    workers[0]?.fail('out of memory');
    await expect(answer).rejects.toThrow('out of memory');
    expect(ends).toEqual(['out of memory']);
    expect(workers[0]?.isOver).toBe(true);
    await expect(client.request(ask)).rejects.toThrow('out of memory');
    client.send({ type: 'cancel' });
    expect(workers).toHaveLength(1);
    client.send({ type: 'analyze', files: [], options: {} });
    client.send({ type: 'cancel' });
    expect(workers[1]?.asked.map(({ type }) => type)).toEqual(['analyze', 'cancel']);
  });

  it('says so when no worker can be started', async () => {
    const ends: string[] = [];
    const client = new Client(() => { throw new Error('not here'); }, () => undefined, (reason) => ends.push(reason));
    await expect(client.request(ask)).rejects.toThrow('not here');
    expect(ends).toEqual(['Error: not here']);
  });
});

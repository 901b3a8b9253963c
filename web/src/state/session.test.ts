/** From what people do and what the worker says to what is shown. */

import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Finished, Overview, Reply, Request, Sending } from '../protocol';
import { Session } from './session';

const sent: Request[] = [];
const listeners = new Map<string, () => void>();
let address = '';
let worker: { onmessage?: (event: { data: unknown }) => void; onerror?: (event: object) => void };

beforeEach(() => {
  sent.length = 0;
  address = '';
  vi.stubGlobal('location', { get hash() { return address; }, pathname: '/page', search: '?x' });
  vi.stubGlobal('history', { replaceState: (_: null, __: string, to: string) => { address = to; } });
  vi.stubGlobal('addEventListener', (name: string, listener: () => void) => listeners.set(name, listener));
  vi.stubGlobal('document', { documentElement: { dataset: {} } });
});

function begun() {
  const session = new Session(() => {
    worker = {};
    return Object.assign(worker, { postMessage: (request: Request) => sent.push(request), terminate: () => undefined }) as unknown as Worker;
  }, { language: 'en', theme: 'auto' });
  return { session, state: () => session.store.state, say: (reply: Partial<Reply>) => worker.onmessage?.({ data: reply }) };
}

const files = [new File(['x'], 'a.pcap'), new File(['y'], 'b.pcap')];
const overview = { revision: 1, filter: {} } as Overview;
const finished = { status: 'complete' } as Finished;
const types = () => sent.map(({ type }) => type);

describe('reading', () => {
  it('goes from empty over reading to done', () => {
    const { session, state, say } = begun();
    expect([state().phase, sent]).toEqual(['empty', []]);
    session.open(files);
    expect([state().phase, state().names, types()]).toEqual(['reading', ['a.pcap', 'b.pcap'], ['analyze', 'filter']]);
    say({ type: 'overview', overview });
    say({ type: 'finished', finished });
    expect([state().phase, state().overview?.revision, state().progress]).toEqual(['done', 1, null]);
  });

  it('of nothing fails and asks nothing', () => {
    const { session, state } = begun();
    session.open([], ['/folder']);
    expect([state().phase, state().lost, sent]).toEqual(['failed', ['/folder'], []]);
  });

  it('anew keeps what is shown, and the filter', () => {
    const { session, state, say } = begun();
    session.open(files);
    say({ type: 'overview', overview });
    say({ type: 'finished', finished });
    session.setFilter({ direction: 'up' });
    session.reanalyze({ method: 'fixed:1s' });
    expect(sent.at(-1)).toEqual({ type: 'reanalyze', options: { method: 'fixed:1s' } });
    expect([state().phase, state().overview, state().finished, state().filter]).toEqual(['reading', overview, null, { direction: 'up' }]);
  });

  it('goes on with the same files after the worker broke', () => {
    const { session, state, say } = begun();
    session.open(files);
    say({ type: 'overview', overview });
    worker.onerror?.({ message: 'out of memory', preventDefault: () => undefined });
    expect([state().phase, state().broken, state().errors, state().overview]).toEqual(['failed', true, ['out of memory'], overview]);
    sent.length = 0;
    session.reanalyze({});
    expect([state().phase, state().broken, types(), sent[0]]).toEqual(
      ['reading', false, ['analyze', 'filter'], { type: 'analyze', files, options: {} }],
    );
  });

  it('that failed says why until files are opened', () => {
    const { session, state, say } = begun();
    session.open(files);
    say({ type: 'failed', faults: [{ file: 'a.pcap', offset: 0, reason: 'the file is empty' }], leftOut: ['b.pcap'], reason: null });
    expect([state().phase, state().failure?.leftOut]).toEqual(['failed', ['b.pcap']]);
    session.open(files);
    expect(state().failure).toBeNull();
  });
});

describe('the filter', () => {
  it('comes from the address, and goes there', () => {
    address = '#port=443';
    const { session, state } = begun();
    expect(state().filter).toEqual({ serverPorts: [443] });
    session.toggle({ name: 'direction', value: 'up' });
    expect([address, sent]).toEqual(['#port=443&direction=up', []]);
    session.setFilter({});
    expect(address).toBe('/page?x');
    address = '#transport=udp';
    listeners.get('hashchange')?.();
    expect(state().filter).toEqual({ transport: 'udp' });
  });

  it('is told to the worker once for each change', () => {
    const { session } = begun();
    session.open(files);
    session.setFilter({ direction: 'up' });
    session.setFilter({ direction: 'up' });
    expect(types()).toEqual(['analyze', 'filter', 'filter']);
  });
});

it('what was sent stays told', () => {
  const { session, state, say } = begun();
  session.open(files);
  const sending = { state: 'running', bytesSent: 100, destination: '/es' } as Sending;
  say({ type: 'sending', sending });
  session.open(files);
  expect(types()).toContain('cancelSending');
  session.submit({ url: 'http://h', apiKey: null }, null);
  say({ type: 'sending', sending: { ...sending, state: 'done', bytesSent: 20, destination: 'http://h' } });
  session.close();
  expect([state().sending, state().sentBefore, state().phase]).toEqual([null, { bytes: 120, destination: 'http://h' }, 'empty']);
});

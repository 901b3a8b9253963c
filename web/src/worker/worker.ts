/**
 * The worker: requests of the page in, answers and news out.
 *
 * In: messages of `protocol.ts`. Out: the same. Guaranteed: every request with an `id` gets one answer or one error.
 */

import type { Reply, Request } from '../protocol';
import { loadAnalyzer } from './module';
import { testConnection } from './sending';
import { watchPolicy } from './sending-causes';
import { Session, wordsOf } from './session';

/** The part of a worker's scope that is used; the page's own types know none. */
interface Scope extends EventTarget {
  postMessage: (message: Reply, transfer: Transferable[]) => void;
  onmessage: ((event: MessageEvent<Request>) => void) | null;
}

const scope = self as unknown as Scope;

const say = (reply: Reply, transfer: Transferable[] = []): void => {
  scope.postMessage(reply, transfer);
};

const session = new Session(say);

/** What a request asks for. */
const handle = async (request: Request): Promise<void> => {
  await loadAnalyzer();
  switch (request.type) {
    case 'analyze': return session.analyze(request.files, request.options);
    case 'reanalyze': return session.reanalyze(request.options);
    case 'cancel': return session.cancel();
    case 'filter': return session.setFilter(request.filter);
    case 'timeline': return session.draw(request.id, request.view);
    case 'timelineSvg': return session.drawSvg(request.id, request.view);
    case 'hit': return session.hit(request.id, request.view, request.xPx, request.yPx);
    case 'step': return session.step(request.id, request.row, request.to);
    case 'objects':
    case 'streams': return session.rows(request);
    case 'locate': return session.locate(request);
    case 'export': return session.export(request);
    case 'model': return session.model(request);
    case 'exportModel': return session.exportModel(request);
    case 'testConnection':
      say({ type: 'connection', id: request.id, test: await testConnection(request.destination) });
      return;
    case 'send': return session.send(request);
    case 'cancelSending': return session.shipments.cancel();
    case 'resumeSending': return session.shipments.resume();
    case 'refused': return session.shipments.refused(request.id);
  }
};

watchPolicy(scope);
scope.onmessage = ({ data }: MessageEvent<Request>) => {
  handle(data).catch((problem: unknown) => {
    say({ type: 'error', id: 'id' in data ? data.id : null, message: wordsOf(problem) });
  });
};
loadAnalyzer().then(
  () => say({ type: 'ready', version: __VERSION__ }),
  (problem: unknown) => say({ type: 'failed', faults: [], leftOut: [], reason: wordsOf(problem) }),
);

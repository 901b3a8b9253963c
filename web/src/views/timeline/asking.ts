/**
 * What the timeline asks of the worker.
 *
 * In: questions. Out: promises of answers. Guaranteed: the page's client fits, and so does a few lines' worth of another.
 */

import type { Answers, Request } from '../../protocol';

type Ask<Type extends keyof Answers> = Omit<Extract<Request, { type: Type }>, 'id'>;

export interface Asking {
  request(ask: Ask<'timeline'>): Promise<Answers['timeline']>;
  request(ask: Ask<'timelineSvg'>): Promise<Answers['timelineSvg']>;
  request(ask: Ask<'hit'>): Promise<Answers['hit']>;
  request(ask: Ask<'step'>): Promise<Answers['step']>;
  request(ask: Ask<'objects'>): Promise<Answers['objects']>;
  request(ask: Ask<'locate'>): Promise<Answers['locate']>;
}

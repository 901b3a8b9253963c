/**
 * Why a request did not do what it should.
 *
 * In: an address, and an answer or the lack of one. Out: the cause, as far as a page can tell it. Guaranteed: a browser does
 * not say why a request had no answer; what the address and the page's own rule out is not guessed.
 */

import type { SendingFailure } from '../protocol';

const failure = (cause: SendingFailure['cause'], status: number, detail: string): SendingFailure =>
  ({ cause, status, detail });

/** Something is wrong with the address itself; null when nothing is. */
export const checkAddress = (url: string): SendingFailure | null => {
  if (url.startsWith('/')) {
    return self.location.protocol.startsWith('http') ? null : failure('bad-address', 0, url);
  }
  const address = URL.canParse(url) ? new URL(url) : null;
  const isUsable =
    address !== null && /^https?:$/.test(address.protocol) && address.username === '' && address.password === '' &&
    address.search === '' && address.hash === '' && !url.endsWith('/');
  return isUsable ? null : failure('bad-address', 0, url);
};

/** Names and addresses of the machine itself and of networks that are nobody else's business. */
const isLocal = (host: string): boolean =>
  /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|\[::1\]|\[f[cd]|\[fe80)|\.(local|lan|internal|home)$/.test(host);

/** There was no answer. */
export const causeOfSilence = (url: string, problem: unknown): SendingFailure => {
  const detail = problem instanceof Error ? problem.message : String(problem);
  const page = self.location;
  if (url.startsWith('/')) {
    return failure('same-origin-down', 0, detail);
  }
  const { protocol, hostname, origin } = new URL(url);
  // Browsers let a secure page call the machine itself in plain HTTP, and nothing else.
  if (page.protocol === 'https:' && protocol === 'http:' && !/^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)) {
    return failure('mixed-content', 0, detail);
  }
  if (violations.has(origin)) {
    return failure('csp', 0, detail);
  }
  return isLocal(hostname) && !isLocal(page.hostname) && page.protocol === 'https:'
    ? failure('local-network', 0, detail)
    : failure('cross-origin-or-down', 0, detail);
};

/** Origins that the page's policy does not let it call. */
const violations = new Set<string>();

/** Has the browser tell when the policy is what keeps a request from going out. */
export const watchPolicy = (scope: EventTarget): void => {
  scope.addEventListener('securitypolicyviolation', (event) => {
    const { blockedURI, effectiveDirective } = event as SecurityPolicyViolationEvent;
    if (effectiveDirective === 'connect-src' && URL.canParse(blockedURI)) {
      violations.add(new URL(blockedURI).origin);
    }
  });
};

interface Answer {
  readonly error?: { readonly type?: string } | string;
  readonly status?: unknown;
  readonly index_templates?: readonly { readonly index_template?: { readonly _meta?: { readonly schema?: number } } }[];
}

/** The version of the output schema that the module writes. */
const SCHEMA = 1;

/** What an answer means; null when all is well. */
export const causeOfStatus = (
  status: number, text: string, asked: 'health' | 'template' | 'bulk',
): SendingFailure | null => {
  const detail = text.slice(0, 300);
  const answer = parse(text);
  if (status === 401) {
    return failure('unauthorized', status, detail);
  }
  if (status === 403) {
    // A key that can only write may not look; whether it can write shows when it does.
    return asked === 'template' ? null : failure('forbidden', status, detail);
  }
  if (status === 404) {
    const isMissing = typeof answer?.error === 'object' && answer.error.type === 'resource_not_found_exception';
    return isMissing ? failure('no-template', status, '') : failure('not-elasticsearch', status, detail);
  }
  if (status === 413) {
    return failure('too-large', status, detail);
  }
  if (status === 408 || status === 429 || status >= 500) {
    return asked === 'health' && status >= 500
      ? failure('same-origin-down', status, detail)
      : failure('busy', status, detail);
  }
  if (asked === 'template' && status === 200) {
    const schema = answer?.index_templates?.[0]?.index_template?._meta?.schema;
    return answer === null
      ? failure('not-elasticsearch', status, detail)
      : schema === SCHEMA ? null : failure('wrong-schema', status, String(schema ?? ''));
  }
  if (asked === 'health' && status === 200) {
    return typeof answer?.status === 'string' ? null : failure('not-elasticsearch', status, detail);
  }
  return status >= 200 && status < 300 ? null : failure('refused', status, detail);
};

const parse = (text: string): Answer | null => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
};

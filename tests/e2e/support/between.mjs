// Something between the page and Elasticsearch, at which bodies can be made to wait.
//
// In:  the address of the server, and what to do before the n-th body of documents goes on, from 1. Out: an address for the page.
//      Guaranteed: requests and answers pass as they are; where the server is down the page gets no answer, as without this.

import { createServer, request as ask } from 'node:http';
import { once } from 'node:events';

export async function startBetween(target, before) {
  let bodies = 0;
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    if (method === 'POST' && url.includes('/_bulk')) await before(++bodies);
    const forward = ask(target + url, { method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    forward.on('error', () => response.destroy());
    request.pipe(forward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

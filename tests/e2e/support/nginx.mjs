// The page's server as it is deployed: nginx, started by deploy/nginx/start.sh.
//
// In: the address of an Elasticsearch, a key for it, and the folder of the page. Out: an address on this machine. Guaranteed: it ends
// with `stop`, and when the test is killed the kernel kills it, because `setpriv` asks for that.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../../deploy/nginx/start.sh', import.meta.url));

export async function startNginx({ elasticsearch, apiKey, page }) {
  const folder = mkdtempSync(join(tmpdir(), 'sniffit-nginx-'));
  const key = join(folder, 'key');
  writeFileSync(key, apiKey, { mode: 0o600 });
  const port = await freePort();
  const listen = `127.0.0.1:${port}`;
  const environment = {
    SNIFFIT_LISTEN: listen, SNIFFIT_ELASTICSEARCH: new URL(elasticsearch).host, SNIFFIT_KEY_FILE: key, SNIFFIT_PAGE: page,
    SNIFFIT_RUN: join(folder, 'run'),
  };
  // One process, and so nothing that could outlive it.
  const words = ['--pdeathsig', 'KILL', 'sh', script, '-g', 'daemon off; master_process off;'];
  const server = spawn('setpriv', words, { env: { ...process.env, ...environment }, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  server.stderr.setEncoding('utf8').on('data', (text) => {
    log += text;
  });
  while (!(await answers(port))) if (server.exitCode !== null) throw new Error(`nginx ended: ${log}`);
  return {
    address: `http://${listen}/`,
    async stop() {
      if (server.exitCode === null) {
        const ended = once(server, 'exit');
        server.kill('SIGKILL');
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort() {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address();
  holder.close();
  await once(holder, 'close');
  return port;
}

/** Whether somebody takes connections there. */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => setTimeout(resolve, 20, false));
  });
}

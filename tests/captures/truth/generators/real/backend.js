// The dynamic part of the sites: JSON with think time, uploads, server-sent events, WebSocket chat.
// backend.js SETTINGS_JSON: with { seed } alone it is HTTP/1.1 on 127.0.0.1:9000, behind a front server; with also
// { certificate, key, www, log } it is node's own HTTP/2 server on port 443, static files included.
const crypto = require('crypto'), fs = require('fs'), http = require('http'), http2 = require('http2'), path = require('path');
const { WebSocketServer } = require('ws');

const settings = JSON.parse(process.argv[2]);
const front = Boolean(settings.certificate);
const CORS = front ? { 'access-control-allow-origin': '*' } : {};
const TYPES = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.png': 'image/png', '.m4s': 'video/mp4' };

let state = settings.seed >>> 0;
const random = () => {
  state = (state + 0x6D2B79F5) >>> 0;
  let t = state;
  t = Math.imul(t ^ t >>> 15, t | 1);
  t ^= t + Math.imul(t ^ t >>> 7, t | 61);
  return ((t ^ t >>> 14) >>> 0) / 4294967296;
};
const gauss = () => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
const lognormal = (median, sigma, low, high) => Math.round(Math.min(high, Math.max(low, median * Math.exp(sigma * gauss()))));
const exponential = mean => -mean * Math.log(1 - random());
const text = count => crypto.randomBytes(Math.ceil(count * 3 / 4)).toString('base64').slice(0, count);
const sleep = ms => new Promise(done => setTimeout(done, ms));

async function events(request, response) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'x-accel-buffering': 'no', ...CORS });
  response.flushHeaders();
  let open = true;
  response.on('close', () => { open = false; });
  await sleep(200);
  for (let k = 0; open; k++) {
    response.write(`data: ${JSON.stringify({ k, b: text(lognormal(600, 0.9, 60, 3500)) })}\n\n`);
    await sleep(Math.max(30, exponential(random() < 0.3 ? 250 : 2500)));
  }
}

async function api(request, response, url) {
  if (url.pathname === '/api/events') return events(request, response);
  let received = 0;
  for await (const chunk of request) received += chunk.length;
  if (url.pathname === '/api/beacon') {
    response.writeHead(204, CORS);
    return response.end();
  }
  await sleep(Number(url.searchParams.get('think')));
  const body = JSON.stringify({ got: received, items: text(Number(url.searchParams.get('n'))) });
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length, 'cache-control': 'no-store', ...CORS });
  response.end(body);
}

function file(response, url) {
  const name = path.join(settings.www, url.pathname);
  if (!fs.existsSync(name)) {
    response.writeHead(404, { 'content-type': 'text/plain' });
    return response.end('not found');
  }
  response.writeHead(200, {
    'content-type': TYPES[path.extname(name)] || 'application/octet-stream', 'cache-control': 'max-age=600',
    'content-length': fs.statSync(name).size, ...CORS,
  });
  fs.createReadStream(name).pipe(response);
}

// One line per response, with the bytes of its body, in the form of the other servers' logs.
function logTo(stream, request, response) {
  let bytes = 0;
  const { write, end } = response;
  let ending = false;     // end() may call write()
  response.write = function (chunk, ...rest) {
    if (chunk && !ending) bytes += chunk.length;
    return write.call(this, chunk, ...rest);
  };
  response.end = function (chunk, ...rest) {
    if (chunk && chunk.length && !ending) bytes += chunk.length;
    ending = true;
    return end.call(this, chunk, ...rest);
  };
  const host = request.headers[':authority'] || request.headers.host;
  response.on('close', () => stream.write(`- 0 ${host} ${request.method} ${request.url} ${response.statusCode} ${bytes}\n`));
}

const log = front ? fs.createWriteStream(settings.log) : null;
function handle(request, response) {
  const url = new URL(request.url, 'https://host.example');
  if (log) logTo(log, request, response);
  if (url.pathname.startsWith('/api/')) api(request, response, url).catch(() => { });
  else file(response, url);
}

const message = () => JSON.stringify({ t: 'msg', b: text(lognormal(160, 1.1, 20, 4000)) });

// Acknowledge a message, and sometimes answer it after a while, with or without a typing notice before.
async function answer(send, data) {
  await sleep(4 + exponential(12));
  if (!/"t":"(read|typing)"/.test(data.toString().slice(0, 40))) send(JSON.stringify({ t: 'ack', id: text(22) }));
  if (random() >= 0.35) return;
  await sleep(600 + exponential(2500));
  if (random() < 0.5) {
    send(JSON.stringify({ t: 'typing', on: 1 }));
    await sleep(500 + exponential(1500));
  }
  send(message());
}

async function chat(socket) {
  let open = true;
  socket.on('close', () => { open = false; });
  socket.on('error', () => { });
  const send = data => { if (open) socket.send(data); };
  const ping = setInterval(() => open && socket.ping(), 7000);
  socket.on('message', data => answer(send, data));
  while (open) {
    await sleep(300 + exponential(3200));
    send(random() < 0.12 ? crypto.randomBytes(lognormal(60000, 0.6, 12000, 250000)) : message());
  }
  clearInterval(ping);
}

const sockets = new WebSocketServer({ noServer: true });
sockets.on('connection', chat);
let server;
if (front) {
  const tls = { cert: fs.readFileSync(settings.certificate), key: fs.readFileSync(settings.key), minVersion: 'TLSv1.3', allowHTTP1: true };
  server = http2.createSecureServer(tls, handle).listen(443, '::');
} else {
  server = http.createServer(handle).listen(9000, '127.0.0.1');
}
server.on('upgrade', (request, socket, head) =>
  sockets.handleUpgrade(request, socket, head, connection => sockets.emit('connection', connection, request)));
process.on('uncaughtException', error => console.error(error));
process.on('SIGTERM', () => process.exit(0));

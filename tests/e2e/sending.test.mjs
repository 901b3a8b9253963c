// From the page to a real Elasticsearch: directly, and through the server of the deployment.
//
// In: the built page; `SNIFFIT_TEST_XTASK`, which starts Elasticsearch; `SNIFFIT_TEST_CLI`, to compare with. Without them a
// line says so. Guaranteed: one server for all tests, in the order in which they stand: the first finds it without templates.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setUp } from './support/browser.mjs';
import { CONVENTIONS, REAL } from './support/captures.mjs';
import { analyzed } from './support/cli.mjs';
import { Elasticsearch } from './support/elasticsearch.mjs';
import { startNginx } from './support/nginx.mjs';
import { SendSheet } from './support/send-sheet.mjs';
import { WEB } from './support/server.mjs';

const MISSING = ['SNIFFIT_TEST_XTASK', 'SNIFFIT_TEST_CLI'].find((name) => !process.env[name]);
const skip = MISSING ? `${MISSING} is not set (\`cargo xtask test\` sets it)` : false;

const SMALL = join(CONVENTIONS, 'golden_push.pcap');
const CALL = join(CONVENTIONS, 'golden_call.pcap');
const QUIC = join(CONVENTIONS, 'golden_quic.pcap');
const WEB_CAPTURE = join(CONVENTIONS, 'golden_web.pcap.gz');
const CHAT = join(REAL, 'chat-nginx.pcap.gz');
const MIX = join(REAL, 'mix-nginx-gso.pcap.gz');
const KINDS = ['objects', 'streams', 'bins'];
/** Adds documents of ours and does nothing else, as the key of the deployment. */
const WRITER = {
  cluster: ['monitor'], index: [{ names: ['sniffit-*'], privileges: ['create_doc', 'auto_configure'] }],
};

// Any server of files: the policy is the page's own, which lets people name a server.
const world = setUp({
  answer: (_request, _response, headers) => {
    delete headers['Content-Security-Policy'];
    return false;
  },
});
let elasticsearch;
let nginx;
let writerKey;
let administratorKey;

let starting;
/** Once, by the first test that runs: the page's address must be known to the server before. */
const start = () => (starting ??= startServers());

const startServers = async () => {
  const settings = [
    'http.cors.enabled=true', `http.cors.allow-origin=${new URL(world.address).origin}`,
    'http.cors.allow-headers=Authorization,Content-Type,Content-Encoding',
  ];
  elasticsearch = await Elasticsearch.start(['--heap', '256m', '--api-keys', ...settings.flatMap((setting) => ['--setting', setting])]);
  const key = async (roles) => {
    const { body } = await elasticsearch.request('POST', '/_security/api_key', { name: 'page', ...roles });
    return body.encoded;
  };
  administratorKey = await key({});
  writerKey = await key({ role_descriptors: { writer: WRITER } });
  nginx = await startNginx({ elasticsearch: elasticsearch.url, apiKey: writerKey, page: WEB });
};

const check = (promise, run) => test(promise, { skip }, async (t) => {
  await start();
  await run(t);
});

after(async () => {
  await nginx?.stop();
  await elasticsearch?.stop();
});

const direct = (apiKey = writerKey) => ({ url: elasticsearch.url, apiKey });

/** The program, as the administrator. Gives what it printed. */
const sniffit = (...words) =>
  execFileSync(process.env.SNIFFIT_TEST_CLI, [
    ...words, '--elasticsearch', elasticsearch.url, '--user', 'elastic', '--password-file', elasticsearch.passwordFile,
  ], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const manifestOf = (capture) => JSON.parse(analyzed([capture]).read('analysis.json'));
const indexOf = (kind, { capture_id: capture, analysis_id: analysis }) =>
  `sniffit-${kind}-${capture.slice(0, 8)}-${analysis.slice(0, 8)}`;

/** All documents of an analysis, by index and name. */
const documents = async (manifest) => {
  const pattern = indexOf('*', manifest);
  await elasticsearch.request('POST', `/${pattern}/_refresh`);
  const { body } = await elasticsearch.request('POST', `/${pattern}/_search`, { size: 10_000, version: true });
  assert.ok(body.hits.total.value < 10_000, 'all of them were asked for');
  return new Map(body.hits.hits.map((hit) => [`${hit._index}/${hit._id}`, hit]));
};

const expected = ({ records }) => ({ ...records, analyses: 1 });
const each = (manifest, counts) =>
  Object.fromEntries(Object.entries(expected(manifest)).map(([kind, documents]) => [kind, counts(documents)]));
const none = { created: 0, alreadyThere: 0, refused: 0, waiting: 0 };
const allCreated = (manifest) => each(manifest, (created) => ({ ...none, created }));
const allThere = (manifest) => each(manifest, (alreadyThere) => ({ ...none, alreadyThere }));

/** A page that has read a capture, with the sheet open. */
const opened = async (t, capture, destination, at = '') => {
  const page = await world.open(t, { at });
  await page.choose([capture]);
  return SendSheet.open(page, destination);
};

const sent = (sheet) => sheet.page.locator('header .sent').innerText();
const asked = (sheet) => sheet.sniffit.seen.requests.filter((url) => url.startsWith(elasticsearch.url));

check('where no templates are, none are guessed', async (t) => {
  const sheet = await opened(t, SMALL, direct(administratorKey));
  assert.match(await sheet.test(), /templates of Sniffit are not there[^]*sniffit es setup/);
  await sheet.send();
  await sheet.until('stopped');
  assert.match(await sheet.why(), /templates of Sniffit are not there[^]*sniffit es setup/);
  assert.equal((await elasticsearch.request('HEAD', `/${indexOf('objects', manifestOf(SMALL))}`)).status, 404);
  // What stopped it is cured, and it goes on.
  sniffit('es', 'setup');
  await sheet.button('Resume').click();
  await sheet.until('done');
  assert.deepEqual(await sheet.counts(), allCreated(manifestOf(SMALL)));
});

check('a key that is not known', async (t) => {
  const sheet = await opened(t, SMALL, direct(Buffer.from('no:key').toString('base64')));
  assert.match(await sheet.test(), /does not know this one \(401\)/);
  await sheet.send();
  await sheet.until('stopped');
  assert.match(await sheet.why(), /does not know this one \(401\)/);
});

check('directly, twice: the documents are those of the program, and nothing doubles', async (t) => {
  const manifest = manifestOf(WEB_CAPTURE);
  const sheet = await opened(t, WEB_CAPTURE, direct());
  assert.equal(await sent(sheet), '0 bytes sent');
  assert.deepEqual(asked(sheet), []);
  assert.match(await sheet.test(), /Elasticsearch answers/);
  assert.equal(await sent(sheet), '0 bytes sent');
  await sheet.send();
  await sheet.until('done');
  assert.deepEqual(await sheet.counts(), allCreated(manifest));
  assert.match(await sent(sheet), new RegExp(`^[\\d.]+\\s(B|KiB|MiB) sent to ${elasticsearch.url}$`));
  const first = await documents(manifest);
  assert.equal(first.size, Object.values(expected(manifest)).reduce((sum, documents) => sum + documents));

  await sheet.send();
  await sheet.until('done');
  assert.deepEqual(await sheet.counts(), allThere(manifest));
  assert.deepEqual(await documents(manifest), first, 'neither more documents nor newer ones');

  const told = sniffit('analyze', WEB_CAPTURE);
  assert.match(told, / 0 +\d+ +0 +0$/m, told);
  for (const kind of [...KINDS, 'analyses']) await elasticsearch.request('DELETE', `/${indexOf(kind, manifest)}`);
  sniffit('analyze', WEB_CAPTURE);
  const sources = (all) => [...all].map(([name, { _source }]) => [name, _source]).sort();
  assert.deepEqual(sources(await documents(manifest)), sources(first), 'the program makes the same documents');

  // The key was in the sheet, and is nowhere when it is closed.
  await sheet.close();
  const traces = await sheet.page.evaluate(async () => JSON.stringify([
    document.documentElement.outerHTML, [...document.querySelectorAll('input')].map(({ value }) => value), location.href,
    history.state, document.cookie, { ...localStorage }, { ...sessionStorage }, await indexedDB.databases(), name,
  ]));
  assert.ok(!traces.includes(writerKey), 'the key is kept');
  assert.match(await sent(sheet), /sent to/, 'but that something was sent is told');
  await sheet.page.locator('#send').click();
  assert.equal(await sheet.sheet.locator('input[type=password]').count(), 0, 'it opens with the page\'s own server');
});

check('through the server of the deployment', async (t) => {
  const manifest = manifestOf(CHAT);
  const sheet = await opened(t, CHAT, null, nginx.address);
  await sheet.sheet.getByText('Elasticsearch answers behind this server').waitFor();
  assert.equal(await sent(sheet), '0 bytes sent');
  await sheet.send();
  await sheet.until('done');
  assert.deepEqual(await sheet.counts(), allCreated(manifest));
  const first = await documents(manifest);
  await sheet.send();
  await sheet.until('done');
  assert.deepEqual(await sheet.counts(), allThere(manifest));
  assert.deepEqual(await documents(manifest), first);
  assert.deepEqual(asked(sheet), [], 'the page speaks to its own server only');
  assert.match(sniffit('analyze', CHAT), / 0 +\d+ +0 +0$/m);
});

check('cancelled on the way, and resumed', async (t) => {
  const manifest = manifestOf(CALL);
  const sheet = await opened(t, CALL, direct());
  // The second body is under way for as long as it takes to cancel.
  let bodies = 0;
  let release;
  const isUnderWay = new Promise((resolve) => {
    void sheet.sniffit.context.route(/\/_bulk/, async (route) => {
      bodies += 1;
      if (bodies === 2) {
        const cancelled = new Promise((go) => {
          release = go;
        });
        resolve();
        await cancelled;
      }
      await route.continue().catch(() => undefined);
    });
  });
  await sheet.send();
  await isUnderWay;
  await sheet.button('Cancel').click();
  await sheet.until('stopped');
  assert.match(await sheet.why(), /Sending was cancelled/);
  release();
  await sheet.button('Resume').click();
  await sheet.until('done');
  const counts = await sheet.counts();
  for (const [kind, documents] of Object.entries(expected(manifest))) {
    // What was under way may have arrived.
    const { created, alreadyThere, ...others } = counts[kind];
    assert.deepEqual([created + alreadyThere, others], [documents, { refused: 0, waiting: 0 }], kind);
  }
  assert.equal((await documents(manifest)).size, Object.values(expected(manifest)).reduce((sum, documents) => sum + documents));
});

check('what is refused can be saved, with reasons, and sent again', async (t) => {
  const manifest = manifestOf(MIX);
  const index = indexOf('objects', manifest);
  // Documents of ours do not fit into an index in which this is something else.
  const { status, body } = await elasticsearch.request('PUT', `/${index}`, {
    mappings: { properties: { sniffit: { properties: { payload_bytes: { type: 'boolean' } } } } },
  });
  assert.equal(status, 200, JSON.stringify(body));
  const sheet = await opened(t, MIX, direct());
  await sheet.send();
  await sheet.until('done');
  assert.deepEqual(await sheet.counts(), {
    ...allCreated(manifest), objects: { ...none, refused: manifest.records.objects },
  });
  assert.match(await sheet.sheet.innerText(), /document_parsing_exception/);
  const { name, bytes } = await sheet.sniffit.saved(() => sheet.button('Save the refused ones').click());
  const refused = bytes.toString().trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.equal(name, 'refused.ndjson');
  assert.equal(refused.length, manifest.records.objects);
  for (const { index: to, status, reason } of refused) {
    assert.deepEqual([to, status], [index, 400]);
    assert.match(reason, /payload_bytes/);
  }
  const written = analyzed([MIX]).read('objects.ndjson').toString().trimEnd().split('\n').map((line) => JSON.parse(line));
  const byStart = (all) => all.map((document) => JSON.stringify(document)).sort();
  assert.deepEqual(byStart(refused.map(({ document }) => document)), byStart(written));

  await elasticsearch.request('DELETE', `/${index}`);
  await sheet.send();
  await sheet.until('done');
  assert.deepEqual(await sheet.counts(), {
    ...allThere(manifest), objects: { ...none, created: manifest.records.objects },
  });
});

check('under pseudonyms: other indices, and no address of the capture', async (t) => {
  const manifest = manifestOf(CHAT);
  const addresses = new Set(analyzed([CHAT]).read('streams.ndjson').toString().trimEnd().split('\n')
    .flatMap((line) => [JSON.parse(line).source.ip, JSON.parse(line).destination.ip]));
  assert.ok(addresses.size >= 2);
  const names = async () => new Set((await elasticsearch.request('GET', '/_cat/indices/sniffit-*?format=json&h=index')).body.map(({ index }) => index));
  const before = await names();
  const sheet = await opened(t, CHAT, direct());
  await sheet.sheet.getByLabel('Replace addresses by pseudonyms').check();
  await sheet.send();
  await sheet.until('done');
  assert.deepEqual(await sheet.counts(), allCreated(manifest));
  const fresh = [...await names()].filter((name) => !before.has(name));
  assert.equal(fresh.length, KINDS.length + 1);
  await elasticsearch.request('POST', `/${fresh}/_refresh`);
  const { body } = await elasticsearch.request('POST', `/${fresh}/_search`, { size: 10_000 });
  assert.equal(body.hits.hits.length, Object.values(expected(manifest)).reduce((sum, documents) => sum + documents));
  const text = JSON.stringify(body.hits.hits);
  for (const address of addresses) assert.ok(!text.includes(`"${address}"`), `${address} left the page`);
});

check('a server that does not let the page speak to it', async (t) => {
  // By this name the same page has another origin.
  const sheet = await opened(t, SMALL, direct(), world.address.replace('127.0.0.1', 'localhost'));
  const words = /does not let this page speak to it[^]*http\.cors\.enabled: true\s+http\.cors\.allow-origin: "http:\/\/localhost:\d+"/;
  assert.match(await sheet.test(), words);
  await sheet.send();
  await sheet.until('waiting');
  assert.match(await sheet.why(), words);
  await sheet.button('Cancel').click();
  await sheet.until('stopped');
});

// client.js SCENARIO_JSON: headless Chromium, or curl, visits the scenario's pages. CHROMIUM names the browser's program.
const { spawn } = require('child_process');

const scenario = JSON.parse(process.argv[2]);
const HOST = { news: 'www.example', feed: 'www.example', player: 'video.example', chat: 'chat.example', events: 'api.example', maps: 'maps.example', upload: 'files.example' };
const sleep = ms => new Promise(done => setTimeout(done, ms));
const bracketed = address => address.includes(':') ? `[${address}]` : address;
const addresses = Object.entries(scenario.addresses).map(([host, address]) => [host, bracketed(address)]);

let state = scenario.seed >>> 0;
const random = () => {
  state = (state * 1664525 + 1013904223) >>> 0;
  return state / 4294967296;
};

// Files one after the other on one connection, then six at a time, then each on a connection of its own.
async function curl() {
  const resolve = addresses.flatMap(([host, address]) => ['--resolve', `${host}:443:${address}`]);
  const run = more => new Promise(done =>
    spawn('curl', ['-sk', '--http2', ...resolve, ...more], { stdio: 'inherit' }).on('close', done));
  const files = (from, to) => Array.from({ length: to - from }, (_, i) => [`https://files.example/d/${from + i}.png`, '-o', '/dev/null']).flat();
  const { count } = scenario.pages[0][1];
  await run(files(0, 8));
  await sleep(1500);
  await run(['--parallel', '--parallel-max', '6', ...files(8, 24)]);
  await sleep(1500);
  for (let i = 24; i < count; i++) {
    await run(files(i, i + 1));
    await sleep(300 + 1500 * random());
  }
}

async function launch() {
  const { chromium } = require('playwright-core');
  const rules = addresses.map(([host, address]) => `MAP ${host} ${address}`).join(', ') + ', MAP * ~NOTFOUND';
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--ignore-certificate-errors',
    '--ignore-certificate-errors-spki-list=' + scenario.pin, '--host-resolver-rules=' + rules, '--ssl-key-log-file=' + scenario.keys];
  if (scenario.protocol === 'h3') args.push('--enable-quic', '--origin-to-force-quic-on=' + addresses.map(([host]) => host + ':443').join(','));
  else args.push('--disable-quic');
  return chromium.launchPersistentContext(scenario.folder + '/profile', {
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium', headless: true, args, ignoreHTTPSErrors: true,
    viewport: { width: 1000, height: 800 },
  });
}

// Stay on a kind of page for so many seconds; readers scroll.
async function visit(context, kind, options, seconds) {
  const page = await context.newPage();
  page.on('requestfailed', request => console.log('failed', request.url(), request.failure() && request.failure().errorText));
  const open = path => page.goto(`https://${HOST[kind]}${path}`, { waitUntil: 'commit', timeout: 20000 })
    .catch(error => console.log('goto', path, error.message.split('\n')[0]));
  const scroll = pixels => page.mouse.wheel(0, pixels).catch(() => { });
  if (kind === 'news') {
    const pages = options.pages || 3;
    for (let k = 1; k <= pages; k++) {
      await open(`/news${k}.html`);
      for (const end = Date.now() + seconds * 1000 / pages; Date.now() < end;) {
        await sleep(400 + 1200 * random());
        await scroll(300 + 900 * random());
      }
    }
  } else {
    const end = Date.now() + seconds * 1000;
    await open(`/${kind}.html`);
    while (Date.now() < end) {
      await sleep(700 + 1500 * random());
      if (kind === 'feed') await scroll(500 + 1500 * random());
    }
  }
  await page.close();
}

async function browse() {
  const context = await launch();
  const { pages, seconds, tabs } = scenario;
  if (tabs) {
    await Promise.all(pages.map(([kind, options], i) => sleep(i * 1300).then(() => visit(context, kind, options, seconds - i * 1.3))));
  } else {
    for (const [kind, options] of pages) await visit(context, kind, options, seconds / pages.length);
  }
  await context.close();
}

(scenario.client === 'curl' ? curl() : browse())
  .then(() => sleep(600))
  .then(() => process.exit(0), error => { console.error(error); process.exit(1); });

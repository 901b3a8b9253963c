// Captures come in: dropped or chosen, one or many, of every format, whole or damaged.
//
// Compared with: what the command line knows of the same files (SNIFFIT_TEST_CLI), the tables beside the captures, and itself.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { setUp } from './support/browser.mjs';
import { capturesIn, CONVENTIONS, HOSTILE, LAB, REAL, recordsOf, rotated, temporary, written } from './support/captures.mjs';
import { analyzed, withoutProgram } from './support/cli.mjs';

const world = setUp();

const WEB_GZ = join(CONVENTIONS, 'golden_web.pcap.gz');
const PUSH = join(CONVENTIONS, 'golden_push.pcap');
const NOT_A_CAPTURE = written('notes.txt', 'These are notes, and no capture.\n');

describe('ways in', () => {
  const folder = temporary('recordings');
  mkdirSync(join(folder, 'below/deeper'), { recursive: true });
  cpSync(PUSH, join(folder, 'push.pcap'));
  cpSync(join(CONVENTIONS, 'golden_call.pcap'), join(folder, 'below/deeper/call.pcap'));
  cpSync(NOT_A_CAPTURE, join(folder, 'below/notes.txt'));

  const cases = [
    { name: 'one file is dropped', act: (sniffit) => sniffit.drop(PUSH), inputs: ['golden_push.pcap'] },
    { name: 'one file is chosen', act: (sniffit) => sniffit.choose(PUSH), inputs: ['golden_push.pcap'] },
    { name: 'a file that a script made is dropped', act: (sniffit) => sniffit.dropMade([['made.pcap', readFileSync(PUSH)]]), inputs: ['made.pcap'] },
    { name: 'three files are chosen', act: (sniffit) => sniffit.choose([PUSH, WEB_GZ, join(CONVENTIONS, 'golden_quic.pcap')]), inputs: ['golden_push.pcap', 'golden_quic.pcap', 'golden_web.pcap.gz'] },
    { name: 'a folder is dropped', act: (sniffit) => sniffit.drop(folder), inputs: ['call.pcap', 'push.pcap'], leftOut: ['notes.txt'] },
    { name: 'a folder is chosen', act: (sniffit) => sniffit.choose(folder, 'Choose a folder'), inputs: ['call.pcap', 'push.pcap'], leftOut: ['notes.txt'] },
    { name: 'a text file lies among captures', act: (sniffit) => sniffit.drop([NOT_A_CAPTURE, PUSH]), inputs: ['golden_push.pcap'], leftOut: ['notes.txt'] },
  ];
  for (const { name, act, inputs, leftOut = [] } of cases) {
    test(name, async (t) => {
      const sniffit = await world.open(t);
      const { type, finished } = await act(sniffit);
      assert.equal(type, 'finished');
      assert.deepEqual(finished.manifest.inputs.map(({ name }) => basename(name)).sort(), inputs);
      assert.deepEqual(finished.leftOut.map((path) => basename(path)), leftOut);
      assert.equal(finished.status, 'complete');
      await sniffit.page.locator('.filters .selected', { hasText: `of ${finished.manifest.records.objects} objects` }).waitFor();
      const notice = sniffit.page.locator('.notice');
      if (leftOut.length > 0) assert.match(await notice.innerText(), /1 file is no capture and was left out[\s\S]*notes\.txt/);
      else assert.equal(await notice.count(), 0);
    });
  }

  test('what is dropped onto results takes their place', async (t) => {
    const sniffit = await world.open(t);
    await sniffit.drop(PUSH);
    const { finished } = await sniffit.drop(WEB_GZ);
    assert.equal(await sniffit.page.locator('.capture strong').innerText(), 'golden_web.pcap.gz');
    assert.deepEqual(finished.manifest.inputs.map(({ name }) => name), ['golden_web.pcap.gz']);
  });
});

describe('the same packets', () => {
  const plain = gunzipSync(readFileSync(WEB_GZ));
  const parts = rotated(plain, 4);
  const numbered = (part, n) => written(`web.pcap${n}`, part);
  const zst = temporary('golden_web.pcap.zst');
  const hasZstd = (() => {
    try {
      execFileSync('zstd', ['-q', '-f', '-o', zst], { input: plain, stdio: ['pipe', 'ignore', 'ignore'] });
      return true;
    } catch {
      return false;
    }
  })();
  const whole = written('golden_web.pcap', plain);
  const cases = [
    { name: 'gzip', files: [WEB_GZ] },
    { name: 'gzip under a name that tells nothing', files: [written('capture', readFileSync(WEB_GZ))] },
    ...(hasZstd ? [{ name: 'zstd', files: [zst] }] : []),
    { name: 'rotated files, in order', files: parts.map(numbered) },
    { name: 'rotated files in disorder', files: [2, 0, 3, 1].map((n) => numbered(parts[n], n)) },
  ];
  /** What was counted, and every object but for the capture's name, which files give it. */
  async function readAndSaved(sniffit, files) {
    const { finished } = await sniffit.choose(files);
    assert.equal(finished.status, 'complete');
    const { counters, records, capture_id, skips } = finished.manifest;
    const rows = (await sniffit.export({ format: 'CSV' })).bytes.toString().split('\n').map((row) => row.split(','));
    const name = rows[0].indexOf('sniffit.capture.name');
    return [{ counters, records, capture_id, skips }, rows.map((row) => row.toSpliced(name, 1).join())];
  }
  for (const { name, files } of cases) {
    test(name, async (t) => {
      const sniffit = await world.open(t);
      const [expected, records] = await readAndSaved(sniffit, [whole]);
      const [found, others] = await readAndSaved(sniffit, files);
      assert.deepEqual(found, expected);
      assert.deepEqual(others, records);
    });
  }
});

describe('captures whose packets are known', { skip: withoutProgram }, () => {
  for (const [title, files] of [
    ['conventions', capturesIn(CONVENTIONS)],
    ['truth, real', capturesIn(REAL)],
    ['truth, lab', capturesIn(LAB).slice(0, 6)],
  ]) {
    test(`${title}: counters, records and faults are the command line's`, async (t) => {
      const sniffit = await world.open(t);
      for (const file of files) {
        const outcome = await sniffit.drop(file);
        const results = analyzed([file]);
        if (results === null) {
          assert.equal(outcome.type, 'failed', basename(file));
          continue;
        }
        assert.equal(outcome.type, 'finished', basename(file));
        const expected = JSON.parse(results.read('analysis.json'));
        const { counters, records, capture_id, analysis_id, skips, oddities } = outcome.finished.manifest;
        assert.deepEqual(
          { counters, records, capture_id, analysis_id, skips, oddities, fault: outcome.finished.manifest.inputs.map(({ fault }) => fault) },
          {
            counters: expected.counters, records: expected.records, capture_id: expected.capture_id, analysis_id: expected.analysis_id,
            skips: expected.skips, oddities: expected.oddities, fault: expected.inputs.map(({ fault }) => fault),
          },
          basename(file),
        );
      }
    });
  }
});

describe('what can not be read', () => {
  const cases = [
    { name: 'an empty file', file: written('nothing.pcap', ''), told: /nothing\.pcap, byte 0: the file is empty/ },
    { name: 'no capture', file: NOT_A_CAPTURE, told: /notes\.txt, byte 0: this is neither pcap nor pcapng/ },
    { name: 'gzip that is damaged', file: written('bad.pcap.gz', Buffer.concat([readFileSync(WEB_GZ).subarray(0, 12), Buffer.alloc(64, 0xff)])), told: /bad\.pcap\.gz/ },
    { name: 'a version that is not known', file: join(CONVENTIONS, 'unknown_magic.pcap'), told: /unknown_magic\.pcap, byte 0/ },
  ];
  for (const { name, file, told } of cases) {
    test(`${name}: said, and the page goes on`, async (t) => {
      const sniffit = await world.open(t);
      const { type } = await sniffit.drop(file);
      assert.equal(type, 'failed');
      const notice = sniffit.page.locator('.notice.bad');
      assert.match(await notice.innerText(), told);
      assert.match(await notice.innerText(), /Choose other files/);
      assert.equal((await sniffit.choose(PUSH)).type, 'finished');
      assert.equal(await notice.count(), 0);
    });
  }

  test('a capture that is cut: what comes before is shown, the place and a next step are said', async (t) => {
    const sniffit = await world.open(t);
    const bytes = gunzipSync(readFileSync(WEB_GZ));
    const { type, finished } = await sniffit.drop(written('cut.pcap', bytes.subarray(0, bytes.length - 5)));
    assert.equal(type, 'finished');
    assert.equal(finished.status, 'partial');
    assert.equal(finished.manifest.counters.frames, recordsOf(bytes).length - 1);
    assert.match(await sniffit.page.locator('.notice').innerText(), /Read in part[\s\S]*cut\.pcap, byte [\d\s]+: the file ends in the middle of a record[\s\S]*Copy the file again/);
    // Closed, it stays in the account of the data.
    await sniffit.button('Close; it stays under Data quality').click();
    await sniffit.page.locator('.notice').waitFor({ state: 'detached' });
    await sniffit.tab('Data quality');
    assert.match(await sniffit.page.locator('.findings').innerText(), /cut\.pcap, byte [\d\s]+/);
  });
});

describe('hostile files', { skip: HOSTILE ? false : '../shared/data/hostile is not here' }, () => {
  test('each is read or refused with a reason, and the page works after it', async (t) => {
    const sniffit = await world.open(t);
    const files = capturesIn(HOSTILE).concat(join(HOSTILE, 'pcapparser__assets_err-eof.bin'));
    assert.ok(files.length > 150);
    for (const file of files) {
      const { type, finished, faults, reason } = await sniffit.drop(file);
      if (type === 'failed') {
        assert.equal(reason, null, basename(file));
        assert.ok(faults.length > 0, basename(file));
        assert.ok((await sniffit.page.locator('.notice.bad li').first().innerText()).startsWith(basename(file)), basename(file));
      } else {
        assert.equal(finished.faults.length > 0, finished.status === 'partial', basename(file));
        assert.equal(await sniffit.page.locator('.notice li').count() > 0, finished.status === 'partial', basename(file));
      }
      assert.equal(await sniffit.page.getByText('The analysis has stopped').count(), 0, basename(file));
    }
    assert.deepEqual(await sniffit.news('error'), []);
    const { finished } = await sniffit.drop(PUSH);
    assert.equal(finished.status, 'complete');
  });
});

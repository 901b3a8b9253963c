// The page, as a person would use it: opened, given a file through its chooser, looked at.
//
// In:  a browser and a plan; with `row` "timeline" the timeline is moved after the file was read.
// Out: times from the choice of the file, what came out, memory, and with "timeline" what its frames took.
// Guaranteed: the page is the built one, under its own policy; all that is added is a listener at its worker's door.

import { watchWorker } from './watch.mjs';

const WHOLE_FRAMES = 20;
const CLOSE_FRAMES = 20;
/** Eleven steps of 1.5 are a factor of 86: about one per cent of the time. */
const STEPS_IN = 11;

export async function measurePage(browser, { row, capture, pageUrl }) {
  const { page } = browser;
  await page.addInitScript(watchWorker);
  await page.goto(pageUrl, { waitUntil: 'networkidle' });
  const before = await browser.usage();
  // The first chooser takes files, the other one folders.
  await page.locator('input[type=file]:not([webkitdirectory])').first().setInputFiles(capture);
  const found = await page.evaluate(() => globalThis.watched.end);
  if (found.error !== null) throw new Error(found.error);
  const result = {
    ...found,
    ...(await browser.usedSince(before)),
    heapBytes: await browser.workerHeapBytes(),
    ...(await longestTasks(page)),
    ...(row === 'timeline' ? await moveTimeline(page) : {}),
  };
  return { ...result, wasmBytes: await browser.workerMemoryBytes() };
}

/** Waits for the views of the whole capture, which are drawn after the end. */
async function longestTasks(page) {
  return page.evaluate(async () => {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return globalThis.watched.longestTasks();
  });
}

/** Redraws everything, and then a hundredth of the time, by the keys that people have for it. */
async function moveTimeline(page) {
  await page.locator('.lane-plot').focus();
  const press = async (key) => {
    const count = await page.evaluate(() => globalThis.watched.frameCount());
    await page.keyboard.press(key);
    return page.evaluate((count) => globalThis.watched.frameAfter(count), count);
  };
  // The opening view shows few lanes; this is all of it.
  await press('0');
  const whole = [];
  for (let at = 0; at < WHOLE_FRAMES; at++) {
    await press('+');
    whole.push(await press('0'));
  }
  for (let step = 0; step < STEPS_IN; step++) await press('+');
  const close = [];
  for (let at = 0; at < CLOSE_FRAMES; at++) close.push(await press(at % 2 ? 'ArrowLeft' : 'ArrowRight'));
  return { slowestFrameMs: await page.evaluate(() => globalThis.watched.slowestFrameMs()), whole: series(whole), close: series(close) };
}

function series(frames) {
  const drawn = frames.filter((frame) => frame !== null);
  return {
    objects: drawn.at(-1)?.objects ?? 0,
    drawMs: drawn.map(({ drawMs }) => drawMs),
    answerMs: drawn.map(({ answerMs }) => answerMs),
  };
}

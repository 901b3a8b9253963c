// What a person does with the page.
//
// In:  a page of the browser. Out: acts, and what is to be seen after them. Guaranteed: an act ends when the page has answered it,
//      by what its worker says, so that no test waits for time.

import { readFile } from 'node:fs/promises';

const ENDS = ['finished', 'failed'];

export class Sniffit {
  constructor(page, context, seen) {
    this.page = page;
    this.context = context;
    /** Requests, dialogs, exceptions and violations of the policy. */
    this.seen = seen;
  }

  /** Does what `act` does, and gives the first news of these types after it. */
  async after(types, act) {
    const from = await this.page.evaluate(() => globalThis.__sniffit.news.length);
    await act();
    return this.page.evaluate(([from, types]) => globalThis.__sniffit.wait(from, types), [from, types]);
  }

  /** What the worker said, of one type or of all. */
  news(type = null) {
    return this.page.evaluate((type) => globalThis.__sniffit.news.filter((news) => type === null || news.type === type), type);
  }

  /** Files and folders from the disk, as if dragged from a file manager; without the end of the reading. */
  async startDrop(paths) {
    const session = await this.context.newCDPSession(this.page);
    const data = { items: [], files: [paths].flat(), dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop']) await session.send('Input.dispatchDragEvent', { type, x: 300, y: 400, data });
    await session.detach();
  }

  /** How the reading of dropped files ended: `finished` or `failed` of the protocol. */
  drop(paths) {
    return this.after(ENDS, () => this.startDrop(paths));
  }

  /** The same for files that a script made, of names that no disk takes: `[name, bytes]`. */
  dropMade(files) {
    return this.after(ENDS, () => this.page.evaluate((files) => {
      const dataTransfer = new DataTransfer();
      for (const [name, base64] of files) dataTransfer.items.add(new File([Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))], name));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    }, files.map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')])));
  }

  async startChoosing(paths, label = 'Choose files') {
    const menu = this.page.locator('header .menu', { has: this.button(/^Open/) });
    const isInMenu = (await menu.count()) > 0;
    if (isInMenu && (await menu.locator('.panel').count()) === 0) await menu.getByRole('button').click();
    const place = isInMenu ? menu : this.page.locator('main');
    await place.locator(`input[type=file][aria-label="${label}"]`).setInputFiles(paths);
  }

  choose(paths, label) {
    return this.after(ENDS, () => this.startChoosing(paths, label));
  }

  demo() {
    return this.after(ENDS, () => this.page.getByRole('button', { name: 'Try with the demo capture' }).click());
  }

  /** What a click, or another act, saves. */
  async saved(act) {
    const [download] = await Promise.all([this.page.waitForEvent('download'), act()]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }

  button(name, within = this.page) {
    return within.getByRole('button', { name, exact: true });
  }

  tab(name) {
    return this.page.getByRole('tab', { name }).click();
  }

  /** The filter changes by `act`; the totals of what is selected then. */
  async filtered(act) {
    return (await this.after(['overview'], act)).overview;
  }

  chips() {
    return this.page.locator('.filters .chip').allInnerTexts().then((texts) => texts.map((text) => text.replace(/[✕\s]+/g, ' ').trim()));
  }

  fragment() {
    return this.page.evaluate(() => location.hash);
  }

  /** Chooses in the open export menu and saves. */
  async export({ kind = 'Objects', format = 'NDJSON', scope = null } = {}) {
    const menu = this.page.locator('.filters .menu.end');
    const panel = menu.locator('.panel');
    if (!(await panel.isVisible())) await menu.locator('button').first().click();
    await this.button(kind, panel).click();
    if (kind !== 'analysis.json') await this.button(format, panel).click();
    if (scope) await this.button(scope, panel).click();
    return this.saved(() => this.button('Save the file', panel).click());
  }
}

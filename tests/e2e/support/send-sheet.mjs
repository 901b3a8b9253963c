// The sheet that sends, as a person uses it.
//
// In: a page with a capture that was read. Out: acts, and what the sheet tells. Guaranteed: what is awaited is what is to be seen.

const KINDS = ['objects', 'streams', 'bins', 'analyses'];
const COLUMNS = ['created', 'alreadyThere', 'refused', 'waiting'];
const STATES = {
  waiting: 'Waiting for the server',
  stopped: 'Stopped; Resume goes on where it was',
  done: 'Everything arrived or was answered',
};

export class SendSheet {
  constructor(sniffit) {
    this.sniffit = sniffit;
    this.page = sniffit.page;
    this.sheet = this.page.locator('aside.sheet');
  }

  /** Opens it with a destination: an address with a key, or null for the page's own server. */
  static async open(sniffit, destination) {
    const sheet = new SendSheet(sniffit);
    await sheet.page.locator('#send').click();
    if (destination !== null) {
      await sheet.button('An address').click();
      await sheet.sheet.getByLabel('Address of Elasticsearch').fill(destination.url);
      await sheet.sheet.getByLabel('API key').fill(destination.apiKey ?? '');
    }
    return sheet;
  }

  button(name) {
    return this.sheet.getByRole('button', { name, exact: true });
  }

  /** Tests the connection; what the sheet says of it. */
  async test() {
    await this.button('Test').click();
    const answer = this.sheet.locator('form [role=status] :is(.good, .why)');
    await answer.waitFor();
    return answer.innerText();
  }

  send() {
    return this.button('Send').click();
  }

  /** Ends when sending is in this state. */
  async until(state) {
    await this.sheet.getByRole('heading', { name: STATES[state] }).waitFor({ timeout: 90_000 });
    return this;
  }

  /** What is said of why it waits or stopped. */
  why() {
    const why = this.sheet.locator('section .why').last();
    return why.innerText();
  }

  /** Documents by kind and by what became of them. */
  async counts() {
    const cells = await this.sheet.locator('tbody td').allInnerTexts();
    const number = (at) => Number(cells[at].replace(/\D/g, ''));
    return Object.fromEntries(KINDS.map((kind, row) => [
      kind, Object.fromEntries(COLUMNS.map((column, at) => [column, number(row * COLUMNS.length + at)])),
    ]));
  }

  close() {
    return this.button('Close').click();
  }
}

// A real Elasticsearch of a test's own.
//
// In: `SNIFFIT_TEST_XTASK`, the program that starts servers, and settings. Out: its address, requests to it as its
// administrator, and ways to kill it and to start it again with the same data and port. Guaranteed: it ends with the
// process of the test, because its starter stops it when the pipe to its standard input closes.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

export class Elasticsearch {
  #options;
  #starter;
  #description;

  /** Starts a server without data on a free port. */
  static async start(options) {
    const server = new Elasticsearch();
    server.#options = options;
    await server.#start(['--port', '0']);
    return server;
  }

  async #start(place) {
    const words = ['elasticsearch', '--quick', '--quiet', '--temporary', '--until-stdin-closes', ...place, ...this.#options];
    this.#starter = spawn(process.env.SNIFFIT_TEST_XTASK, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: this.#starter.stdout });
    const ended = once(this.#starter, 'exit').then(([code]) => {
      throw new Error(`the starter of Elasticsearch ended with ${code}`);
    });
    // Met only while the server starts.
    ended.catch(() => undefined);
    const [line] = await Promise.race([once(lines, 'line'), ended]);
    this.#description = JSON.parse(line);
  }

  get url() {
    return this.#description.url;
  }

  /** The status and the answer, whatever the status. */
  async request(method, path, body) {
    const password = readFileSync(this.#description.password_files.elastic, 'utf8').trim();
    const headers = {
      Authorization: `Basic ${Buffer.from(`elastic:${password}`).toString('base64')}`,
      'Content-Type': 'application/json',
    };
    const answer = await fetch(this.url + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
  }

  /** A file that holds the password of the administrator. */
  get passwordFile() {
    return this.#description.password_files.elastic;
  }

  /** Ends the server as a power cut does. */
  async kill() {
    const ended = once(this.#starter, 'exit');
    process.kill(this.#description.pid, 'SIGKILL');
    // The pipe stays open until then: closing it would ask the starter to delete the data.
    await ended;
  }

  /** Starts it again after `kill`. */
  async restart() {
    await this.#start(['--port', new URL(this.url).port, '--data', this.#description.data]);
  }

  async stop() {
    if (this.#starter.exitCode === null) {
      const ended = once(this.#starter, 'exit');
      this.#starter.stdin.end();
      await ended;
    }
    rmSync(this.#description.data, { recursive: true, force: true });
  }
}

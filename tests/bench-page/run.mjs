// One measurement in a Chromium of its own.
//
// In:  as the only argument a plan in JSON: { row, capture, timeoutS, chromium, packages, pageUrl, folders }; `packages` is the
//      folder of the page's packages, and `folders` are those that peers load from, by their first name in the address.
// Out: one line of JSON: what page.mjs or peers.mjs measured, or { error }.
// Guaranteed: the browser, its profile and all that it has cached are new each time, so that peaks of memory are this
//      measurement's alone; it ends with the time-out; nothing but the loopback is asked for anything.

import { Browser } from './chromium.mjs';
import { measurePage } from './page.mjs';
import { measurePeer } from './peers.mjs';

const PEERS = ['nothing', 'module', 'wiregasm'];

const plan = JSON.parse(process.argv[2]);
const browser = await Browser.open(plan);
let timer;
const tooLong = new Promise((_, reject) => {
  timer = setTimeout(() => reject(new Error(`no result within ${plan.timeoutS} s`)), plan.timeoutS * 1000);
});
let result;
try {
  result = await Promise.race([measure(), browser.crashed, tooLong]);
} catch (problem) {
  // The first line tells what happened; what follows is where in the driver.
  result = { error: String(problem.message).split('\n')[0] };
}
clearTimeout(timer);
console.log(JSON.stringify(result));
await browser.close();
// A server or a script that still computes must not keep this process.
process.exit(0);

function measure() {
  return PEERS.includes(plan.row) ? measurePeer(browser, plan) : measurePage(browser, plan);
}

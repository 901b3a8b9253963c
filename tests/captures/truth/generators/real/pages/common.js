// A seeded generator (mulberry32) and the distributions that the pages draw from.
let state = SEED >>> 0;
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
const sleep = ms => new Promise(done => setTimeout(done, ms));
const text = count => {
  let s = '';
  while (s.length < count) s += random().toString(36).slice(2);
  return s.slice(0, count);
};
const ask = (bytes, thinkMs, host = '') => fetch(`${host}/api/json?n=${bytes}&think=${Math.round(thinkMs)}`).then(r => r.text());
const beacon = (bytes, options = {}) => fetch((options.host || '') + '/api/beacon', { method: 'POST', body: text(bytes), ...options });

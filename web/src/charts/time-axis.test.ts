/** Ticks of time: times of day where the capture has them, else offsets. */

import { expect, test } from 'vitest';
import type { Format } from './text';
import { timeOfDayNs, timeTicks } from './time-axis';

const S = 1e9;
/** A capture that began at 12:03:07.25, or of which that is not known. */
const format = (isKnown: boolean): Format => ({
  count: String, number: String, bytes: String, rate: String, share: String, offset: String,
  duration: (ns) => `${(ns / S).toFixed(2)}\u202fs`,
  time: (ns, decimals = 3) =>
    isKnown ? new Date(ns / 1e6 + 43_387_250).toISOString().slice(11, 19) + (decimals > 0 ? `.${decimals}` : '') : `+${ns} s`,
});

test.each([
  ['times of day', true, 0, 20 * S, 4, ['12:03:10', '12:03:15', '12:03:20', '12:03:25']],
  ['parts of a second', true, 0, 0.4 * S, 2, ['12:03:07.3', '12:03:07.3']],
  ['offsets', false, 0, 20 * S, 4, ['0', '5\u202fs', '10\u202fs', '15\u202fs', '20\u202fs']],
  ['a moment', true, 5, 5, 4, []],
])('%s', (_, isKnown, from, to, most, texts) => {
  // Nine digits are asked for to learn what time of day it was.
  const known = format(isKnown);
  const time: Format['time'] = (ns, decimals) =>
    decimals === 9 && ns === 0 && isKnown ? '12:03:07.250 000 000' : known.time(ns, decimals);
  const nine: Format = { ...known, time };
  expect(timeTicks(nine, from, to, most).map(({ text }) => text)).toEqual(texts);
});

test.each([
  ['00:00:01.5', 1.5 * S],
  ['01:02:03,000\u202f000\u202f004', 3723 * S + 4],
  ['+12.345 s', null],
  ['25', null],
])('the time of day of %j', (text, ns) => {
  expect(timeOfDayNs(text)).toBe(ns);
});

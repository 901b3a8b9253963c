/** One request under way at a time, and the latest wins. */

import { expect, test } from 'vitest';
import { Latest } from './latest';

test('one question at a time, and then only the latest', async () => {
  const asked: number[] = [];
  const answered: number[] = [];
  const answers: ((fails: boolean) => void)[] = [];
  const latest = new Latest<number, number>(
    (question) => {
      asked.push(question);
      return new Promise((resolve, reject) => answers.push((fails) => (fails ? reject(new Error()) : resolve(question * 10))));
    },
    (answer) => answered.push(answer),
  );
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

  [1, 2, 3].forEach((question) => latest.want(question));
  expect(asked).toEqual([1]);
  answers[0]!(false);
  await settled();
  expect([asked, answered]).toEqual([[1, 3], [10]]);
  answers[1]!(true);
  await settled();
  latest.want(4);
  answers[2]!(false);
  await settled();
  expect([asked, answered]).toEqual([[1, 3, 4], [10, 40]]);
});

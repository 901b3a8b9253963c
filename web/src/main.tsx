/**
 * A page that shows that its parts are there.
 */

import { render } from 'preact';
import './style.css';
import { demoCapture } from './demo';
import { registerOffline } from './offline/register';
import { startWorker } from './worker/start';

const worker = startWorker();
worker.addEventListener('message', ({ data }) => {
  const page = document.getElementById('page');
  if (page) render(<p id="answer">{`${__VERSION__}: ${String(data)} bytes of objects`}</p>, page);
});
void demoCapture().then((file) => worker.postMessage(file));
void registerOffline((changeOver) => changeOver());

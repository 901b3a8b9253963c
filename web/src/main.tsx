/**
 * Where the page begins.
 *
 * In: the document. Out: the page in it, and a worker that is started when there is something to do. Guaranteed: nothing is read,
 * asked for or sent before a person does something; a newer build is told of and takes over when its reader says so.
 */

import { render } from 'preact';
import { demoCapture } from './demo';
import { registerOffline } from './offline/register';
import { storedPreferences } from './state/preferences';
import { Session } from './state/session';
import './style/index.css';
import { App } from './views/app';
import { startWorker } from './worker/start';

const session = new Session(startWorker, storedPreferences());
const place = document.getElementById('page');
if (place) render(<App session={session} demo={demoCapture} />, place);
void registerOffline((changeOver) => session.store.set({ newer: changeOver }));

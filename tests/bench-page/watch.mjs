// What passes between the page and its worker, with times.
//
// In:  nothing; the function is put into the page before the page's own scripts, so it refers to nothing outside of itself.
// Out: `globalThis.watched`: a promise of the analysis' end, the longest tasks of the main thread, frames of the timeline.
// Guaranteed: messages go on as they were; times begin with the `change` of a file chooser.

export function watchWorker() {
  /** No answer in this time means that nothing was to be drawn anew. */
  const PATIENCE_MS = 5000;
  let chosenMs = null;
  let firstOverviewMs = null;
  let overview = null;
  let endMs = Infinity;
  const tasks = { taskWhileReadingMs: 0, taskAfterMs: 0 };
  let finish;
  const frames = [];
  const asked = new Map();
  const waiting = new Set();

  addEventListener('change', ({ target }) => {
    if (target instanceof HTMLInputElement && target.type === 'file') chosenMs ??= performance.now();
  }, { capture: true });
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      if (chosenMs === null || startTime + duration < chosenMs) continue;
      const which = startTime < endMs ? 'taskWhileReadingMs' : 'taskAfterMs';
      tasks[which] = Math.max(tasks[which], duration);
    }
  }).observe({ type: 'longtask' });

  const take = ({ data }) => {
    const sinceMs = performance.now() - chosenMs;
    if (data.type === 'overview') {
      firstOverviewMs ??= sinceMs;
      overview = data.overview;
    } else if (data.type === 'finished') {
      endMs = performance.now();
      const { manifest, elapsedMs, status } = data.finished;
      finish({
        error: status === 'complete' ? null : `the analysis ended ${status}`,
        wallMs: sinceMs, analysisMs: elapsedMs, firstOverviewMs, packets: manifest.counters.frames,
        objects: overview?.all.objects ?? null, streams: overview?.all.streams ?? null,
      });
    } else if (data.type === 'failed') {
      finish({ error: data.reason ?? data.faults[0]?.reason ?? 'the file could not be read' });
    } else if (data.type === 'timeline') {
      const { drawMs, objects } = data.frame;
      frames.push({ drawMs, objects, answerMs: performance.now() - (asked.get(data.id) ?? NaN) });
      for (const wake of waiting) wake();
      waiting.clear();
    }
  };

  const Own = globalThis.Worker;
  globalThis.Worker = class extends Own {
    constructor(...words) {
      super(...words);
      this.addEventListener('message', take);
      this.addEventListener('error', ({ message }) => finish({ error: `the worker broke: ${message}` }));
    }

    postMessage(request, ...more) {
      if (request.type === 'timeline') asked.set(request.id, performance.now());
      super.postMessage(request, ...more);
    }
  };

  globalThis.watched = {
    end: new Promise((resolve) => {
      finish = resolve;
    }),
    /** Of the main thread; 0 where none took 50 ms. */
    longestTasks: () => tasks,
    frameCount: () => frames.length,
    slowestFrameMs: () => Math.max(0, ...frames.map(({ drawMs }) => drawMs)),
    /** The frame that follows so many; null when none comes. */
    frameAfter: async (count) => {
      if (frames.length <= count) {
        await new Promise((resolve) => {
          waiting.add(resolve);
          setTimeout(resolve, PATIENCE_MS);
        });
      }
      return frames[count] ?? null;
    },
  };
}

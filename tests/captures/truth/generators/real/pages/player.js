const { sizes, segmentSeconds, audio, ranges } = OPTIONS;
const get = (path, headers = {}) => fetch(path, { headers }).then(r => r.arrayBuffer());
function video(i) {
  if (!ranges) return get(`/video/v${i}.m4s`);
  const start = sizes.slice(0, i).reduce((a, b) => a + b, 0);
  return get('/video/all.m4s', { Range: `bytes=${start}-${start + sizes[i] - 1}` });
}
async function segment(i) {
  const sound = () => get(`/video/a${i}.m4s`);
  if (audio === 'parallel') return Promise.all([video(i), sound()]);
  await video(i);
  if (audio === 'after') await sound();
}
(async () => {
  const started = performance.now();
  for (let i = 0; i < sizes.length; i++) {
    await segment(i);
    const ahead = (i + 1) * segmentSeconds - (performance.now() - started) / 1000;
    if (ahead > 3 * segmentSeconds) await sleep((ahead - 3 * segmentSeconds) * 1000 + exponential(60));
    if (i % 5 === 4) beacon(lognormal(700, 0.4, 100, 3000));
  }
})();

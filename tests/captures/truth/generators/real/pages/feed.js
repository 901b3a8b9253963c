let shown = 0, busy = false;
async function more() {
  if (busy || shown >= OPTIONS.posts) return;
  busy = true;
  await ask(lognormal(6000, 0.6, 800, 40000), 30 + exponential(90));
  for (let i = 0; i < 8 && shown < OPTIONS.posts; i++, shown++) {
    const post = document.createElement('div');
    post.innerHTML = `<p>${text(300)}</p><img loading=lazy width=500 height=320 src="https://img.example/f/${shown}.png">`;
    document.body.appendChild(post);
  }
  busy = false;
}
more();
addEventListener('scroll', () => { if (innerHeight + scrollY > document.body.scrollHeight - 900) more(); });
setInterval(() => beacon(lognormal(500, 0.5, 80, 3000)), 5000);

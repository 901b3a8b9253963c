(async () => {
  await sleep(200);
  for (let tile = 0, wanted = 20; tile < 390; wanted = 4 + Math.floor(random() * 9)) {
    for (let i = 0; i < wanted && tile < 390; i++) {
      const image = new Image();
      image.src = `/t/${tile++}.png`;
      document.body.appendChild(image);
    }
    if (random() < 0.25) ask(lognormal(2500, 0.8, 200, 20000), 20 + exponential(60));
    await sleep(500 + exponential(1800));
  }
})();

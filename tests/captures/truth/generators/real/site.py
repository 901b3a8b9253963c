"""Write the static part of the sites: python -m real.site SCENARIO_JSON FOLDER. Sizes are lognormal and seeded."""
import base64
import json
import os
import random
import shutil
import struct
import sys
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
SEGMENTS, SEGMENT_S = 40, 4     # of the player
POSTS, TILES = 140, 400
LAZY_FROM = 15                  # images of a news page from which some load lazily


class Site:
    def __init__(self, seed, folder):
        self.seed, self.folder, self.rng = seed, folder, random.Random(seed)

    def put(self, path, content):
        path = os.path.join(self.folder, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())

    def size(self, median, sigma, low, high):
        return int(min(high, max(low, self.rng.lognormvariate(0, sigma) * median)))

    def text(self, count):
        return base64.b64encode(self.rng.randbytes(count * 3 // 4 + 3))[:count].decode()

    def png(self, count):
        """A valid image of one pixel and about so many bytes, in a private chunk."""
        def chunk(kind, data):
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
                + chunk(b"raNd", self.rng.randbytes(max(0, count - 80))) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b""))

    def page(self, name, script, number, options=None, head="", body=""):
        """`script`: the page's program in pages/; it sees `options`. `number` gives each page its own random sequence."""
        sources = ["const SEED = %d, OPTIONS = %s;" % (self.seed * 31 + number, json.dumps(options or {}))]
        for file in ("common", script):
            with open(f"{HERE}/pages/{file}.js") as source:
                sources.append(source.read())
        self.put(name + ".html", "<!doctype html><html><head><meta charset=utf-8><title>%s</title>%s</head><body>%s<script>%s</script>"
                 "</body></html>" % (name, head, body, "\n".join(sources)))


def news(site, pages=3):
    styles = [f"/css/s{i}.css" for i in range(site.rng.randint(2, 5))]
    scripts = [f"/js/j{i}.js" for i in range(site.rng.randint(7, 14))]
    for path in styles:
        site.put(path[1:], "/*%s*/\n.a{color:#333}" % site.text(site.size(12000, 0.8, 800, 90000)))
    for path in scripts:
        site.put(path[1:], "/*%s*/\nwindow.x=(window.x||0)+1;" % site.text(site.size(22000, 1.1, 500, 300000)))
    for number in range(1, pages + 1):
        body = "".join([news_image(site, number, i) for i in range(site.rng.randint(35, 70))])
        head = "".join(f'<link rel=stylesheet href="{path}">' for path in styles)
        for path in site.rng.sample(scripts, max(4, len(scripts) * 3 // 4)):
            head += '<script %ssrc="%s%s"></script>' % (site.rng.choice(["", "async ", "defer "]),
                                                        site.rng.choice(["", "https://img.example"]), path)
        site.page(f"news{number}", "news", number, head=head, body=body)


def news_image(site, number, i):
    """Write the image; returns its tag with some text."""
    site.put(f"i/{number}_{i}.png", site.png(site.size(14000, 1.1, 400, 400000)))
    text = site.text(site.size(400, 0.5, 50, 2000))
    lazy = "loading=lazy " if i >= LAZY_FROM and site.rng.random() < 0.6 else ""
    host = site.rng.choice(["img.example", "img.example", "www.example"])
    return f'<p>{text}</p><img {lazy}src="https://{host}/i/{number}_{i}.png" width=300 height=180>'


def feed(site):
    for i in range(POSTS):
        site.put(f"f/{i}.png", site.png(site.size(45000, 0.9, 2000, 500000)))
    site.page("feed", "feed", 100, dict(posts=POSTS))


def player(site, mbps, audio="none", ranges=False):
    """audio: none, after the video of its segment, or parallel to it. ranges: one video file, fetched by byte ranges."""
    sizes = [site.size(mbps * 125000 * SEGMENT_S, 0.35, 20000, 6000000) for _ in range(SEGMENTS)]
    if ranges:
        site.put("video/all.m4s", site.rng.randbytes(sum(sizes)))
    else:
        for i, size in enumerate(sizes):
            site.put(f"video/v{i}.m4s", site.rng.randbytes(size))
    for i in range(SEGMENTS):
        site.put(f"video/a{i}.m4s", site.rng.randbytes(site.size(12800 * SEGMENT_S, 0.1, 4000, 200000)))
    site.page("player", "player", 200, dict(sizes=sizes, segmentSeconds=SEGMENT_S, audio=audio, ranges=ranges))


def chat(site):
    site.page("chat", "chat", 300)


def events(site):
    site.page("events", "events", 400)


def maps(site):
    for i in range(TILES):
        site.put(f"t/{i}.png", site.png(site.size(13000, 0.8, 300, 120000)))
    site.page("maps", "maps", 500)


def upload(site):
    site.page("upload", "upload", 600)


def files(site, count):
    for i in range(count):
        site.put(f"d/{i}.png", site.png(site.size(60000, 1.2, 500, 3000000)))


PAGES = dict(news=news, feed=feed, player=player, chat=chat, events=events, maps=maps, upload=upload, files=files)


def write(scenario, folder):
    shutil.rmtree(folder, ignore_errors=True)
    site = Site(scenario["seed"], folder)
    for kind, options in scenario["pages"]:
        PAGES[kind](site, **options)
    site.put("favicon.ico", site.png(1200))


if __name__ == "__main__":
    write(json.loads(sys.argv[1]), sys.argv[2])

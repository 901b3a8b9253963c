"""The captures of the set `real`: python -m real.scenarios OUT [NAME...] [--jobs N]

Another SEED and other rows give another set. About six minutes with two jobs and no names.
"""
from network import campaign

SEED = 41000
ROWS = [    # name, server, protocol, RTT ms, Mbit/s, loss, seconds, pages with their options, more
    ("news-nginx-h2", "nginx", "h2", 40, 20, 0, 42, [("news", {})], {}),
    ("news-apache-h2", "apache", "h2", 30, 30, .003, 42, [("news", {})], {}),
    ("news-nginx-h1", "nginx", "h1", 60, 20, 0, 42, [("news", {})], {}),
    ("news-caddy-h3", "caddy", "h3", 35, 25, .002, 40, [("news", {})], {}),
    ("feed-caddy-h2", "caddy", "h2", 45, 25, 0, 40, [("feed", {})], {}),
    ("player-nginx-h2", "nginx", "h2", 25, 30, 0, 48, [("player", dict(audio="parallel", mbps=1.8))], {}),
    ("player-caddy-h3", "caddy", "h3", 80, 16, .005, 48, [("player", dict(audio="after", mbps=1.6))], {}),
    ("player-range-h1", "nginx", "h1", 90, 20, .003, 48, [("player", dict(ranges=True, mbps=1.6, audio="after"))], dict(ipv6=True)),
    ("chat-nginx", "nginx", "h1", 40, 20, 0, 60, [("chat", {}), ("events", {})], dict(tabs=True)),
    ("maps-node-h2", "node", "h2", 15, 40, 0, 40, [("maps", {})], dict(ipv6=True)),
    ("upload-nginx-h2", "nginx", "h2", 60, 20, 0, 40, [("upload", {})], {}),
    ("mix-nginx-gso", "nginx", "h2", 50, 30, 0, 50,
     [("player", dict(mbps=1.2)), ("chat", {}), ("news", dict(pages=2)), ("events", {})], dict(tabs=True, offload=True)),
    ("curl-apache-h2", "apache", "h2", 70, 20, .002, 45, [("files", dict(count=36))], dict(client="curl")),
]
DEFAULTS = dict(client="chromium", ipv6=False, tabs=False, offload=False)


def scenarios():
    return [dict(DEFAULTS, name=name, seed=SEED + 29 * k, server=server, protocol=protocol, rtt_ms=rtt_ms, mbit=mbit, loss=loss,
                 seconds=seconds, pages=pages, access_share=0.5 if k % 2 else 0.7, **more)
            for k, (name, server, protocol, rtt_ms, mbit, loss, seconds, pages, more) in enumerate(ROWS)]


if __name__ == "__main__":
    campaign.run("real.run", scenarios(), default_jobs=2, pause_s=5)

"""Commands and configuration of the servers: one in front on port 443, and the dynamic part behind it."""
import json
import os
import re
import shutil

HERE = os.path.dirname(os.path.abspath(__file__))
APACHE_MODULES = os.environ.get("APACHE_MODULES", "/usr/lib/apache2/modules")
CADDY_PROTOCOLS = {"h2": "h1 h2", "h3": "h1 h2 h3"}


def commands(scenario, folder, log, tls):
    """[(command, environment)] of the server processes; `folder` holds the pages in www/ and takes the configuration."""
    environment = dict(os.environ, HOME=folder, XDG_DATA_HOME=folder, XDG_CONFIG_HOME=folder)
    settings = dict(folder=folder, www=folder + "/www", log=log, certificate=tls.certificate, key=tls.key)
    front = {"nginx": nginx, "apache": apache, "caddy": caddy, "node": node}[scenario["server"]]
    backend = ["node", HERE + "/backend.js", json.dumps(dict(seed=scenario["seed"]))]
    return [(backend, environment), (front(scenario, settings), environment)]


def nginx(scenario, settings):
    path = configure("nginx.conf", settings, http2="http2" if scenario["protocol"] == "h2" else "")
    return [program("nginx"), "-c", path, "-p", settings["folder"]]


def apache(scenario, settings):
    path = configure("httpd.conf", settings, modules=APACHE_MODULES)
    return [program("apache2"), "-DFOREGROUND", "-f", path]


def caddy(scenario, settings):
    path = configure("Caddyfile", settings, protocols=CADDY_PROTOCOLS[scenario["protocol"]])
    return [program("caddy"), "run", "--config", path, "--adapter", "caddyfile"]


def node(scenario, settings):
    return ["node", HERE + "/backend.js", json.dumps(dict(settings, seed=scenario["seed"]))]


def program(name):
    path = shutil.which(name)
    if path is None:
        raise FileNotFoundError(f"{name} is not on PATH")
    return path


def configure(name, settings, **more):
    """Fill in the @names@ of a template; returns the path of the result."""
    values = dict(settings, **more)
    with open(f"{HERE}/configuration/{name}") as file:
        text = re.sub(r"@(\w+)@", lambda found: values[found[1]], file.read())
    path = f"{settings['folder']}/{name}"
    with open(path, "w") as file:
        file.write(text)
    return path

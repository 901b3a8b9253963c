"""A plan of captures that no machine can open by a path. In: a URL. Out: what `sniffit plan` prints of a folder that
looks the same: files of the same names and sizes, of which only the first bytes are there."""

import os
import subprocess
import tempfile

from sniffit_spark.source import fsspec

# Enough for the first packet of any capture, compressed or not.
HEAD_BYTES = 256 << 10


def plan(url, sniffit, options):
    """Writes the plan to standard output. The program's exit code."""
    files, root = fsspec().core.url_to_fs(url)
    found = files.find(root, detail=True)
    if not found:
        raise RuntimeError(f"{url} holds no file")
    with tempfile.TemporaryDirectory(prefix="sniffit-plan-") as folder:
        for path, facts in found.items():
            name = path[len(root):].strip("/") if path.startswith(root) else path
            if not name or ".." in name.split("/"):
                raise RuntimeError(f"{path} is not a file in the folder {url}")
            copy = os.path.join(folder, name)
            os.makedirs(os.path.dirname(copy), exist_ok=True)
            with open(copy, "wb") as head:
                head.write(files.cat_file(path, 0, min(HEAD_BYTES, facts["size"])))
                head.truncate(facts["size"])
        return subprocess.call([sniffit, "plan", folder, "--url", url.rstrip("/"), *options])

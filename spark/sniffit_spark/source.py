"""What a task does: starts `sniffit task` for one line of the plan, and feeds it where it can't open the captures.

In: a line of the plan. Out: the program's own line of JSON. Spark ships this module to its workers by value, so that
they need no package of ours."""

import ctypes
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import threading

CHUNK_BYTES = 4 << 20


def is_url(path):
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", path) is not None


def fsspec():
    try:
        import fsspec
    except ImportError:
        raise RuntimeError("captures at URLs are read by fsspec, which is missing here: pip install fsspec, with what "
                           "it needs for this URL (s3fs for s3://), on every machine") from None
    return fsspec


def feed(files, pipe):
    """Writes all files to the pipe, each exactly as long as the plan says."""
    for file in files:
        left = file["bytes"]
        with fsspec().open(file["path"], "rb") as source:
            while chunk := source.read(min(left, CHUNK_BYTES) or 1):
                if not left:
                    raise RuntimeError(f"{file['path']} is longer than the plan says: make a new plan")
                pipe.write(chunk)
                left -= len(chunk)
        if left:
            raise RuntimeError(f"{file['path']} is {left} bytes shorter than the plan says: make a new plan")
    pipe.flush()


def feed_or_kill(files, pipe, child, errors):
    try:
        feed(files, pipe)
    except BrokenPipeError:
        pass  # The program has ended, and says itself why.
    except Exception as error:
        errors.append(f"{type(error).__name__}: {error}")
        # Before the pipe's end: the program must not take what came so far for a whole recording.
        child.kill()
    try:
        pipe.close()
    except OSError:
        pass


def die_with_parent():
    """What a child does between fork and exec so that it does not outlive a worker that is killed. It is interrupted
    and not killed, so that it takes away what it has begun to write. Linux only."""
    try:
        prctl, parent = ctypes.CDLL(None).prctl, os.getpid()
    except (OSError, AttributeError, TypeError):
        return None

    def ask():
        # Whoever started Spark in the background of a script had it ignored.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)

    return ask


def run(line, command):
    """One recording by `command`, to which its plan is added. The row, or RuntimeError with the reason."""
    files = json.loads(line)["files"]
    by_url = any(is_url(file["path"]) for file in files)
    errors = []
    with tempfile.NamedTemporaryFile("w", prefix="sniffit-plan-", encoding="utf-8") as plan:
        plan.write(line + "\n")
        plan.flush()
        words = [*command, "--plan", plan.name, "--index", "0", *["--stdin"] * by_url]
        try:
            child = subprocess.Popen(words, stdin=subprocess.PIPE if by_url else subprocess.DEVNULL,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=die_with_parent())
        except OSError as error:
            raise RuntimeError(f"{command[0]} can't be started ({error.strerror}): install sniffit on every machine, "
                               "or say with --sniffit where it is") from None
        # A thread of its own, so that neither side waits for the other; `communicate` must not know of the pipe.
        pipe, child.stdin = child.stdin, None
        thread = threading.Thread(target=feed_or_kill, args=(files, pipe, child, errors), daemon=True)
        if by_url:
            thread.start()
        out, err = (text.decode(errors="replace").strip() for text in child.communicate())
        if by_url:
            thread.join()
    try:
        row = json.loads(out.splitlines()[-1])
    except (IndexError, ValueError):
        row = {}
    if row and not errors and child.returncode in (0, 3):
        return row
    ended = f"sniffit ended with exit code {child.returncode}"
    if child.returncode < 0:
        ended = f"sniffit was ended by {signal.Signals(-child.returncode).name}"
    told = err.splitlines()[-1].removeprefix("error: ") if err else None
    raise RuntimeError(errors[0] if errors else row.get("error") or told or ended)


def tasks(command, attempts):
    """What Spark's workers do with a part of the plan, (index, line) each: give its rows as text. What fails is
    raised, so that Spark tries again, but for the last time that it would."""

    def work(part):
        from pyspark import TaskContext

        is_last = TaskContext.get().attemptNumber() + 1 >= attempts
        for index, line in part:
            try:
                row = run(line, command)
            except RuntimeError as error:
                if not is_last:
                    raise
                plan = json.loads(line)
                row = {"recording": plan["recording"], "day": plan.get("day"), "state": "failed", "status": None,
                       "files": len(plan["files"]), "bytes": plan["bytes"], "faults": [],
                       "error": f"{error} (on {socket.gethostname()})"}
            yield json.dumps({**row, "index": index})

    return work

"""Rounds of the same plan by xargs and by Spark in one session, which is warm. In: master, program, plan, folder, rounds.
Out: a line of JSON for the start of the session and for each round: CPU and wall time in seconds."""

import json
import os
import resource
import shutil
import subprocess
import sys
import time

from sniffit_spark import job

TICKS = os.sysconf("SC_CLK_TCK")


def spark_cpu():
    """Of all processes of Spark: this one's living descendants, with those that they have waited for."""
    facts = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
                words = stat.read().rpartition(") ")[2].split()
        except OSError:
            continue
        facts[int(pid)] = int(words[1]), sum(map(int, words[11:15])) / TICKS
    total, above = 0.0, {os.getpid()}
    while above:
        above = {pid for pid, (parent, _) in facts.items() if parent in above}
        total += sum(facts[pid][1] for pid in above)
    return total


def xargs_cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measured(name, cpu, work):
    begun, used = time.monotonic(), cpu()
    work()
    print(json.dumps({"job": name, "cpu": cpu() - used, "wall": time.monotonic() - begun}), flush=True)


def main(master, sniffit, plan, out, rounds):
    lines = list(enumerate(job.read_plan(plan)))
    session = []
    measured("session", spark_cpu, lambda: session.append(job.start(master)))
    command = [sniffit, "task", "-q", "--out", out]
    tasks = f"seq 0 {len(lines) - 1} | xargs -P2 -I@ '{sniffit}' task -q --plan '{plan}' --index @ --out '{out}' >/dev/null"

    def by_spark():
        rows = job.stage(session[0], lines, command, len(lines))
        assert all(row["state"] == "done" for row in rows), rows

    for name in ["first", *["Spark"] * int(rounds)]:
        shutil.rmtree(out, ignore_errors=True)
        measured("xargs -P2", xargs_cpu, lambda: subprocess.run(["sh", "-c", tasks], check=True))
        shutil.rmtree(out, ignore_errors=True)
        measured(name, spark_cpu, by_spark)
    session[0].stop()


main(*sys.argv[1:])

"""The job: one Spark task for each line of a plan, in its order, and a summary. In: arguments. Out: an exit code: 0,
1 when a recording failed, 3 when one is partial, 4 when documents did not reach Elasticsearch."""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys

from sniffit_spark import report, source

MIN_JAVA = 17
INSTALL_JAVA = f"install Java {MIN_JAVA} or newer (Debian: openjdk-17-jre-headless), or let JAVA_HOME say where it is"

# Options of the program for its server, which it takes together with one only.
ELASTICSEARCH = ("api-key-file", "user", "password-file", "ca-cert", "index-by")


class Stop(Exception):
    """What ends the job, as one sentence."""


def arguments(argv):
    own, options = (argv[:argv.index("--")], argv[argv.index("--") + 1:]) if "--" in argv else (argv, [])
    is_plan = own[:1] == ["plan"]
    parser = argparse.ArgumentParser(
        prog="sniffit-spark plan" if is_plan else "sniffit-spark",
        epilog="What follows -- goes to the program `sniffit` as it is.")
    parser.add_argument("--sniffit", default="sniffit", help="the program, on every machine (default: on the PATH)")
    if is_plan:
        parser.add_argument("url", help="a folder of captures, such as s3://bucket/captures; prints its plan")
        return parser.parse_args(own[1:]), options
    parser.add_argument("--plan", required=True, help="what `sniffit plan` or `sniffit-spark plan URL` printed")
    parser.add_argument("--out", required=True, help="folder of results, which all machines share")
    parser.add_argument("--master", help="Spark's master, unless spark-submit says it (default: this machine)")
    parser.add_argument("--json", metavar="FILE", help="write a line of JSON for each recording")
    parser.add_argument("--elasticsearch", metavar="URL", help="send the results there afterwards")
    parser.add_argument("--elasticsearch-tasks", type=int, metavar="K",
                        help="tasks that send at once (default: spark.sniffit.es.concurrency, or 2)")
    for name in ELASTICSEARCH:
        parser.add_argument(f"--{name}", help="as of `sniffit task --elasticsearch`")
    return parser.parse_args(own), options


def read_plan(path):
    try:
        with open(path, encoding="utf-8") as file:
            plan = [json.loads(line) for line in file if line.strip()]
        # Workers have other current folders.
        for file in (file for recording in plan for file in recording["files"]):
            file["path"] = file["path"] if source.is_url(file["path"]) else os.path.abspath(file["path"])
    except OSError as error:
        raise Stop(f"the plan {path} can't be read: {error.strerror}; `sniffit plan FOLDER > {path}` makes one")
    except (ValueError, KeyError, TypeError):
        raise Stop(f"{path} is not a plan: `sniffit plan FOLDER > {path}` makes one")
    if not plan:
        raise Stop(f"the plan {path} is empty: did `sniffit plan` find captures?")
    return [json.dumps(recording) for recording in plan]


def check_java():
    home = os.environ.get("JAVA_HOME")
    java = shutil.which(os.path.join(home, "bin", "java") if home else "java")
    if java is None:
        where = f"JAVA_HOME={home} has no bin/java" if home else "there is no Java on the PATH"
        raise Stop(f"Spark needs Java, and {where}: {INSTALL_JAVA}")
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(?:1\.)?(\d+)', told)
    if version is None or int(version[1]) < MIN_JAVA:
        raise Stop(f"Spark needs Java {MIN_JAVA} or newer, and {java} is {version[1] if version else 'none'}: {INSTALL_JAVA}")


def start(master):
    if "PYSPARK_GATEWAY_PORT" not in os.environ:  # spark-submit has found a Java already.
        check_java()
    try:
        from pyspark import SparkConf, SparkContext, cloudpickle
    except ImportError:
        raise Stop("PySpark is missing: pip install 'pyspark>=4.1'")
    cloudpickle.register_pickle_by_value(source)
    conf = SparkConf().setAppName("sniffit").set("spark.ui.showConsoleProgress", str(sys.stderr.isatty()).lower())
    return SparkContext.getOrCreate(conf.setMaster(master) if master else conf)


def attempts(spark):
    """How often Spark tries a task: on this machine alone once, unless its master says otherwise."""
    local = re.fullmatch(r"local(?:\[[^,\]]*(?:,\s*(\d+))?\])?", spark.master)
    return int(local[1] or 1) if local else int(spark.getConf().get("spark.task.maxFailures", "4"))


def stage(spark, plan, command, count):
    """The rows of these (index, line) of the plan, by so many tasks: each has every `count`-th, so the largest come
    first."""
    parts = spark.parallelize([plan[first::count] for first in range(count)], count)
    rows = parts.flatMap(source.tasks(command, attempts(spark))).collect()
    return sorted(map(json.loads, rows), key=lambda row: row["index"])


def job(args, options):
    plan = list(enumerate(read_plan(args.plan)))
    sniffit = os.path.abspath(args.sniffit) if os.path.dirname(args.sniffit) else args.sniffit
    if (args.master or "").startswith("local") and shutil.which(sniffit) is None:
        raise Stop(f"there is no program {sniffit}: install sniffit, or say with --sniffit where it is")
    spark = start(args.master)
    try:
        command = [sniffit, "task", "-q", "--out", os.path.abspath(args.out), *options]
        rows, posted = stage(spark, plan, command, len(plan)), []
        there = [line for line, row in zip(plan, rows) if row["state"] != "failed"]
        if args.elasticsearch and there:
            most = args.elasticsearch_tasks or int(spark.getConf().get("spark.sniffit.es.concurrency", "2"))
            for name in ("elasticsearch", *ELASTICSEARCH):
                value = getattr(args, name.replace("-", "_"))
                command += [f"--{name}", value] if value else []
            posted = stage(spark, there, command, max(1, min(most, len(there))))
    finally:
        spark.stop()
    if args.json:
        with open(args.json, "w", encoding="utf-8") as file:
            sent = {row["index"]: row.get("posted") for row in posted}
            file.writelines(json.dumps({**row, "posted": sent.get(row["index"])}) + "\n" for row in rows)
    print(report.summary(rows, posted))
    return report.exit_code(rows, posted)


def main(argv):
    args, options = arguments(argv)
    try:
        if hasattr(args, "url"):
            from sniffit_spark import listing

            return listing.plan(args.url, args.sniffit, options)
        return job(args, options)
    except KeyboardInterrupt:
        return 130
    except Stop as stop:
        reason = str(stop)
    except Exception as error:
        told = str(error).strip().splitlines() or [type(error).__name__]
        reason = told[0]
        if not hasattr(args, "url"):
            reason = f"the job ended early: {told[0]}; recordings that are done stay done, run it again for the others"
    print(f"error: {reason}", file=sys.stderr)
    return 1

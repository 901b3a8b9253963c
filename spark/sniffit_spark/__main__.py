"""The command line: `sniffit-spark`, `python -m sniffit_spark` and `spark-submit …/sniffit_spark/__main__.py`."""

import os
import sys


def main():
    # spark-submit runs this file as a script, which puts its own folder first instead of the one above.
    here = os.path.dirname(os.path.abspath(__file__))
    if os.path.abspath(sys.path[0]) == here:
        sys.path[0] = os.path.dirname(here)
    from sniffit_spark import job

    sys.exit(job.main(sys.argv[1:]))


if __name__ == "__main__":
    main()

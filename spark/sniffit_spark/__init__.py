"""Runs Sniffit on Apache Spark, one task a recording. Nothing of an analysis is decided here: each task starts the
program `sniffit`, and the program writes the results."""

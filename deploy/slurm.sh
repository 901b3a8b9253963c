#!/bin/sh
# Each recording of a plan as a task of a Slurm array, without Spark: one index is one line of the plan.
#
#   sniffit plan /data/captures > plan.jsonl
#   sbatch --array=0-$(($(wc -l < plan.jsonl) - 1)) deploy/slurm.sh plan.jsonl /data/objects
#   sniffit merge /data/objects
#
# What follows the folder goes to `sniffit task`. Submit it again to do what failed: what is done is left alone.
# The captures, the plan and the folder of results must have the same paths on all nodes.
#SBATCH --job-name=sniffit
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --mem=1G
#SBATCH --time=04:00:00
set -eu
plan=${1:?the plan}
out=${2:?the folder of results}
shift 2
status=0
sniffit task --plan "$plan" --index "${SLURM_ARRAY_TASK_ID:?submit this with --array}" --out "$out" -q "$@" || status=$?
# 3: done as far as the captures can be read; the line that it printed names file and byte.
if [ "$status" -eq 3 ]; then
    status=0
fi
exit "$status"

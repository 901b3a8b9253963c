#!/bin/sh
# Called by tcpdump for each file that is complete.
#
# In: a capture file. Out: the same with .zst behind its name, which `sniffit analyze` reads as it is, and no more than
#     $RECORDER_KEEP_MB in its folder: the oldest compressed files are deleted first.
# Guaranteed: the name ends in .zst only when the file is whole; until then the former one stays.
set -eu

KEEP_MB=${RECORDER_KEEP_MB:-10000}
file=$1
folder=$(dirname "$file")

umask 077
zstd -q -f -T1 "$file" -o "$file.zst.part"
touch -r "$file" "$file.zst.part"
mv -f "$file.zst.part" "$file.zst"
rm -f "$file"

# Two files may be completed at the same time; both may count, and deleting twice is harmless.
find "$folder" -maxdepth 1 -type f -printf '%s\n' | {
    total=0
    while read -r bytes; do total=$((total + bytes)); done
    find "$folder" -maxdepth 1 -type f -name '*.zst' -printf '%T@ %s %p\n' | sort -n | while read -r _ bytes path; do
        [ "$total" -gt $((KEEP_MB * 1000000)) ] || break
        rm -f "$path"
        printf 'recorder: %s is deleted: more than %s MB are kept\n' "$path" "$KEEP_MB"
        total=$((total - bytes))
    done
}

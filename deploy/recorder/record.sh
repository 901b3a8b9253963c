#!/bin/sh
# Records what passes an interface into files that are rotated, compressed, and deleted when they are too many.
#
# In: the environment below. Out: $RECORDER_FOLDER/INTERFACE-YYYYMMDDTHHMMSSZ.pcap, in UTC, with times in nanoseconds, for
#     the file that is being written, and .pcap.zst for those that are complete.
# Guaranteed: files are readable by their owner only. It waits for the interface; when the interface goes, it ends with an
#     error, so that who runs it starts it again. On SIGTERM and SIGINT what came before is written and the last file whole.
#
# `--healthy` tells by its exit code whether packets are being recorded. Needs a POSIX shell, tcpdump, zstd and findutils.
set -eu

INTERFACE=${RECORDER_INTERFACE:-wg0}
# An expression of tcpdump; empty is everything.
FILTER=${RECORDER_FILTER:-}
# Bytes kept of each packet; 0 is all of them.
SNAPLEN=${RECORDER_SNAPLEN:-0}
ROTATE_SECONDS=${RECORDER_ROTATE_SECONDS:-3600}
ROTATE_MB=${RECORDER_ROTATE_MB:-500}
FOLDER=${RECORDER_FOLDER:-/captures}
ROTATED=${RECORDER_ROTATED:-/usr/local/bin/rotated}

say() { printf 'recorder: %s\n' "$*"; }

fail() {
    printf 'recorder: %s\n' "$*" >&2
    exit 1
}

# Not /sys/class/net, which shows the network that the container's file system was made in.
has_interface() { grep -q "^ *$INTERFACE:" /proc/net/dev; }

if [ "${1-}" = --healthy ]; then
    has_interface && grep -qsx tcpdump /proc/[0-9]*/comm
    exit
fi

case $INTERFACE in
    any) fail "on \`any\` each packet is recorded twice, in the tunnel and outside: name one interface" ;;
    "" | *[!A-Za-z0-9._-]*) fail "RECORDER_INTERFACE is \`$INTERFACE\`: it must be the name of an interface, such as wg0" ;;
esac
for value in "$SNAPLEN" "$ROTATE_SECONDS" "$ROTATE_MB" "${RECORDER_KEEP_MB:-10000}"; do
    case $value in "" | *[!0-9]*) fail "\`$value\` is not a number: see RECORDER_SNAPLEN, _ROTATE_SECONDS, _ROTATE_MB and _KEEP_MB" ;; esac
done
if [ "$ROTATE_SECONDS" -eq 0 ] || [ "$ROTATE_MB" -eq 0 ]; then
    fail "RECORDER_ROTATE_SECONDS and RECORDER_ROTATE_MB must be above 0"
fi
[ -w "$FOLDER" ] || fail "$FOLDER can't be written by user $(id -u)"

# Names of files are in UTC, whatever the machine's zone.
export TZ=UTC
umask 077

# What a former run left uncompressed was its last file, which nobody writes any more.
for left in "$FOLDER"/*.pcap "$FOLDER"/*.pcap[0-9]*; do
    case $left in *.zst | *.zst.part) continue ;; esac
    [ -f "$left" ] && "$ROTATED" "$left"
done

has_interface || say "waiting for $INTERFACE"
until has_interface; do sleep 1; done

say "recording $INTERFACE into $FOLDER, a file per $ROTATE_SECONDS s or $ROTATE_MB MB${FILTER:+, only: $FILTER}"
stopping=
trap 'stopping=yes' INT TERM
# -B: 16 MiB between the kernel and tcpdump, so that a slow disk loses nothing. -p: a tunnel has no other stations. -Z is not
# needed, for there are no rights to give up. The filter is one argument and no list of options.
tcpdump -i "$INTERFACE" -n -p -B 16384 -s "$SNAPLEN" --time-stamp-precision=nano \
    -G "$ROTATE_SECONDS" -C "$ROTATE_MB" -z "$ROTATED" -w "$FOLDER/$INTERFACE-%Y%m%dT%H%M%SZ.pcap" -- "$FILTER" &
recorder=$!
status=0
wait "$recorder" || status=$?
if [ -n "$stopping" ]; then
    # The kernel hands packets over in blocks, once a second at the latest, and tcpdump would leave out what it was not given.
    sleep 2
    kill -TERM "$recorder"
    status=0
    wait "$recorder" || status=$?
fi
exit "$status"

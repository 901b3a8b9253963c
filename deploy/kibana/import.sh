#!/bin/sh
# Imports Sniffit's dashboards into Kibana.
#
# In: the environment, and saved objects, one a line, in the file $OBJECTS.
# Out: the objects are in Kibana; those with the same ids are replaced.
# Guaranteed: exit code 0 means that Kibana said it took all of them. It may answer 200 and refuse some: then its reasons
#      are printed and the exit code is 1. The password is neither printed nor part of a command line.
#
# Needs a POSIX shell, curl, sed and grep.
set -eu

: "${KIBANA_URL:?the address of Kibana, such as http://kibana:5601}"
: "${ELASTIC_PASSWORD:?the password of the user elastic}"
: "${OBJECTS:?the file of saved objects}"
# Seconds for which a Kibana that is not ready yet is asked again, and between two questions.
PATIENCE=${PATIENCE:-300}
PAUSE=${PAUSE:-3}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
reply=$scratch/reply

fail() {
    printf 'dashboards: %s\n' "$*" >&2
    exit 1
}

# send: prints the status, 000 if there was no answer; the answer is in $reply. Kibana wants the header kbn-xsrf, with any
# content, as a sign that no foreign page sent the request.
send() {
    : >"$reply"
    printf 'user = "elastic:%s"\n' "$ELASTIC_PASSWORD" | curl -sS -K - -o "$reply" -w '%{http_code}' --max-time 120 \
        -H 'kbn-xsrf: sniffit' -F "file=@$OBJECTS;filename=sniffit.ndjson;type=application/ndjson" \
        "$KIBANA_URL/api/saved_objects/_import?overwrite=true" 2>"$scratch/error" || true
}

# One error a line. The answer is one line of JSON without spaces between its words.
reasons() { sed 's/},{"id"/},\n{"id"/g' "$reply"; }

[ -s "$OBJECTS" ] || fail "$OBJECTS is missing or empty"
case $ELASTIC_PASSWORD in *[\"\\]*) fail "ELASTIC_PASSWORD holds a quote or a backslash: openssl rand -hex 32 makes one without" ;; esac

until=$(($(date +%s) + PATIENCE))
while :; do
    status=$(send)
    case $status in
        000 | 429 | 502 | 503 | 504) ;;
        *) break ;;
    esac
    [ "$(date +%s)" -lt "$until" ] || break
    sleep "$PAUSE"
done

case $status in
    200) ;;
    000) fail "no answer from $KIBANA_URL within $PATIENCE s: $(cat "$scratch/error")" ;;
    401 | 403) fail "Kibana refuses the user elastic (status $status): is ELASTIC_PASSWORD the one of the first start?" ;;
    *) fail "status $status: $(reasons)" ;;
esac
if grep -q '"success":false' "$reply" || ! grep -q '"success":true' "$reply"; then
    fail "Kibana did not take all objects:
$(reasons)"
fi
count=$(sed -n 's/.*"successCount":\([0-9]*\).*/\1/p' "$reply")
printf 'dashboards: %s objects imported\n' "$count"

#!/bin/sh
# Prepares Elasticsearch for Sniffit, once and again.
#
# In: the environment, and the templates in $TEMPLATES/{component,index}/NAME.json, each the body of its PUT.
# Out: the password of `kibana_system`, the templates, the role `sniffit_writer`, and in $KEY_FILE an API key that can add
#      documents to sniffit-* and do nothing else.
# Guaranteed: a second run changes nothing. The key in the file is kept as long as it works; one that is made anew revokes
#      those made before. A secret is neither printed nor part of a command line. Exit code 0 means that all of it is there.
#
# Needs a POSIX shell, curl, sed and grep.
set -eu

: "${ELASTICSEARCH_URL:?the address of Elasticsearch, such as http://elasticsearch:9200}"
: "${ELASTIC_PASSWORD:?the password of the user elastic}"
: "${KIBANA_SYSTEM_PASSWORD:?the password that kibana_system is to have}"
: "${TEMPLATES:?the folder of the templates}"
: "${KEY_FILE:?the file for the API key}"
# Seconds for which an Elasticsearch that does not answer yet is asked again.
PATIENCE=${PATIENCE:-120}

# Who changes the privileges below changes the name too, so that a key with the former ones is replaced.
KEY_NAME=sniffit-writer
# Ops of the kind `create` on Sniffit's own indices: no reading, no overwriting, no deleting. `monitor` is for the health
# check of the page; `auto_configure` lets the first document make its index, by our template.
WRITER='"cluster":["monitor"],"indices":[{"names":["sniffit-*"],"privileges":["create_doc","auto_configure"]}]'

umask 027
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
reply=$scratch/reply

say() { printf 'setup: %s\n' "$*"; }

fail() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

# They go into JSON and into curl's configuration, where a quote or a backslash would mean something.
check_secret() {
    case $2 in
        *[!A-Za-z0-9_.-]*) fail "$1 may hold letters, digits, dots, dashes and underscores only: openssl rand -hex 32 makes one" ;;
    esac
    [ ${#2} -ge 12 ] || fail "$1 is shorter than 12 characters: openssl rand -hex 32 makes one"
}

# once CREDENTIALS METHOD PATH [BODY]: prints the status, 000 if there was no answer; the answer is in $reply.
# What is secret, credentials and bodies, reaches curl by standard input and files.
once() {
    : >"$reply"
    printf '%s' "${4-}" >"$scratch/body"
    printf '%s\n' "$1" | curl -sS -K - -o "$reply" -w '%{http_code}' --max-time 60 -X "$2" \
        -H 'Content-Type: application/json' ${4:+--data-binary @"$scratch/body"} \
        "$ELASTICSEARCH_URL$3" 2>"$scratch/error" || true
}

ADMINISTRATOR="user = \"elastic:$ELASTIC_PASSWORD\""

# ask METHOD PATH [BODY]: as the administrator, until there is an answer that waiting would not change.
ask() {
    until=$(($(date +%s) + PATIENCE))
    while :; do
        status=$(once "$ADMINISTRATOR" "$@")
        case $status in
            000 | 408 | 429 | 502 | 503 | 504) ;;
            *) return 0 ;;
        esac
        [ "$(date +%s)" -lt "$until" ] || return 0
        sleep 2
    done
}

# must WHAT METHOD PATH [BODY]: the same, and anything but success ends the script.
must() {
    what=$1
    shift
    ask "$@"
    case $status in
        2??) ;;
        000) fail "$what: no answer from $ELASTICSEARCH_URL within $PATIENCE s: $(cat "$scratch/error")" ;;
        401) fail "$what: the password of elastic is not ELASTIC_PASSWORD. It is stored at the first start: put the former one into .env" ;;
        *) fail "$what: status $status: $(cat "$reply")" ;;
    esac
}

put_templates() {
    count=0
    for path in "$TEMPLATES/$1"/*.json; do
        [ -f "$path" ] || fail "there are no templates in $TEMPLATES/$1"
        name=${path##*/}
        name=${name%.json}
        must "$2 $name" PUT "/$3/$name" "$(cat "$path")"
        count=$((count + 1))
    done
    say "$count $2s"
}

key_works() {
    [ -s "$KEY_FILE" ] || return 1
    key=$(cat "$KEY_FILE")
    case $key in *[!A-Za-z0-9+/=_-]*) return 1 ;; esac
    status=$(once "header = \"Authorization: ApiKey $key\"" GET /_security/_authenticate)
    case $status in
        200) grep -q "\"name\" *: *\"$KEY_NAME\"" "$reply" ;;
        401) return 1 ;;
        *) fail "API key: it can't be told whether $KEY_FILE works: status $status: $(cat "$reply" "$scratch/error")" ;;
    esac
}

make_key() {
    must "former API keys" DELETE /_security/api_key "{\"name\":\"$KEY_NAME\",\"owner\":true}"
    must "API key" POST /_security/api_key "{\"name\":\"$KEY_NAME\",\"role_descriptors\":{\"sniffit_writer\":{$WRITER}}}"
    key=$(sed -n 's/.*"encoded" *: *"\([A-Za-z0-9+\/=_-]*\)".*/\1/p' "$reply")
    [ -n "$key" ] || fail "API key: Elasticsearch's answer has no key in the field encoded"
    # Whole or not at all: who reads the file finds the former key or the new one. The group may read it, nobody else.
    printf '%s\n' "$key" >"$KEY_FILE.new"
    chmod 640 "$KEY_FILE.new"
    mv -f "$KEY_FILE.new" "$KEY_FILE"
}

check_secret ELASTIC_PASSWORD "$ELASTIC_PASSWORD"
check_secret KIBANA_SYSTEM_PASSWORD "$KIBANA_SYSTEM_PASSWORD"

must "Elasticsearch" GET "/_cluster/health?wait_for_status=yellow&timeout=30s"
say "Elasticsearch answers"
must "password of kibana_system" POST /_security/user/kibana_system/_password "{\"password\":\"$KIBANA_SYSTEM_PASSWORD\"}"
say "password of kibana_system"
put_templates component "component template" _component_template
put_templates index "index template" _index_template
must "role sniffit_writer" PUT /_security/role/sniffit_writer "{$WRITER}"
say "role sniffit_writer"
if key_works; then
    say "API key: the one in $KEY_FILE works and stays"
else
    make_key
    say "API key: a new one is in $KEY_FILE; a page that already runs needs \`docker compose restart web\`"
fi

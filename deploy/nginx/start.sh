#!/bin/sh
# Starts nginx with the page and the way to Elasticsearch.
#
# In: the environment below, and the API key in $SNIFFIT_KEY_FILE. Out: nginx in place of this process.
# Guaranteed: what ends up in nginx's configuration was checked before, so that no value can mean more than it says. The key
#      is in a file that only this user can read. Arguments go to nginx (`-t` checks the configuration and ends).
#
# Needs a POSIX shell, sed and nginx.
set -eu

# Address and port, or port, that the page is served at.
LISTEN=${SNIFFIT_LISTEN:-8080}
ELASTICSEARCH=${SNIFFIT_ELASTICSEARCH:-elasticsearch:9200}
# Names by which the page may be opened, besides those of this machine.
HOSTS=${SNIFFIT_HOSTS:-}
KEY_FILE=${SNIFFIT_KEY_FILE:-/run/sniffit/api-key}
PAGE=${SNIFFIT_PAGE:-/usr/share/sniffit}
# A folder that can be written to.
RUN=${SNIFFIT_RUN:-/tmp/sniffit}
HERE=$(cd "$(dirname "$0")" && pwd)

fail() {
    printf 'web: %s\n' "$*" >&2
    exit 1
}

# check NAME VALUE PATTERN WHAT: the value is not empty and holds no character of the pattern.
check() {
    case $2 in
        "") fail "$1 is empty: it must be $4" ;;
        *) ;;
    esac
    # The pattern is meant as one.
    # shellcheck disable=SC2254
    case $2 in $3) fail "$1 is \`$2\`: it must be $4" ;; esac
}

check SNIFFIT_LISTEN "$LISTEN" '*[!0-9a-fA-F.:[]*' "a port, or an address and a port"
check SNIFFIT_ELASTICSEARCH "$ELASTICSEARCH" '*[!0-9A-Za-z.:_-]*' "a host and a port, such as elasticsearch:9200"
check SNIFFIT_HOSTS "localhost $HOSTS" '*[!0-9A-Za-z.\ -]*' "host names with spaces between, without ports"
check SNIFFIT_PAGE "$PAGE" '*[!0-9A-Za-z./_-]*' "the folder of the page"
check SNIFFIT_RUN "$RUN" '*[!0-9A-Za-z./_-]*' "a folder that can be written to"
check "the folder of start.sh" "$HERE" '*[!0-9A-Za-z./_-]*' "free of blanks and signs that mean something to nginx"
[ -f "$PAGE/index.html" ] || fail "there is no page: $PAGE/index.html is missing"
[ -r "$KEY_FILE" ] || fail "there is no API key that can be read in $KEY_FILE: did the service setup succeed?"
KEY=$(cat "$KEY_FILE")
case $KEY in
    "" | *[!A-Za-z0-9+/=_-]*) fail "$KEY_FILE does not hold an API key in its encoded form: run the service setup again" ;;
esac

# Docker's own name server, or whatever this machine asks.
RESOLVER=$(sed -n 's/^nameserver[[:space:]]\{1,\}\([0-9.]\{7,15\}\)[[:space:]]*$/\1/p' /etc/resolv.conf | head -n 1)
RESOLVER=${RESOLVER:-127.0.0.11}

umask 077
mkdir -p "$RUN"
printf 'proxy_set_header Authorization "ApiKey %s";\n' "$KEY" >"$RUN/authorization.conf"
sed -e "s|@LISTEN@|$LISTEN|g" -e "s|@ELASTICSEARCH@|$ELASTICSEARCH|g" -e "s|@RESOLVER@|$RESOLVER|g" \
    -e "s|@HOSTS@|localhost 127.0.0.1 [::1] $HOSTS|g" -e "s|@PAGE@|$PAGE|g" -e "s|@RUN@|$RUN|g" -e "s|@HERE@|$HERE|g" \
    "$HERE/nginx.conf.in" >"$RUN/nginx.conf"

exec nginx -p "$RUN" -c "$RUN/nginx.conf" -e stderr -g 'daemon off;' "$@"

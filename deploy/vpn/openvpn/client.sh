#!/bin/sh
# Makes a profile with which one phone can join.
#
# In: the phone's name. Out: on standard output, a profile with the phone's own key in it: treat it as a password.
# Guaranteed: the key is stored nowhere else; a lost profile is made anew. A name may be used again, for the same phone.
set -eu

FOLDER=${OPENVPN_FOLDER:-/etc/openvpn}
NAME=${1-}

fail() {
    printf 'client: %s\n' "$*" >&2
    exit 1
}

case $NAME in "" | *[!A-Za-z0-9-]*) fail "name the phone, in letters, digits and dashes: client phone" ;; esac
case ${VPN_HOST:-auto} in auto | *[!A-Za-z0-9.-]*) fail "set VPN_HOST in .env to the server's name or address, as the phone reaches it" ;; esac
[ -s "$FOLDER/server.crt" ] || fail "the server has no keys yet: start it first"

umask 077
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$scratch/key" -out "$scratch/csr" \
    -subj "/CN=$NAME" 2>/dev/null
printf 'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=clientAuth\n' >"$scratch/ext"
openssl x509 -req -in "$scratch/csr" -CA "$FOLDER/ca.crt" -CAkey "$FOLDER/ca.key" -set_serial "0x$(openssl rand -hex 16)" \
    -days 825 -sha256 -extfile "$scratch/ext" -out "$scratch/crt" 2>/dev/null

cat <<PROFILE
client
dev tun
proto udp
remote $VPN_HOST ${VPN_PORT:-1194}
nobind
persist-key
persist-tun
remote-cert-tls server
verb 2
<ca>
$(cat "$FOLDER/ca.crt")
</ca>
<cert>
$(cat "$scratch/crt")
</cert>
<key>
$(cat "$scratch/key")
</key>
<tls-crypt>
$(grep -v '^#' "$FOLDER/tls-crypt.key")
</tls-crypt>
PROFILE

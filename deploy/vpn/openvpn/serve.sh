#!/bin/sh
# Runs an OpenVPN server on tun0.
#
# In: the environment below, and what a former start left in $FOLDER. Out: a server that phones with a profile of client.sh
#     can join, all of whose traffic passes tun0.
# Guaranteed: keys are made once, on this machine, and are readable by root only. The server becomes a user without rights
#     when its interface is there.
#
# Needs a POSIX shell, openvpn, openssl, iproute2 and iptables; NET_ADMIN, SETUID and SETGID.
set -eu

FOLDER=${OPENVPN_FOLDER:-/etc/openvpn}
# The phones get addresses in this /24.
SUBNET=${VPN_SUBNET:-10.13.13.0}
DNS=${VPN_DNS:-9.9.9.9}
# The interface towards the Internet.
OUTSIDE=${OPENVPN_OUTSIDE:-eth0}

fail() {
    printf 'openvpn: %s\n' "$*" >&2
    exit 1
}

case $SUBNET in "" | *[!0-9.]*) fail "VPN_SUBNET is \`$SUBNET\`: it must be an address such as 10.13.13.0" ;; esac
case $DNS in "" | *[!0-9.]*) fail "OPENVPN_DNS is \`$DNS\`: it must be an address such as 9.9.9.9" ;; esac

umask 077

# A certificate authority of this server's own. Its key stays here because new phones need it.
if [ ! -s "$FOLDER/server.crt" ]; then
    cd "$FOLDER"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -sha256 \
        -keyout ca.key -out ca.crt -subj "/CN=Sniffit VPN" \
        -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign" 2>/dev/null
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout server.key -out server.csr \
        -subj "/CN=server" 2>/dev/null
    printf 'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=serverAuth\n' >server.ext
    openvpn --genkey tls-crypt tls-crypt.key
    # Last, so that an interrupted start begins again.
    openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -sha256 -extfile server.ext \
        -out server.crt 2>/dev/null
    rm -f server.csr server.ext
    printf 'openvpn: new keys are in %s\n' "$FOLDER"
fi

# Once, also when the container was only restarted. A server without NAT of its own, such as a laboratory, has no iptables.
if [ "$OUTSIDE" != none ]; then
    iptables -t nat -C POSTROUTING -s "$SUBNET/24" -o "$OUTSIDE" -j MASQUERADE 2>/dev/null \
        || iptables -t nat -A POSTROUTING -s "$SUBNET/24" -o "$OUTSIDE" -j MASQUERADE
fi

# Data channel offload is left out: it is a kernel module that the machine may lack. IPv6 goes into the tunnel and ends
# there, so that nothing passes beside the recorder.
exec openvpn --dev tun0 --dev-type tun --topology subnet --server "$SUBNET" 255.255.255.0 \
    --proto udp --port "${OPENVPN_LISTEN:-1194}" --disable-dco --keepalive 10 60 --dh none \
    --ca "$FOLDER/ca.crt" --cert "$FOLDER/server.crt" --key "$FOLDER/server.key" \
    --tls-crypt "$FOLDER/tls-crypt.key" --tls-version-min 1.2 --remote-cert-tls client \
    --push "redirect-gateway def1 ipv6" --push "dhcp-option DNS $DNS" \
    --push "ifconfig-ipv6 fd15:5e1f:1::2/64 fd15:5e1f:1::1" --push block-ipv6 \
    --persist-key --persist-tun --user nobody --group nogroup --verb 2

#!/bin/sh
# The names that tshark finds, capture by capture: `names.sh FOLDER… > names.csv`.
#
# A row for each name of a capture and where it stands: in how many streams (the first name of each), or, of answers, for
# how many addresses. Made with tshark 4.0.17, which reassembles, decrypts QUIC's Initial packets, and looks into all tunnels.
set -eu
export LC_ALL=C

row() { # capture, source; a line "stream<TAB>name" each from standard input, in the order of the capture
    awk -F '\t' -v capture="$1" -v source="$2" '
        $2 != "" && !seen[$1]++ { count[tolower($2)]++ }
        END { for (name in count) printf "%s,%s,%s,%d\n", capture, source, name, count[name] }' | sort
}

echo capture,source,name,count
for folder in "$@"; do
    for path in "$folder"/*; do
        case $path in *.pcap | *.pcapng | *.cap | *.gz) ;; *) continue ;; esac
        case $path in *.csv.gz) continue ;; esac
        name=$(basename "$path")
        ask() {
            filter=$1
            shift
            tshark -r "$path" -Y "$filter" -T fields -E occurrence=f "$@" 2>/dev/null || true
        }
        ask 'tls.handshake.type == 1 && tcp' -e tcp.stream -e tls.handshake.extensions_server_name | row "$name" tls_sni
        ask 'tls.handshake.type == 1 && quic' -e udp.stream -e tls.handshake.extensions_server_name | row "$name" quic_sni
        ask 'http.request' -e tcp.stream -e http.host | row "$name" http_host
        # Of the records only those of the answer: others give addresses of name servers.
        { tshark -r "$path" -Y 'dns.flags.response == 1 && udp.srcport == 53' -O dns -V 2>/dev/null || true; } |
            awk '
                /^    [A-Z][A-Za-z ]*$/ { section = $1 }
                section == "Queries" && /^        [^ ].*: type / { asked = $1; sub(/:$/, "", asked) }
                section == "Answers" && /^        [^ ].*: type A+, class IN, addr / { print asked " " $NF "\t" asked }' |
            row "$name" dns
    done
done

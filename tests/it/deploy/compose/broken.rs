//! Each rule is known to fail: a change of the real file, and what is said about it.

use super::{load, read};

struct Case {
    /// The text of the file that is changed, once.
    from: &'static str,
    to: &'static str,
    told: &'static str,
}

const fn case(from: &'static str, to: &'static str, told: &'static str) -> Case {
    Case { from, to, told }
}

const CASES: &[Case] = &[
    case(
        "127.0.0.1:${ELASTICSEARCH_PORT:-9200}:9200",
        "9200:9200",
        "elasticsearch: port 9200:9200 must be on 127.0.0.1",
    ),
    case("127.0.0.1:${KIBANA_PORT", "0.0.0.0:${KIBANA_PORT", "kibana: port 0.0.0.0:5601:5601 must be"),
    case("127.0.0.1:${WEB_PORT:-8080}:8080", "8080", "web: port 8080 must be on 127.0.0.1"),
    case("51820/udp\"", "51820/tcp\"", "vpn: port 51820:51820/tcp must be on 127.0.0.1"),
    case("1.0.20250521-r1-ls110", "latest", "vpn: the image lscr.io/linuxserver/wireguard:latest must have"),
    case(":1.0.20250521-r1-ls110", "", "vpn: the image lscr.io/linuxserver/wireguard must have"),
    case("kibana/kibana:${STACK_VERSION:-8.19.21}", "kibana/kibana:${STACK_VERSION}", "kibana: the image"),
    case(
        "elasticsearch/elasticsearch:${STACK_VERSION:-8.19.21}",
        "elasticsearch/elasticsearch:${STACK_VERSION:-latest}",
        "setup: the image",
    ),
    case("test: [\"CMD\", \"wg\"", "tests: [\"CMD\", \"wg\"", "vpn: it keeps running and needs a health check"),
    case(
        "[\"CMD\", \"wget\", \"-q\", \"-O\", \"/dev/null\", \"http://127.0.0.1:8080/\"]",
        "[\"NONE\"]",
        "web: it keeps running",
    ),
    case(
        "restart: \"no\"\n    depends_on:\n      kibana",
        "restart: always\n    depends_on:\n      kibana",
        "dashboards: it must say restart",
    ),
    case("network_mode: service:vpn", "network_mode: host", "recorder: network_mode: host"),
    case("stop_grace_period: 30s", "privileged: true", "recorder: privileged is everything"),
    case("stop_grace_period: 30s", "pid: host", "recorder: pid: host"),
    case("cap_add: [NET_RAW]", "cap_add: [NET_RAW, NET_ADMIN]", "recorder: the capability NET_ADMIN is not needed"),
    case("cap_add: [NET_ADMIN]", "cap_add: [NET_ADMIN, SYS_MODULE]", "vpn: the capability SYS_MODULE is not needed"),
    case(
        "cap_add: [NET_RAW]\n",
        "cap_add: [NET_RAW]\n    security_opt: *no-new-privileges\n",
        "recorder: no-new-privileges takes",
    ),
    case("read_only: true\n    # For `check`", "# For `check`", "recorder: its file system must be read-only"),
    case(
        "mem_limit: ${KIBANA_MEMORY:-1g}\n    cap_drop: [ALL]",
        "mem_limit: ${KIBANA_MEMORY:-1g}",
        "kibana: cap_drop: [ALL] is missing",
    ),
    case(
        "cap_add: [NET_ADMIN]\n    security_opt: *no-new-privileges",
        "cap_add: [NET_ADMIN]",
        "vpn: no-new-privileges is missing",
    ),
    case("    mem_limit: ${KIBANA_MEMORY:-1g}\n", "", "kibana: mem_limit is missing"),
    case("max-size: 10m, ", "", "web: its log grows without end"),
    case(
        "${KIBANA_SESSION_KEY:?set KIBANA_SESSION_KEY in .env; .env.example says how}",
        "0123456789abcdef",
        "kibana: XPACK_SECURITY_ENCRYPTIONKEY must be",
    ),
    case(
        "${KIBANA_SESSION_KEY:?set KIBANA_SESSION_KEY in .env; .env.example says how}",
        "${KIBANA_SESSION_KEY:-changeme}",
        "KIBANA_SESSION_KEY must stop everything",
    ),
    case(
        "KIBANA_URL: http://kibana:5601",
        "KIBANA_URL: http://elastic:${ELASTIC_PASSWORD}@kibana:5601",
        "ELASTIC_PASSWORD must stop everything",
    ),
    case("./deploy/kibana:/deploy:ro", "./deploy/kibanas:/deploy:ro", "dashboards: ./deploy/kibanas does not exist"),
    case("./deploy/kibana:/deploy:ro", "./deploy/kibana:/deploy", "dashboards: ./deploy/kibana must be read-only"),
    case(
        "captures:/captures",
        "/var/run/docker.sock:/captures",
        "recorder: /var/run/docker.sock belongs to the machine",
    ),
    case(
        "dockerfile: deploy/web/Dockerfile",
        "dockerfile: deploy/web/Dockerfil",
        "web: deploy/web/Dockerfil does not exist",
    ),
    case("${WEB_PORT:-8080}", "${WEBPORT:-8080}", "WEBPORT is not in .env.example"),
    case(
        "setup: { condition: service_completed_successfully }\n    environment:\n      SERVER_NAME",
        "setup: { condition: service_started }\n    environment:\n      SERVER_NAME",
        "kibana: it must wait for setup by service_completed_successfully",
    ),
    case(
        "kibana: { condition: service_healthy }",
        "kibana: { condition: service_started }",
        "dashboards: it must wait for kibana by service_healthy",
    ),
];

#[test]
fn each_rule_can_fail() {
    let (text, settings) = (read("docker-compose.yml"), read(".env.example"));
    for Case { from, to, told } in CASES {
        assert!(text.contains(from), "the file has no {from:?} any more: write the case anew");
        let faults = load(&text.replacen(from, to, 1), &settings).faults();
        assert!(
            faults.iter().any(|fault| fault.contains(told)),
            "{from:?} as {to:?} should give {told:?}, not {faults:#?}"
        );
    }
}

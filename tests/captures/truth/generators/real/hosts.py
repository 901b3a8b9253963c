"""Names and addresses of the servers (RFC 5737 and RFC 3849 documentation ranges)."""
from wire.packet import CLIENT_IPV4, CLIENT_IPV6

NUMBERS = {"www.example": 20, "img.example": 21, "api.example": 22, "video.example": 10, "chat.example": 30,
           "maps.example": 60, "files.example": 40}
NAMES = {number: name for name, number in NUMBERS.items()}
CLIENT_ADDRESSES = [CLIENT_IPV4, CLIENT_IPV6]


def address(name, ipv6):
    return f"2001:db8:113::{NUMBERS[name]}" if ipv6 else f"203.0.113.{NUMBERS[name]}"


SERVER_ADDRESSES = [address(name, ipv6) for ipv6 in (False, True) for name in NUMBERS]

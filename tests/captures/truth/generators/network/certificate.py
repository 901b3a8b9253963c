"""A self-signed certificate for every host of the laboratory, made anew for each run."""
import base64
import hashlib
import subprocess
from typing import NamedTuple


class Certificate(NamedTuple):
    certificate: str    # paths of PEM files
    key: str
    pin: str            # base64 SHA-256 of the public key, as browsers pin it


def make(folder):
    certificate, key = f"{folder}/cert.pem", f"{folder}/key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=*.example",
                    "-out", certificate, "-keyout", key], check=True, stderr=subprocess.DEVNULL)
    public = subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"], check=True, capture_output=True)
    return Certificate(certificate, key, base64.b64encode(hashlib.sha256(public.stdout).digest()).decode())

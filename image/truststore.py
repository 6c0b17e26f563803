"""Write the authorities that Python trusts as a truststore for Java, which has a list of its own.

In a network whose proxy signs with an authority of its own, the base image names it in SSL_CERT_FILE; Java,
which fetches Spark's S3A while the image is built, would not trust it.

    python truststore.py FILE        the password is `changeit`, Java's default
"""

from __future__ import annotations

import ssl
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12


def write_truststore(target: Path) -> None:
    """Write every authority of Python's default context to `target`, as PKCS #12."""
    trusted = ssl.create_default_context().get_ca_certs(binary_form=True)
    entries = [
        pkcs12.PKCS12Certificate(x509.load_der_x509_certificate(der), f"authority {number}".encode())
        for number, der in enumerate(trusted)
    ]
    target.write_bytes(pkcs12.serialize_java_truststore(entries, BestAvailableEncryption(b"changeit")))


if __name__ == "__main__":
    write_truststore(Path(sys.argv[1]))

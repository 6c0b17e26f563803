"""What replaying a request does not give back: the key material of KMS keys.

It comes from the operating system's randomness, not from moto's seeded object, and without it nothing
that was encrypted or signed before a restart could be read after it. So it is taken from moto when a key
is made, kept in the journal beside the request, and put back when the request has been replayed.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from local_aws.moto_host.messages import Response
from local_aws.moto_host.operations import Operation


class Keepsakes:
    """Of one account."""

    def __init__(self, account_id: str) -> None:
        self._account_id = account_id

    def take(self, operation: Operation, response: Response) -> bytes | None:
        """What must be kept of an answered request, if anything."""
        if (operation.service, operation.name) != ("kms", "CreateKey"):
            return None
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

        key = self._key(operation, response)
        private = key.private_key.private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        kept = {"material": _text(key.key_material), "private": _text(private)}
        return json.dumps(kept).encode()

    def put_back(self, operation: Operation, response: Response, keepsake: bytes) -> None:
        """Undo what replaying did otherwise."""
        from cryptography.hazmat.primitives.serialization import load_der_private_key

        key, kept = self._key(operation, response), json.loads(keepsake)
        key.key_material = base64.b64decode(kept["material"])
        key.private_key.private_key = load_der_private_key(base64.b64decode(kept["private"]), None)

    def _key(self, operation: Operation, response: Response) -> Any:
        from moto.kms.models import kms_backends

        key_id = json.loads(response.body)["KeyMetadata"]["KeyId"]
        return kms_backends[self._account_id][operation.region].keys[key_id]


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()

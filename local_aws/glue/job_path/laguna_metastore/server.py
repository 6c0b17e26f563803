"""Answers Spark's Hive client on a socket of the loopback that the server of Laguna opened for this job.

It lives in the job's process: what it asks of Glue it asks with the job's credentials, and it ends
with the job.
"""

from __future__ import annotations

import logging
import socket
import threading
from typing import Any

from thriftpy2.protocol import TBinaryProtocolFactory
from thriftpy2.thrift import TApplicationException, TProcessor
from thriftpy2.transport import TBufferedTransportFactory, TSocket, TTransportException

from laguna_metastore.clients import Clients
from laguna_metastore.databases import Databases, Functions
from laguna_metastore.partitions import Partitions
from laguna_metastore.tables import Tables
from laguna_metastore.wire import hive

logger = logging.getLogger(__name__)


class Handler(Databases, Functions, Tables, Partitions):
    """Every operation of the protocol that Spark uses."""

    def set_ugi(self, user_name: str, group_names: list[str]) -> list[str]:
        """The groups of the user, who is whoever the job is."""
        return list(group_names or ())

    def get_config_value(self, name: str, default: str) -> str:
        """The default: this metastore has no settings."""
        return default

    def shutdown(self) -> None:
        """The client goes; the metastore stays for others of the job."""


class Processor(TProcessor):  # type: ignore[misc]
    """What no exception of the protocol says reaches the client as an error of the protocol's own."""

    def process(self, iprot: Any, oprot: Any) -> None:
        """Answer one request."""
        name, number, result, call = self.process_in(iprot)
        if call is None:
            logger.warning("Spark asked for %s, which this metastore does not have", name)
            self.send_exception(oprot, name, result, number)
            return
        try:
            result.success = call()
        except Exception as error:
            if not self.handle_exception(error, result):
                text = f"{type(error).__name__}: {getattr(error, 'message', error)}"
                failed = TApplicationException(TApplicationException.INTERNAL_ERROR, text)
                self.send_exception(oprot, name, failed, number)
                return
        self.send_result(oprot, name, result, number)


def serve(listening: socket.socket) -> None:
    """Answer connections in the background until the socket is closed or the process ends."""
    processor = Processor(hive.Metastore, Handler(Clients()))

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=_answer, args=(processor, connection), daemon=True).start()

    threading.Thread(target=accept, name="metastore", daemon=True).start()


def _answer(processor: Processor, connection: socket.socket) -> None:
    stream = TSocket()
    stream.set_handle(connection)
    transport = TBufferedTransportFactory().get_transport(stream)
    protocol = TBinaryProtocolFactory().get_protocol(transport)
    try:
        while True:
            processor.process(protocol, protocol)
    except (TTransportException, OSError):
        pass
    except Exception:
        logger.exception("A client of the metastore said what it should not")
    finally:
        transport.close()

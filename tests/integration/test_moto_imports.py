"""What a start of moto's process imports, in a process of its own."""

import subprocess
import sys

SCRIPT = """
import sys
from local_aws.moto_host import lean_imports
lean_imports.install()
from local_aws.stepfunctions import interpreter
assert "moto.ec2" not in sys.modules
from moto.backends import get_backend
assert get_backend("batch")["000000000000"]["us-east-1"].describe_job_queues() == []
assert "moto.ec2" in sys.modules
"""


def test_the_interpreter_does_not_bring_ec2_and_batch_still_works() -> None:
    subprocess.run([sys.executable, "-c", SCRIPT], check=True)

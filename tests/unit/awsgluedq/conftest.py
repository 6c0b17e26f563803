"""The metastore is on the path of job processes only; these tests put it on theirs."""

from __future__ import annotations

import sys

from local_aws.glue.jobs.process import JOB_PATH

sys.path.insert(0, str(JOB_PATH))

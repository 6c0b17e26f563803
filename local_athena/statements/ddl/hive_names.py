"""Which names Hive's grammar takes without backquotes: letters, digits and underscores, and no reserved word.

https://docs.aws.amazon.com/athena/latest/ug/reserved-words.html
https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html (a name that begins with an
underscore needs backquotes). The page lists START, TIME and TO as well, which AWS's own statements for VPC
flow logs, CloudFront logs and SES have as names without backquotes: they are names here.
"""

from __future__ import annotations

import re

_RESERVED = """
ALL ALTER AND ARRAY AS AUTHORIZATION BETWEEN BIGINT BINARY BOOLEAN BOTH BY CASE CASHE CAST CHAR COLUMN
CONF CONSTRAINT COMMIT CREATE CROSS CUBE CURRENT CURRENT_DATE CURRENT_TIMESTAMP CURSOR DATABASE DATE
DAYOFWEEK DECIMAL DELETE DESCRIBE DISTINCT DIV DOUBLE DROP ELSE END EXCHANGE EXISTS EXTENDED EXTERNAL
EXTRACT FALSE FETCH FLOAT FLOOR FOLLOWING FOR FOREIGN FROM FULL FUNCTION GRANT GROUP GROUPING HAVING IF
IMPORT IN INNER INSERT INT INTEGER INTERSECT INTERVAL INTO IS JOIN LATERAL LEFT LESS LIKE LOCAL MACRO
MAP MORE NONE NOT NULL NUMERIC OF ON ONLY OR ORDER OUT OUTER OVER PARTIALSCAN PARTITION PERCENT
PRECEDING PRECISION PRESERVE PRIMARY PROCEDURE RANGE READS REDUCE REGEXP REFERENCES REVOKE RIGHT RLIKE
ROLLBACK ROLLUP ROW ROWS SELECT SET SMALLINT TABLE TABLESAMPLE THEN TIMESTAMP TRANSFORM
TRIGGER TRUE TRUNCATE UNBOUNDED UNION UNIQUEJOIN UPDATE USER USING UTC_TIMESTAMP VALUES VARCHAR VIEWS
WHEN WHERE WINDOW WITH
"""
RESERVED = frozenset(_RESERVED.split())
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]*")


def is_plain_name(word: str) -> bool:
    """Whether a word may be a name as it stands."""
    return PLAIN.fullmatch(word) is not None and not word.isdigit() and word.upper() not in RESERVED

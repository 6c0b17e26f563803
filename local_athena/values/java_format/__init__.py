"""Java's Formatter, for `format(...)`: what Athena's engine writes by patterns such as `%,.2f` and `%tF`.

https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/Formatter.html
"""

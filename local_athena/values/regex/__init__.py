"""Regular expressions as Athena's engine reads them: Joni, in its Java syntax, over code points."""

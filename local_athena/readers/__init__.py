"""How the files of a table become rows."""

"""Triggers that start jobs, crawlers and workflows: by hand, by schedule, or when others have ended."""

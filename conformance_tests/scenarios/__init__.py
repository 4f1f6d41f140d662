"""QA scenarios: timelines of platform and institution as files; played, judged and recorded."""

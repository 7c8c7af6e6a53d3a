"""The Logs Insights query language."""

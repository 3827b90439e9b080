"""Reads a corpus folder into documents: a reader for each format, and what `documents.yaml` says of them."""

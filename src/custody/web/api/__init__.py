"""The API for machines: a process of its own over the services (spec/api.md)."""

"""The customers' own pages: a process of its own over the same services (spec/portal.md)."""

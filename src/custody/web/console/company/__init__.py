"""Signing in by the company's own service (decision 38); loaded only where one is set up."""

"""Places outside that are told: messengers' robots and signed webhooks, built to their documentation."""

"""One module per group of the menu; a view asks a service and picks a page."""

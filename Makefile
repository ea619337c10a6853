# Thin over run.py, which needs Python >= 3.11 and nothing else.
PYTHON ?= python3

.PHONY: demo test check setup lock
demo test check setup lock:
	@$(PYTHON) run.py $@ $(ARGS)

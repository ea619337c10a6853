# Thin over run.py, which needs Python >= 3.11 and nothing else. ARGS go to the task: make test ARGS="-k vault"
PYTHON ?= python3

.PHONY: demo test check lint soak setup docs lock serve
demo test check lint soak setup docs lock serve:
	@$(PYTHON) run.py $@ $(ARGS)

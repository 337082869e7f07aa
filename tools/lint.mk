tidy_checks := -checks=-*,bugprone-*,-bugprone-easily-swappable-parameters,-bugprone-reserved-identifier,clang-analyzer-*,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling,-clang-analyzer-core.FixedAddressDereference,-clang-analyzer-valist.Uninitialized,-bugprone-assignment-in-if-condition,-bugprone-casting-through-void,-bugprone-inc-dec-in-conditions,-clang-analyzer-optin.core.EnumCastOutOfRange,misc-redundant-expression,misc-unused-parameters
c_files = $(filter %.c,$(src)) $(wildcard tests/host/*.c tests/spin/*.c tools/ats/*.c) $(wildcard tests/model/main*.c)
h_files = $(wildcard */*.h */*/*.h)

format: ## put the house's formatting on all C files
	$(Q)clang-format -i $(c_files) $(h_files)

lint: ## clang-format, clang-tidy, cppcheck, shellcheck: all clean; docs/coverage.md as the scenarios have it
	@clang-format --dry-run --Werror $(c_files) $(h_files)
	@cppcheck --quiet --error-exitcode=1 --enable=warning,performance,portability --inline-suppr --std=c11 \
		--suppress=missingInclude --suppress=preprocessorErrorDirective --suppress=normalCheckLevelMaxBranches -I. $(filter %.c,$(src))
	@printf '%s\n' $(filter %.c,$(src)) | xargs -P 2 -n 8 sh -c 'clang-tidy --quiet --warnings-as-errors="*" \
		"$(tidy_checks)" "$$@" -- -std=gnu11 -ffreestanding -I. -mgeneral-regs-only 2>/dev/null' sh
	@test -z "$(wildcard tools/*.sh)" || shellcheck $(wildcard tools/*.sh) .ci/run
	@tools/coverage.py --check
	@echo "lint: clean"
.PHONY: format lint

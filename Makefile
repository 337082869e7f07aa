## make            build/shootdown.elf, and build/ats
## make layers     direction of includes
## make clean      remove build/
## make run        build, make the ISO, boot it in QEMU, show the log (ARGS="T=A0*", ACCEL=kvm, CPUS=4 ...)
## make test       everything that is tested, ten minutes
## make host-test  the host tests alone, seconds
## make model      every scenario against the model, seconds
## make spin       the model against a second one, checked with Spin, a minute
## make mutants    every scenario without each of its protections, against the model, seconds
## make INJECT=1   a kernel that can be told to fail (inject=); with O=build/inject beside the usual one
## make V=1 ...    show the commands
MAKEFLAGS += -rR
O ?= build
ifneq ($(filter default undefined,$(origin CC)),)
CC := gcc
endif
ifneq ($(filter default undefined,$(origin LD)),)
LD := ld
endif
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2))

all: $(O)/shootdown.elf

# Everything in these folders is linked; a new file needs no line here.
src := $(filter-out tests/host/% tests/spin/% tests/model/main%,$(sort $(wildcard boot/*.[cS] kernel/*.[cS] mm/*.c iommu/*.c tests/*.c tests/*/*.c)))
# Pure code says so in its first lines: no instruction, no register. Built a second time for the host.
# So are scenarios, which are data.
scenarios := $(wildcard tests/*/[A-D][0-9][0-9]_*.c)
pure := $(scenarios) $(if $(src),$(shell grep -l '^/\* Pure: ' $(filter %.c,$(src))))
host_tests := $(sort $(wildcard tests/host/test_*.c))
host_help := $(filter-out $(host_tests),$(wildcard tests/host/*.c))

warn := -Wall -Wextra -Wshadow -Wundef -Wvla -Wstrict-prototypes -Wmissing-prototypes -Wcast-qual \
	-Wwrite-strings -Wpointer-arith -Werror
common := -std=gnu11 -O2 -g -I. -MMD -MP $(warn)
kernel := $(common) -ffreestanding -nostdinc -isystem $(shell $(CC) -print-file-name=include 2>/dev/null) \
	-m64 -mcmodel=kernel -mno-red-zone -mgeneral-regs-only -fno-pic -fno-stack-protector \
	-fno-asynchronous-unwind-tables -fno-common -fno-strict-aliasing -fno-delete-null-pointer-checks \
	-fno-omit-frame-pointer -fno-optimize-sibling-calls -fcf-protection=none -ffunction-sections \
	-fdata-sections $(if $(INJECT),-DINJECT)
# Scenarios are many, and most of the kernel runs once: for size, where a place in a jump table has 8 bytes. What steps
# and orders call is for speed.
quick := $(addprefix kernel/,apic.c engine_testdev.c engine_xhci.c inject.c string.c trap.c) \
	mm/frame_pool.c $(addprefix iommu/vtd_,cache.c fault.c inval.c publish.c queue.c) \
	$(addprefix tests/,at.c do.c do_iommu.c do_table.c do_wait.c independent.c machine_queue.c orders.c outcomes.c racing.c run.c run_frames.c shootdown.c \
		stepped.c steps.c worker.c) \
	$(addprefix tests/model/,cache.c cpu.c explore.c iommu.c space.c step.c store.c walk.c)
once := $(filter-out $(quick) tests/bench/%,$(src)) tests/bench/bench.c tests/bench/measure.c
small = -falign-functions=1 -falign-loops=1 $(if $(filter $(once),$<),$(if $(filter $(scenarios),$<),-Os,-Oz) -fno-jump-tables)
HOSTCC ?= $(CC)
host := $(common) -O1 -DHOST -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

obj := $(src:%=$(O)/k/%.o) $(O)/k/gen/font.c.o
hobj := $(patsubst %,$(O)/h/%.o,$(pure) $(host_help))
hbin := $(patsubst tests/host/%.c,$(O)/host/%,$(host_tests))
link = $(LD) -T linker.ld --gc-sections --build-id=none --fatal-warnings --nmagic \
	-z noexecstack -z norelro

# Linked twice: the first image gives the addresses for the table of function names in the second, which
# comes last among the read-only data, so that no function moves.
# The bare image has one file of scenarios (without any it does not link), nothing that is known of single ones, and
# all that the others call: for make bench, which judges it and sees what a scenario costs.
scenario_obj := $(scenarios:%=$(O)/k/%.o)
$(O)/shootdown.elf: parts := $(obj)
$(O)/bare.elf: parts := $(filter-out $(filter-out %/D11_fault_drops.c.o,$(scenario_obj)) $(addprefix $(O)/k/tests/,unit/% deviations.c.o),$(obj)) $(O)/k/tests/unit/case.c.o $(O)/k/tests/unit/judge.c.o
$(O)/bare.elf: link += $$(nm -u $(scenario_obj) | sed -n 's/.* U /-u /p' | sort -u)
$(O)/shootdown.elf $(O)/bare.elf: $(obj) linker.ld tools/symbols.awk $(O)/list
	$(call say,LD,$@)
	$(Q)$(link) -o $(@:.elf=.first) $(parts)
	$(Q)nm -n $(@:.elf=.first) | awk -f tools/symbols.awk > $(@:.elf=.symbols.S)
	$(Q)$(CC) -c $(@:.elf=.symbols.S) -o $(@:.elf=.symbols.o)
	$(Q)$(link) -o $@ $(parts) $(@:.elf=.symbols.o)

$(O)/gen/font.c: tools/font.py
	$(call say,GEN,$@)
	@mkdir -p $(@D)
	$(Q)python3 tools/font.py > $@.tmp && mv $@.tmp $@
$(O)/k/gen/font.c.o: $(O)/gen/font.c $(O)/flags
	$(Q)$(CC) $(kernel) -c $< -o $@

$(O)/k/%.o: % $(O)/flags
	$(call say,CC,$<)
	$(Q)$(CC) $(kernel) $(small) -c $< -o $@
$(O)/h/%.o: % $(O)/flags
	$(call say,HCC,$<)
	$(Q)$(HOSTCC) $(host) -c $< -o $@
$(O)/host/%: $(O)/h/tests/host/%.c.o $(hobj) $(O)/list
	$(call say,HLD,$@)
	$(Q)$(HOSTCC) -fsanitize=address,undefined -o $@ $< $(hobj) -lcmocka
.PRECIOUS: $(O)/h/%.o

# The device with a device TLB, a program of the build machine.
ats := $(patsubst %,$(O)/t/%.o,$(wildcard tools/ats/*.c))
all: $(O)/ats
$(O)/ats: $(ats) $(O)/list
	$(call say,HLD,$@)
	$(Q)$(HOSTCC) -o $@ $(ats)
$(ats): $(O)/t/%.o: % $(O)/flags
	$(call say,HCC,$<)
	$(Q)$(HOSTCC) $(common) -D_GNU_SOURCE -c $< -o $@

# A changed flag rebuilds, an added or removed file relinks, and nothing else does.
$(O)/flags: now = $(CC) $(kernel) $(value small) $(HOSTCC) $(host)
$(O)/list: now = $(obj) $(hobj) $(ats)
$(O)/flags $(O)/list: force
	@mkdir -p $(sort $(@D) $(dir $(obj) $(hobj) $(hbin)) $(O)/h/tests/host $(O)/h/tests/spin $(O)/t/tools/ats $(O)/gen)
	@echo '$(now)' | cmp -s - $@ || echo '$(now)' > $@

host-test: $(hbin)
	@test -n "$(hbin)" || { echo "no host tests"; exit 1; }
	$(Q)CMOCKA_MESSAGE_OUTPUT=TAP prove -Q -j2 --exec '' $(hbin)

model: $(O)/model
	$(Q)$(O)/model
mutants: $(O)/mutants
	$(Q)$(O)/mutants
spin: $(O)/listing
	$(Q)O='$(O)' python3 tools/spin.py
$(O)/model: $(O)/h/tests/model/main.c.o
$(O)/mutants: $(O)/h/tests/model/main_mutants.c.o
$(O)/listing: $(patsubst %,$(O)/h/%.o,$(wildcard tests/spin/*.c))
$(O)/catalogue: $(O)/h/tests/model/main_catalogue.c.o
$(O)/deviations: $(O)/h/tests/model/main_deviations.c.o
$(O)/model $(O)/mutants $(O)/listing $(O)/catalogue $(O)/deviations: $(hobj) $(O)/list
	$(call say,HLD,$@)
	$(Q)$(HOSTCC) -fsanitize=address,undefined -o $@ $(filter %.o,$^) -lcmocka

clean:
	rm -rf $(O)

# kernel <- mm <- iommu <- tests, boot above all (HACKING.md).
layers:
	@grep -H '^#include "' $(src) $(wildcard */*.h */*/*.h) | awk -F'[:/"]' '\
	  BEGIN { may["kernel"] = "kernel"; may["mm"] = "kernel mm"; may["iommu"] = "kernel mm iommu"; \
	          may["tests"] = "kernel mm iommu tests"; may["tools"] = "kernel tools"; may["boot"] = "boot " may["tests"] } \
	  { for (i = 1; i <= NF && $$i !~ /#include/; i++); to = $$(i + 1); \
	    if (index(" " may[$$1] " ", " " to " ") == 0) { print "upward: " $$0; bad = 1 } } \
	  END { exit bad }'
	@echo "layers: kernel <- mm <- iommu <- tests <- boot holds"

include tools/lint.mk
-include tools/tools.mk
-include $(obj:.o=.d) $(hobj:.o=.d) $(ats:.o=.d) $(patsubst %,$(O)/h/%.d,$(wildcard tests/model/main*.c tests/spin/*.c)) $(hbin:$(O)/host/%=$(O)/h/tests/host/%.c.d)
.PHONY: all layers host-test model mutants spin clean force
.DELETE_ON_ERROR:
.SUFFIXES:

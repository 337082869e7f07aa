# Set-up, image, runs. Each target that a newcomer types sets the machine up first, and then starts make
# once more, because what this make found before it did so may not be true any more.

# With CC and LD: the -R in MAKEFLAGS would leave the second make without their defaults.
again = $(MAKE) --no-print-directory $(jobs) CC='$(CC)' LD='$(LD)'
jobs = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

## make setup      install what is missing for building and running (LEVEL=run, test or lint)
LEVEL ?= run
setup:
	@O='$(O)' tools/setup.sh $(LEVEL)

## make iso        build/shootdown.iso, and build/stick.iso, whose menu waits for a key; both for BIOS and UEFI
iso:
	@O='$(O)' tools/setup.sh run
	@$(again) $(O)/shootdown.iso $(O)/stick.iso $(O)/ats

$(O)/stick.iso: menu_seconds := 10
$(O)/%.iso: $(O)/shootdown.elf tools/grub.cfg tools/iso.sh
	$(call say,ISO,$@)
	$(Q)tools/iso.sh $< $@ $(menu_seconds)

## make usb        write build/stick.iso to a stick: make usb DEV=/dev/sdX
usb: iso
	@tools/usb.sh $(O)/stick.iso '$(DEV)'

# What can be said about the machine: make run CPUS=2 FIRMWARE=ovmf QEMU=stable IOMMU=legacy ...
run_options = $(if $(QEMU),--qemu '$(QEMU)') $(if $(FIRMWARE),--firmware $(FIRMWARE)) $(if $(CPUS),--cpus $(CPUS)) \
	$(if $(MEMORY),--memory $(MEMORY)) $(if $(IOMMU),--iommu $(IOMMU)) $(if $(ACCEL),--accel $(ACCEL)) \
	$(if $(ARGS),--args '$(ARGS)')
run: iso
	@python3 tools/run.py --iso $(O)/shootdown.iso --elf $(O)/shootdown.elf --log $(O)/run.log --ats $(run_options) $(RUN)

test:
	@rm -f $(O)/test.counts
	@O='$(O)' tools/setup.sh test
	@$(again) $(O)/shootdown.iso $(O)/stick.iso $(O)/ats $(hbin)
	@$(again) INJECT=1 O=$(O)/inject $(O)/inject/shootdown.elf
	+@O='$(O)' CC='$(CC)' MAKE='$(MAKE)' python3 tools/test.py

## make bench      how long things take, some ten minutes (every QEMU in .qemu); a missed goal fails
bench: iso
	@$(again) $(O)/bare.elf
	@python3 tools/bench.py --iso $(O)/shootdown.iso --elf $(O)/shootdown.elf --bare $(O)/bare.elf

## make flakes     runs on the machine of make run, one after another, the same verdicts? (N=20, QEMU=, FIRMWARE=, CPUS=, ARGS=)
flakes: iso
	@O='$(O)' python3 tools/flakes.py $(or $(N),20) $(if $(QEMU),--qemu '$(QEMU)') $(if $(FIRMWARE),--firmware $(FIRMWARE)) \
		$(if $(CPUS),--cpus $(CPUS)) $(if $(ARGS),--args '$(ARGS)')

## make report     docs/platforms/: what fresh runs say of each QEMU in .qemu, Markdown and JSON
report: iso
	@O='$(O)' python3 tools/report.py

## make help       this list
help:
	@{ sed -n 's/^## //p' $(filter-out %.d,$(MAKEFILE_LIST)); \
	   sed -n 's/^\([a-z-]*\):.* ## \(.*\)/make \1 \2/p' $(filter-out %.d,$(MAKEFILE_LIST)) | \
	   while read -r make target text; do printf '%-4s %-10s %s\n' "$$make" "$$target" "$$text"; done; } | sort -u

.PHONY: setup iso usb run test bench flakes report help

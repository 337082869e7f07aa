#include "boot/told.h"
#include "boot/multiboot2.h"
#include "boot/pvh.h"
#include "boot/ram.h"
#include "kernel/dma.h"
#include "kernel/format.h"
#include "kernel/fwcfg.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "kernel/string.h"

extern u8 __image_start[], __image_end[];

struct boot_info boot;
struct options options;
struct madt madt;
struct mcfg mcfg;
struct dmar dmar;
struct fadt fadt;
struct acpi_off off;
struct spcr spcr;

static void problem(const char *sentence) { note("firmware: %s", sentence); }

/* The boot tables show the first 4 GiB. */
static const void *view(struct pa pa, size_t len)
{
	return pa.v && pa.v < 1ull << 32 && len <= (1ull << 32) - pa.v ? direct(pa) : NULL;
}
static struct firmware firmware = { .view = view, .problem = problem };

void told_by_loader(enum protocol protocol, u32 info, u64 image)
{
	struct boot_range taken = { { image }, (u64)__image_end - (u64)__image_start };
	bool ok = protocol == PROTOCOL_PVH
			  ? pvh_read(&firmware, (struct pa){ info }, taken, &boot)
			  : multiboot2_read(&firmware, (struct pa){ info }, taken, &boot);

	note("loader=\"%s\" image=%#lx cmdline=\"%s\"", boot.loader, image, boot.cmdline);
	if (boot.ranges_cut)
		note("memory: more than %u ranges of RAM: some is not used", BOOT_RANGES_MAX);
	if (!ok)
		panic("the loader's information cannot be used");
}

/* The loader's words, and under QEMU those of the runner, so that one medium serves every run. */
void told_on_command_line(void)
{
	char more[BOOT_CMDLINE_MAX + 1], line[2 * BOOT_CMDLINE_MAX + 1], error[512];

	fwcfg_text("opt/org.shootdown/cmdline", more, sizeof more);
	if (boot.cmdline_cut || strlen(more) == BOOT_CMDLINE_MAX)
		panic("the command line is longer than %u characters", BOOT_CMDLINE_MAX - 1);
	format(line, sizeof line, "%s %s", boot.cmdline, more);
	if (more[0])
		note("fw_cfg cmdline=\"%s\"", more);
	if (!cmdline_parse(&options, line, error, sizeof error))
		panic("%s", error);
	if (options.soak_minutes && (options.list || options.bench || options.mutate))
		panic("command line: soak= repeats tests, and LIST, BENCH and MUTATE run none");
	if (options.hand_overs &&
	    (options.soak_minutes || options.list || options.bench || options.mutate))
		panic("command line: handover= repeats tests; not with soak=, LIST, BENCH or MUTATE");
	if (options.engine[0] && !dma_knows(options.engine))
		panic("command line: no engine is called %s; there are xhci, iommu-testdev, edu, nvme, nvme-fetch, ats, virtio-net, all, none",
		      options.engine);
}

void told_by_acpi(void)
{
	static struct acpi acpi;

	if (!acpi_open(&acpi, &firmware, &boot))
		note("acpi: no usable root table");
	acpi_madt(&acpi, &madt);
	acpi_mcfg(&acpi, &mcfg);
	acpi_dmar(&acpi, &dmar);
	for (unsigned i = 0; i < dmar.reserved; i++)
		ram_remove(&boot, (struct boot_range){ dmar.rmrr[i].base, dmar.rmrr[i].size });
	acpi_fadt(&acpi, &fadt);
	if (options.wait)
		acpi_off(&acpi, &off);
	if (acpi_spcr(&acpi, &spcr) != ACPI_FOUND)
		spcr.address = 0;
	note("acpi cpus=%u disabled=%u ioapics=%u ecam=%u dmar-units=%u rmrrs=%u", madt.cpus,
	     madt.disabled, madt.ioapics, mcfg.segments, dmar.units, dmar.reserved);
}

/* Bring-up, in order, and nothing else. */
#include "boot/multiboot2.h"
#include "boot/pvh.h"
#include "boot/ram.h"
#include "kernel/acpi.h"
#include "kernel/acpi_dmar.h"
#include "kernel/acpi_fadt.h"
#include "kernel/acpi_madt.h"
#include "kernel/acpi_mcfg.h"
#include "kernel/acpi_spcr.h"
#include "kernel/apic.h"
#include "kernel/clock.h"
#include "kernel/cmdline.h"
#include "kernel/dma.h"
#include "kernel/fbcon.h"
#include "kernel/format.h"
#include "kernel/fwcfg.h"
#include "kernel/irq.h"
#include "kernel/ktap.h"
#include "kernel/mmio.h"
#include "kernel/panic.h"
#include "kernel/pci.h"
#include "kernel/power.h"
#include "kernel/print.h"
#include "kernel/smp.h"
#include "kernel/string.h"
#include "kernel/time.h"
#include "kernel/trap.h"
#include "kernel/uart.h"
#include "kernel/watchdog.h"
#include "kernel/x86.h"
#include "kernel/xhci.h"
#include "mm/device_map.h"
#include "mm/frame.h"
#include "mm/kmap.h"
#include "mm/pat.h"
#include "mm/stack.h"
#include "tests/bench/bench.h"
#include "tests/machine.h"
#include "tests/suite.h"
#include "tests/worker.h"

enum { PROTOCOL_PVH, BOOT_STACK_PAGES = 8 };

extern u8 __image_start[], __image_end[], boot_stack[];
void kmain(u32 protocol, u32 info, u64 image);

static struct boot_info boot;
static struct options options;
static struct acpi acpi;
static struct madt madt;
static struct mcfg mcfg;
static struct dmar dmar;
static struct fadt fadt;
static struct spcr spcr;
static enum acpi_state spcr_state;
static struct fbcon screen;
static struct uart com1 = { .console.name = "com1", .port = UART_COM1 };
static u64 entered;

static void problem(const char *sentence) { note("firmware: %s", sentence); }

/* The boot tables show the first 4 GiB. */
static const void *view(struct pa pa, size_t len)
{
	return pa.v && pa.v < 1ull << 32 && len <= (1ull << 32) - pa.v ? direct(pa) : NULL;
}
static struct firmware firmware = { .view = view, .problem = problem };

static void read_loader(u32 protocol, u32 info, u64 image)
{
	struct boot_range taken = { { image }, (u64)__image_end - (u64)__image_start };
	bool ok = protocol == PROTOCOL_PVH
			  ? pvh_read(&firmware, (struct pa){ info }, taken, &boot)
			  : multiboot2_read(&firmware, (struct pa){ info }, taken, &boot);

	note("loader=\"%s\" image=%#lx cmdline=\"%s\"", boot.loader, image, boot.cmdline);
	if (!ok)
		panic("the loader's information cannot be used");
}

/* The loader's words, and under QEMU those of the runner, so that one medium serves every run. */
static void read_command_line(void)
{
	char more[BOOT_CMDLINE_MAX], line[2 * BOOT_CMDLINE_MAX + 1], error[512];

	if (boot.cmdline_cut)
		panic("the command line is longer than %u characters", BOOT_CMDLINE_MAX - 1);
	if (!fwcfg_text("opt/org.shootdown/cmdline", more, sizeof more))
		more[0] = 0;
	format(line, sizeof line, "%s %s", boot.cmdline, more);
	if (more[0])
		note("fw_cfg cmdline=\"%s\"", more);
	if (!cmdline_parse(&options, line, error, sizeof error))
		panic("%s", error);
	if (options.engine[0] && !dma_knows(options.engine))
		panic("command line: no engine is called %s; there are xhci, iommu-testdev, edu",
		      options.engine);
}

static void read_acpi(void)
{
	if (!acpi_open(&acpi, &firmware, &boot))
		note("acpi: no usable root table");
	acpi_madt(&acpi, &madt);
	acpi_mcfg(&acpi, &mcfg);
	acpi_dmar(&acpi, &dmar);
	acpi_fadt(&acpi, &fadt);
	spcr_state = acpi_spcr(&acpi, &spcr);
	note("acpi cpus=%u disabled=%u ioapics=%u ecam=%u dmar-units=%u rmrrs=%u", madt.cpus,
	     madt.disabled, madt.ioapics, mcfg.segments, dmar.units, dmar.reserved);
}

/* A console of firmware's that is not COM1 gets the log too, once its registers can be mapped. */
static void start_firmware_console(void)
{
	static struct uart uart = { .console.name = "spcr" };

	if (spcr_state != ACPI_FOUND || (spcr.io && spcr.address == UART_COM1))
		return;
	if (spcr.io)
		uart.port = (u16)spcr.address;
	else
		uart.mmio = device_map((struct pa){ spcr.address & ~(PAGE_SIZE - 1) }, PAGE_SIZE);
	if (!spcr.io && !uart.mmio)
		return;
	if (!spcr.io)
		uart.mmio += spcr.address & (PAGE_SIZE - 1);
	uart.stride = spcr.access_bytes == 4 ? 4 : 1;
	uart_start(&uart);
}

/* Root buses that only DMAR's scopes name, on machines with several host bridges. */
static void scan_buses(void)
{
	pci_scan(&mcfg);
	for (unsigned u = 0; u < dmar.units; u++) {
		const struct dmar_scopes *s = &dmar.unit[u].scopes;

		for (unsigned i = s->first; i < s->first + s->count; i++)
			if (dmar.scope[i].type == DMAR_ENDPOINT ||
			    dmar.scope[i].type == DMAR_BRIDGE)
				pci_scan_root(&mcfg, dmar.unit[u].segment, dmar.scope[i].bus);
	}
}

static void measure_clock(void)
{
	bool port = fadt.pm_timer_io && fadt.pm_timer <= 0xffff;
	const char *by = clock_calibrate(port ? (u16)fadt.pm_timer : 0);

	note("tsc mhz=%lu measured-by=\"%s\"", tsc_per_us, by ? by : "nothing: deadlines are long");
}

static void start_screen(void)
{
	const char *why;

	if (!fbcon_bytes(&boot))
		return;
	void *mem = device_map_wc(boot.fb, fbcon_bytes(&boot));
	if (!mem)
		return;
	why = fbcon_init(&screen, &boot, mem);
	if (why)
		note("screen: %s", why);
	else
		console_add(&screen.console);
}

static void other_cpu(void)
{
	pat_init();
	worker_loop();
}

static void start_cpus(struct pa low_page)
{
	static u32 ids[MADT_CPUS_MAX];

	irq_8259_off();
	for (unsigned i = 0; i < madt.ioapics; i++)
		irq_ioapic_off(madt.ioapic[i].base);
	apic_init(dmar.x2apic_opt_out);
	apic_enable();
	for (unsigned i = 0; i < madt.cpus; i++)
		ids[i] = madt.cpu[i].apic_id;
	smp_idle = other_cpu;
	if (low_page.v) {
		kmap_identity(low_page);
		smp_start(ids, madt.cpus, low_page, stack_map);
		kunmap_identity(low_page);
	} else {
		note("no page below 1 MiB: the other CPUs stay where they are");
		smp_start(ids, 0, low_page, stack_map);
	}
	note("cpus online=%u apic=%s", cpu_count, apic_is_x2() ? "x2apic" : "xapic");
}

__attribute__((noreturn)) static void end(void)
{
	bool good = machine_stop();

	note("ms=%lu since the loader", (now() - entered) / tsc_per_ms);
	good = ktap_close(&ktap) && good;
	power_end(good ? RUN_GOOD : RUN_BAD);
}

/* On a stack with a guard page, on the kernel's own tables. */
__attribute__((noreturn)) static void run(void)
{
	struct pa low_page = ram_take_low_page(&boot);

	start_screen();
	start_firmware_console();
	start_cpus(low_page);
	kmap_check();
	watchdog_init();
	scan_buses();
	xhci_take_all();
	pci_quiesce_all();
	sti();
	machine_start(&dmar, &options);
	if (options.selftest == SELFTEST_HAND_OVER) {
		machine_hand_over();
		pci_quiesce_all();
		machine_start(&dmar, &options);
	}
	note("ms=%lu from the loader to the first test", (now() - entered) / tsc_per_ms);
	if (options.bench)
		bench_run();
	else if (!suite_run(&options))
		panic("no test is called %s: LIST names them", options.tests);
	end();
}

void kmain(u32 protocol, u32 info, u64 image)
{
	entered = now();
	kernel_phys = image;
	boot_cpu.stack_top = boot_cpu.nmi_stack_top = boot_cpu.df_stack_top =
		boot_cpu.mc_stack_top =
			(u64)boot_stack + 8192; /* the lower quarter: enough to die with words */
	traps_init();
	cpu_tables_load(&boot_cpu);
	ktap_open(&ktap);
	uart_start(&com1);
	read_loader(protocol, info, image);
	read_command_line();
	read_acpi();
	measure_clock();
	pat_init();
	frame_init(&boot);
	kmap_init(&boot);
	boot_cpu.stack_top = stack_map(BOOT_STACK_PAGES);
	__asm__ volatile("mov %0, %%rsp; xor %%ebp, %%ebp; call *%1"
			 :
			 : "r"(boot_cpu.stack_top), "r"(run)
			 : "memory");
	__builtin_unreachable();
}

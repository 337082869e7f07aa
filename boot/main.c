/* Bring-up, in order, and nothing else. */
#include "boot/again.h"
#include "boot/consoles.h"
#include "boot/ram.h"
#include "boot/told.h"
#include "kernel/apic.h"
#include "kernel/clock.h"
#include "kernel/console.h"
#include "kernel/inject.h"
#include "kernel/irq.h"
#include "kernel/keyboard.h"
#include "kernel/ktap.h"
#include "kernel/panic.h"
#include "kernel/pci.h"
#include "kernel/pci_flr.h"
#include "kernel/pci_sriov.h"
#include "kernel/platform.h"
#include "kernel/pmu.h"
#include "kernel/power.h"
#include "kernel/print.h"
#include "kernel/smp.h"
#include "kernel/time.h"
#include "kernel/trap.h"
#include "kernel/watchdog.h"
#include "kernel/x86.h"
#include "kernel/xhci.h"
#include "mm/frame.h"
#include "mm/kmap.h"
#include "mm/pat.h"
#include "mm/stack.h"
#include "tests/bench/bench.h"
#include "tests/machine.h"
#include "tests/reserved.h"
#include "tests/suite.h"
#include "tests/worker.h"

enum { WAIT_MS = 3600000 };

extern u8 boot_stack[], boot_stack_top[];
void kmain(u32 protocol, u32 info, u64 image);

static u64 entered;

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

/* What cannot be done is not offered. Returns when the machine is to stay as it is. */
static void wait_for_key(void)
{
	enum key key = KEY_NONE;

	console_status(
		off.lacks ? "Press a key to reboot, S to stop here and switch off by the button."
			  : "Press a key to reboot, S to shut down.");
	until(WAIT_MS, (key = keyboard_key()) != KEY_NONE, "a key");
	if (key == KEY_OTHER)
		power_reset(fadt.reset_port, fadt.reset_value);
	if (key == KEY_S && !off.lacks)
		note("not switched off: %s", power_off(&off));
}

__attribute__((noreturn)) static void end(void)
{
	bool good = machine_stop();

	pci_virtual_end();
	note("ms=%lu since the loader", (now() - entered) / tsc_per_ms);
	good = ktap_close(&ktap) && good;
	bool asks = options.wait && keyboard_start(fadt.no_8042);
	if (options.wait && off.lacks)
		note("cannot be switched off from here, which needs %s", off.lacks);
	if (options.wait)
		note("%s", !asks       ? "no keyboard that can be asked"
			   : off.lacks ? "press a key to reboot, S to stop"
				       : "press a key to reboot, S to shut down");
	suite_page(good);
	if (asks)
		wait_for_key();
	console_status("The CPUs have stopped: the machine can be switched off.");
	power_end(good ? RUN_GOOD : RUN_BAD);
}

static bool firmware_needs(const struct pci_function *f) { return reserved_keeps(&dmar, f); }

/* To ourselves, as the loader did, on a machine where all is left on. */
__attribute__((noreturn)) static void hand_over_now(void)
{
	hand_over.run = ktap;
	hand_over.done++;
	machine_leave();
	smp_send_away();
	pmu_nmi_stop();
	again();
}

/* On a stack with a guard page, on the kernel's own tables. */
__attribute__((noreturn)) static void run(void)
{
	struct pa low_page = ram_take_low_page(&boot);

	console_screen(&boot);
	console_of_firmware(&spcr);
	start_cpus(low_page);
	kmap_check();
	watchdog_init();
	scan_buses();
	xhci_take_all();
	pci_quiesce_all(firmware_needs);
	pci_flr_all();
	if (options.sriov)
		pci_virtual_enable();
	sti();
	machine_start(&dmar, &options);
	note("ms=%lu from the loader to the first test", (now() - entered) / tsc_per_ms);
	inject_begin((enum inject)options.inject);
	if (options.bench)
		bench_run(&options);
	else if (!suite_run(&options))
		panic("no test is called %s%s: LIST names them", options.tests,
		      options.shards ? " in this shard" : "");
	if (hand_over_due(&hand_over))
		hand_over_now();
	end();
}

void kmain(u32 protocol, u32 info, u64 image)
{
	again_remember((enum protocol)protocol, info);
	entered = now();
	kernel_phys = image;
	boot_cpu.stack_top = (u64)boot_stack_top;
	/* the lower quarter: enough to die with words */
	boot_cpu.nmi_stack_top = boot_cpu.df_stack_top = boot_cpu.mc_stack_top =
		(u64)boot_stack + IST_STACK_PAGES * PAGE_SIZE;
	cpus[0] = &boot_cpu;
	traps_init();
	cpu_tables_load(&boot_cpu);
	if (hand_over.done)
		ktap = hand_over.run;
	ktap_open(&ktap);
	console_com1();
	/* The first time it may be of interest what bring-up finds. */
	if (hand_over.done > 1)
		console_hold();
	told_by_loader(protocol, info, image);
	told_on_command_line();
	platform_find();
	told_by_acpi();
	measure_clock();
	pat_init();
	frame_init(&boot, hand_over_unused(&hand_over));
	kmap_init(&boot);
	boot_cpu.stack_top = stack_map(BOOT_STACK_PAGES);
	__asm__ volatile("mov %0, %%rsp; xor %%ebp, %%ebp; call *%1"
			 :
			 : "r"(boot_cpu.stack_top), "r"(run)
			 : "memory");
	__builtin_unreachable();
}

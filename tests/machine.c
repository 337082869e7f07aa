/* What the tests run on, once it is there: what does not work, and how it is left. */
#include "tests/machine.h"
#include "iommu/vtd_fault.h"
#include "kernel/pci_regs.h"
#include "kernel/print.h"
#include "kernel/x86.h"
#include "tests/listing.h"
#include "tests/probe.h"
#include "tests/units.h"

struct machine machine = { .no_sva = "an IOMMU" };

void machine_trouble(const char *sentence)
{
	if (!machine.trouble)
		machine.trouble = sentence;
}

bool machine_stop(void)
{
	bool stopped = true;

	for (unsigned i = 0; i < machine.engines; i++) {
		machine.engine[i]->ops->stop(machine.engine[i]);
		stopped &=
			machine.engine[i]->shares_id || vtd_detach(&machine.requester[i]) == VTD_OK;
	}
	machine.engines = 0;
	machine.dtlb = (struct vtd_device_tlb){ 0 };
	stopped &= units_stop();
	machine.unit = NULL;
	if (!stopped)
		note("the IOMMU was not left off");
	return stopped;
}

void machine_leave(void)
{
	unsigned stale = 0, count;
	const struct pci_function *f = pci_functions(&count);

	machine_walk(false, NULL, ONE_SPACE);
	for (unsigned i = 0; i < machine.engines; i++)
		stale += probe_leave_stale(machine.engine[i]);
	for (unsigned i = 0; i < machine.engines; i++)
		if (machine.engine[i]->ops->leave)
			machine.engine[i]->ops->leave(machine.engine[i]);
	if (machine.unit)
		vtd_remap_interrupts(machine.unit);
	/* As those that read the screen from memory do. */
	for (; count--; f++)
		if (f->class >> 16 == PCI_CLASS_DISPLAY)
			pci_bus_master(f, true);
	note("hand-over leaves engines=%u stale=%u GSTS=%#x", machine.engines, stale,
	     machine.unit ? vtd_read32(machine.unit, VTD_GSTS) : 0);
}

void machine_restart(struct dma_engine *e)
{
	if (!e)
		return;
	e->ops->stop(e);
	vtd_fault_clear(machine.unit);
	if (!e->ops->start(e))
		machine_trouble("a DMA engine does not work any more");
}

void machine_publish(const volatile u64 *entry)
{
	if (machine.unit && !machine.walks_snoop) {
		clflush(entry);
		mfence();
	}
}

void machine_report(void)
{
	if (machine.unit)
		vtd_report(machine.unit);
}

/* What faults the unit recorded: those of our engines count, and no others. */
#include "iommu/vtd_fault.h"
#include "kernel/pci.h"
#include "kernel/print.h"
#include "tests/machine.h"

enum { FAULTS = 8 };

static bool is_ours(u16 sid)
{
	bool ours = false;

	for (unsigned i = 0; i < ARRAY_SIZE(machine.requester); i++)
		ours |= machine.requester[i].unit && machine.requester[i].sid == sid;
	return ours;
}

/* Of a display that goes on, say, once for each requester and reason. */
static void tell_once(const struct vtd_fault *f)
{
	static u32 told[FAULTS];
	static unsigned count;
	const u32 it = (u32)f->sid << 8 | f->reason;
	char line[VTD_FAULT_LINE_MAX];

	for (unsigned i = 0; i < count; i++)
		if (told[i] == it)
			return;
	if (count == FAULTS)
		return;
	told[count++] = it;
	note("a fault of none of the engines, which counts for no test: %s",
	     vtd_fault_line(line, sizeof line, f));
}

/* Ours are the first of `all` then; how many. */
static unsigned ours_of(struct vtd_fault f[FAULTS], unsigned *all)
{
	unsigned ours = 0;

	*all = vtd_fault_read(machine.unit, f, FAULTS);
	for (unsigned i = 0; i < *all; i++)
		if (is_ours(f[i].sid))
			f[ours++] = f[i];
		else
			tell_once(&f[i]);
	return ours;
}

bool machine_first_fault(struct vtd_fault *fault)
{
	struct vtd_fault f[FAULTS];
	unsigned all, ours = ours_of(f, &all);

	if (ours)
		*fault = f[0];
	return ours;
}

bool machine_faulted(const struct dma_engine *e)
{
	struct vtd_fault f[FAULTS];
	bool faulted = false;
	unsigned all;

	for (unsigned n = ours_of(f, &all); n--;)
		faulted |= f[n].sid == pci_requester(e->fn);
	return faulted;
}

enum machine_fault machine_fault(struct va at, struct vtd_fault *fault)
{
	enum machine_fault found = FAULT_NONE;
	struct vtd_fault f[FAULTS];
	unsigned all, ours = ours_of(f, &all);

	for (unsigned i = 0; i < ours && found != FAULT_ELSEWHERE; i++) {
		*fault = f[i];
		found = f[i].page.v == (at.v & ~(PAGE_SIZE - 1)) ? FAULT_HERE : FAULT_ELSEWHERE;
	}
	if (all)
		vtd_fault_clear(machine.unit);
	return found;
}

/* The entries by which an engine's requests are translated. */
#include "iommu/vtd_publish.h"
#include "kernel/panic.h"
#include "kernel/pci.h"
#include "tests/listing.h"
#include "tests/machine.h"

/* The bridge's, behind one. */
static const struct vtd_requester *requester_of(const struct dma_engine *e)
{
	const struct vtd_requester *r = machine.requester;

	for (; r < machine.requester + ARRAY_SIZE(machine.requester); r++)
		if (r->unit && r->sid == pci_requester(e->fn))
			return r;
	panic("engine %s has no entry of its own or of its bridge", e->name);
}

bool machine_has_entry(void)
{
	return machine.unit && machine.unit->scalable &&
	       machine.mirror.space.stage == machine.shared.stage;
}

bool machine_hears_nothing_of_absence(void)
{
	return machine.unit && !get(machine.unit->cap, VTD_CAP_CM) &&
	       !get(machine.unit->cap, VTD_CAP_RWBF);
}

u64 *machine_pasid_words(const struct dma_engine *e)
{
	return vtd_pasid_words(requester_of(e), machine.pasid);
}

u64 *machine_context_words(const struct dma_engine *e)
{
	return vtd_context_words(requester_of(e));
}

struct vtd_pasid machine_pasid_for(u64 place)
{
	return vtd_pasid_for(machine.unit, place == A        ? &machine.shared
					   : place == MIRROR ? &machine.mirror.space
							     : &machine.stranger.space);
}

bool machine_entry_restore(const struct dma_engine *e)
{
	const struct vtd_pasid entry = machine_pasid_for(A);
	u64 *context = machine_context_words(e), *pasid = machine_pasid_words(e);

	vtd_store(machine.unit, pasid, 0);
	vtd_publish(machine.unit, pasid, entry.w, ARRAY_SIZE(entry.w));
	vtd_store(machine.unit, context, *context | mask(VTD_CTX_P));
	return machine_reset();
}

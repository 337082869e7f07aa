/* Steps on the PASID entry and the context entry by which E's requests are translated. */
#include "iommu/vtd_publish.h"
#include "tests/do.h"
#include "tests/run.h"

static u64 *entry(struct self *self) { return machine_pasid_words(self->run->engine); }
static u64 *context(struct self *self) { return machine_context_words(self->run->engine); }

bool do_entry_clear(struct self *self, u64 a, u64 b, u64 c)
{
	(void)a, (void)b, (void)c;
	vtd_store(machine.unit, entry(self), *entry(self) & ~mask(VTD_PASID_P));
	return true;
}

bool do_entry_set(struct self *self, u64 a, u64 b, u64 c)
{
	(void)a, (void)b, (void)c;
	vtd_store(machine.unit, entry(self), *entry(self) | mask(VTD_PASID_P));
	return true;
}

bool do_entry_wipe(struct self *self, u64 a, u64 b, u64 c)
{
	(void)a, (void)b, (void)c;
	vtd_wipe(machine.unit, entry(self), sizeof(struct vtd_pasid) / sizeof(u64));
	return true;
}

/* A first stage's table is in a word of its own; a second stage's is beside Present, which stays. */
bool do_entry_root(struct self *self, u64 place, u64 b, u64 c)
{
	const struct vtd_pasid to = machine_pasid_for(place);
	u64 *w = entry(self), first = (to.w[0] & ~mask(VTD_PASID_P)) | (w[0] & mask(VTD_PASID_P));

	(void)b, (void)c;
	if (place == ELSEWHERE)
		run_stranger_has(self->run, Q1);
	if (w[2] != to.w[2])
		vtd_store(machine.unit, &w[2], to.w[2]);
	if (w[0] != first)
		vtd_store(machine.unit, &w[0], first);
	return true;
}

bool do_entry_domain(struct self *self, u64 place, u64 b, u64 c)
{
	(void)b, (void)c;
	vtd_store(machine.unit, &entry(self)[1], machine_pasid_for(place).w[1]);
	return true;
}

bool do_context_clear(struct self *self, u64 a, u64 b, u64 c)
{
	(void)a, (void)b, (void)c;
	vtd_store(machine.unit, context(self), *context(self) & ~mask(VTD_CTX_P));
	return true;
}

bool do_context_set(struct self *self, u64 a, u64 b, u64 c)
{
	(void)a, (void)b, (void)c;
	vtd_store(machine.unit, context(self), *context(self) | mask(VTD_CTX_P));
	return true;
}

#include "iommu/vtd_unit.h"

enum { CACHE_LINE = 64 };

enum vtd_status vtd_in_turn(struct vtd_unit *u, const struct vtd_desc *desc, unsigned n)
{
	enum vtd_status s = VTD_OK;

	for (unsigned i = 0; i < n && s == VTD_OK; i++)
		s = vtd_queue_submit(u, &desc[i], 1);
	return s;
}

enum vtd_status vtd_forget(struct vtd_unit *u, const struct vtd_desc *desc, unsigned n)
{
	enum vtd_status s = vtd_in_turn(u, desc, n);

	if (s != VTD_OK && vtd_queue_settle(u) != VTD_STUCK)
		s = vtd_in_turn(u, desc, n);
	return s;
}

enum vtd_status vtd_forget_all(struct vtd_unit *u)
{
	/* From root to leaf: each cache could be filled again from a stale one above it. */
	struct vtd_desc all[3];
	unsigned n = 0;

	all[n++] = vtd_cc_global();
	if (u->scalable)
		all[n++] = vtd_pc_global();
	all[n++] = vtd_iotlb_global(u->drain);
	return vtd_forget(u, all, n);
}

bool vtd_walk_coherent(const struct vtd_unit *u)
{
	return get(u->ecap, u->scalable ? VTD_ECAP_SMPWCS : VTD_ECAP_C);
}

void vtd_write_back(const struct vtd_unit *u, const volatile void *p, size_t bytes)
{
	/* Which of the two covers PASID tables changed between revisions of the manual. */
	if (get(u->ecap, VTD_ECAP_C) && vtd_walk_coherent(u))
		return;
	for (size_t at = 0; at < bytes; at += CACHE_LINE)
		clflush((const volatile u8 *)p + at);
	mfence();
}

bool vtd_flush_write_buffer(struct vtd_unit *u)
{
	return !get(u->cap, VTD_CAP_RWBF) || vtd_gcmd(u, VTD_GCMD_WBF, VTD_ON);
}

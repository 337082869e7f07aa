#include "iommu/vtd_fault.h"
#include "iommu/vtd_unit.h"

enum {
	RECORD = 16,
	HIGH = 8,
	TOP = 12
}; /* bytes: of a record, to its 2nd word, to its top 32 bits */

static unsigned records(const struct vtd_unit *u) { return (unsigned)get(u->cap, VTD_CAP_NFR) + 1; }

static unsigned record_at(const struct vtd_unit *u, unsigned i)
{
	return ((unsigned)get(u->cap, VTD_CAP_FRO) + i) * RECORD;
}

bool vtd_fault_pending(const struct vtd_unit *u)
{
	return get(vtd_read32(u, VTD_FSTS), VTD_FSTS_PPF);
}

unsigned vtd_fault_read(const struct vtd_unit *u, struct vtd_fault *out, unsigned max)
{
	u32 fsts = vtd_read32(u, VTD_FSTS);
	unsigned n = 0;

	if (!get(fsts, VTD_FSTS_PPF))
		return 0;
	for (unsigned i = 0; i < records(u) && n < max; i++) {
		unsigned at = record_at(u, ((unsigned)get(fsts, VTD_FSTS_FRI) + i) % records(u));
		u64 high = vtd_read64(u, at + HIGH);

		/* F goes up last: the rest of a record with F is complete. */
		if (!get(high, VTD_FRCD_F))
			break;
		out[n++] = vtd_fault_decode((const u64[2]){ vtd_read64(u, at), high });
	}
	return n;
}

void vtd_fault_clear(struct vtd_unit *u)
{
	const u32 f = (u32)(mask(VTD_FRCD_F) >> 32);

	for (unsigned i = 0; i < records(u); i++)
		if (vtd_read32(u, record_at(u, i) + TOP) & f)
			vtd_write32(u, record_at(u, i) + TOP, f);
	vtd_fsts_clear(u, mask(VTD_FSTS_PFO) | mask(VTD_FSTS_AFO) | mask(VTD_FSTS_APF));
}

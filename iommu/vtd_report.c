#include "iommu/vtd_fault.h"
#include "iommu/vtd_listing.h"
#include "iommu/vtd_unit.h"
#include "kernel/print.h"

enum { FAULTS_MAX = 8 };

void vtd_report(const struct vtd_unit *u)
{
	static const struct {
		enum vtd_listing_id id;
		unsigned reg, bytes;
	} shown[] = {
		{ VTD_GSTS_LISTING, VTD_GSTS, 4 },
		{ VTD_FSTS_LISTING, VTD_FSTS, 4 },
		{ VTD_RTADDR_LISTING, VTD_RTADDR, 8 },
		{ VTD_IQA_LISTING, VTD_IQA, 8 },
	};
	const struct vtd_queue *q = &u->queue;
	struct vtd_fault faults[FAULTS_MAX];
	char buf[VTD_TEXT_MAX];

	for (unsigned i = 0; i < ARRAY_SIZE(shown); i++) {
		u64 v = shown[i].bytes == 4 ? vtd_read32(u, shown[i].reg)
					    : vtd_read64(u, shown[i].reg);

		note("vtd%u %s=%s", u->index, vtd_listing[shown[i].id].name,
		     vtd_describe(buf, sizeof buf, shown[i].id, &v));
	}
	note("vtd%u IQH=0x%llx IQT=0x%llx tail=0x%llx serial=%u status=%u%s", u->index,
	     (unsigned long long)vtd_read64(u, VTD_IQH), (unsigned long long)vtd_read64(u, VTD_IQT),
	     (unsigned long long)vtd_queue_tail(q), q->serial,
	     q->status ? mmio_read32(q->status) : 0, q->alive ? "" : " (off or dead)");
	unsigned n = vtd_fault_read(u, faults, FAULTS_MAX);
	for (unsigned i = 0; i < n; i++)
		note("vtd%u fault %s", u->index, vtd_fault_line(buf, sizeof buf, &faults[i]));
}

/* Pure: invalidation descriptors. */
#include "iommu/vtd_inval.h"

/* Granularities; each type of descriptor has its own numbers. */
enum { CC_GLOBAL = 1, CC_DOMAIN, CC_DEVICE };
enum { IOTLB_GLOBAL = 1, IOTLB_DOMAIN, IOTLB_PAGES };
enum { PIOTLB_PASID = 2 };
enum { PC_DOMAIN = 0, PC_PASID = 1, PC_GLOBAL = 3 };
enum { IEC_GLOBAL, IEC_INDEX };
enum { PFSID_LO_BITS = 4 };

struct vtd_desc vtd_cc_global(void)
{
	return (struct vtd_desc){ { put(VTD_CC_TYPE, VTD_TYPE_CC) | put(VTD_CC_G, CC_GLOBAL) } };
}

struct vtd_desc vtd_cc_domain(u16 did)
{
	return (struct vtd_desc){ {
		put(VTD_CC_TYPE, VTD_TYPE_CC) | put(VTD_CC_G, CC_DOMAIN) | put(VTD_CC_DID, did),
	} };
}

struct vtd_desc vtd_cc_device(u16 did, u16 sid)
{
	return (struct vtd_desc){ {
		put(VTD_CC_TYPE, VTD_TYPE_CC) | put(VTD_CC_G, CC_DEVICE) | put(VTD_CC_DID, did) |
			put(VTD_CC_SID, sid),
	} };
}

static u64 iotlb(u64 granularity, unsigned drain)
{
	return put(VTD_IOTLB_TYPE, VTD_TYPE_IOTLB) | put(VTD_IOTLB_G, granularity) |
	       put(VTD_IOTLB_DW, !!(drain & VTD_DRAIN_WRITES)) |
	       put(VTD_IOTLB_DR, !!(drain & VTD_DRAIN_READS));
}

struct vtd_desc vtd_iotlb_global(unsigned drain)
{
	return (struct vtd_desc){ { iotlb(IOTLB_GLOBAL, drain) } };
}

struct vtd_desc vtd_iotlb_domain(u16 did, unsigned drain)
{
	return (struct vtd_desc){ { iotlb(IOTLB_DOMAIN, drain) | put(VTD_IOTLB_DID, did) } };
}

struct vtd_desc vtd_iotlb_pages(u16 did, u64 addr, unsigned order, enum vtd_hint hint,
				unsigned drain)
{
	return (struct vtd_desc){ {
		iotlb(IOTLB_PAGES, drain) | put(VTD_IOTLB_DID, did),
		(addr & mask(VTD_IOTLB_ADDR) & (~0ull << order << PAGE_SHIFT)) |
			put(VTD_IOTLB_IH, hint) | put(VTD_IOTLB_AM, order),
	} };
}

struct vtd_desc vtd_piotlb_all(u16 did, u32 pasid)
{
	return (struct vtd_desc){ {
		put(VTD_PIOTLB_TYPE, VTD_TYPE_PIOTLB) | put(VTD_PIOTLB_G, PIOTLB_PASID) |
			put(VTD_PIOTLB_DID, did) | put(VTD_PIOTLB_PASID, pasid),
	} };
}

static struct vtd_desc pasid_cache(u64 granularity, u16 did, u32 pasid)
{
	return (struct vtd_desc){ {
		put(VTD_PC_TYPE, VTD_TYPE_PC) | put(VTD_PC_G, granularity) | put(VTD_PC_DID, did) |
			put(VTD_PC_PASID, pasid),
	} };
}

struct vtd_desc vtd_pc_global(void) { return pasid_cache(PC_GLOBAL, 0, 0); }
struct vtd_desc vtd_pc_domain(u16 did) { return pasid_cache(PC_DOMAIN, did, 0); }
struct vtd_desc vtd_pc_pasid(u16 did, u32 pasid) { return pasid_cache(PC_PASID, did, pasid); }

/*
 * PCIe's way to say a size in an address: S = 1, and the lowest bit that is 0 in ADDR is the top
 * bit of the offset within the range. Order 1: bit 12 is 0; order 2: bit 12 is 1, bit 13 is 0.
 */
static u64 devtlb_range(u64 addr, unsigned order)
{
	u64 size = PAGE_SIZE << (order - 1);

	return (addr & ~(2 * size - 1)) | (size - PAGE_SIZE);
}

/* 32 does not fit the field: 0. */
static u64 pending(const struct vtd_device_tlb *d) { return d->depth < 32 ? d->depth : 0; }

struct vtd_desc vtd_devtlb_pages(const struct vtd_device_tlb *d, u64 addr, unsigned order)
{
	u64 where = order ? devtlb_range(addr, order) : addr;

	return (struct vtd_desc){ {
		put(VTD_DEVTLB_TYPE, VTD_TYPE_DEVTLB) | put(VTD_DEVTLB_MIP, pending(d)) |
			put(VTD_DEVTLB_SID, d->sid) | put(VTD_DEVTLB_PFSID_LO, d->pfsid) |
			put(VTD_DEVTLB_PFSID_HI, d->pfsid >> PFSID_LO_BITS),
		(where & mask(VTD_DEVTLB_ADDR)) | put(VTD_DEVTLB_S, order > 0),
	} };
}

static u64 pdevtlb(const struct vtd_device_tlb *d, u32 pasid)
{
	return put(VTD_PDEVTLB_TYPE, VTD_TYPE_PDEVTLB) | put(VTD_PDEVTLB_MIP, pending(d)) |
	       put(VTD_PDEVTLB_SID, d->sid) | put(VTD_PDEVTLB_PASID, pasid) |
	       put(VTD_PDEVTLB_PFSID_LO, d->pfsid) |
	       put(VTD_PDEVTLB_PFSID_HI, d->pfsid >> PFSID_LO_BITS);
}

struct vtd_desc vtd_pdevtlb_pages(const struct vtd_device_tlb *d, u32 pasid, u64 addr,
				  unsigned order)
{
	u64 where = order ? devtlb_range(addr, order) : addr;

	return (struct vtd_desc){ {
		pdevtlb(d, pasid),
		(where & mask(VTD_PDEVTLB_ADDR)) | put(VTD_PDEVTLB_S, order > 0),
	} };
}

struct vtd_desc vtd_pdevtlb_every_pasid(const struct vtd_device_tlb *d)
{
	return (struct vtd_desc){ {
		pdevtlb(d, 0),
		devtlb_range(0, VTD_WHOLE_SPACE) | put(VTD_PDEVTLB_S, 1) | put(VTD_PDEVTLB_G, 1),
	} };
}

struct vtd_desc vtd_iec_global(void)
{
	return (struct vtd_desc){ {
		put(VTD_IEC_TYPE, VTD_TYPE_IEC) | put(VTD_IEC_G, IEC_GLOBAL),
	} };
}

struct vtd_desc vtd_iec_entries(u16 index, unsigned order)
{
	return (struct vtd_desc){ {
		put(VTD_IEC_TYPE, VTD_TYPE_IEC) | put(VTD_IEC_G, IEC_INDEX) |
			put(VTD_IEC_IM, order) | put(VTD_IEC_IIDX, index),
	} };
}

struct vtd_desc vtd_page_response(u16 rid, int pasid, u16 group, enum vtd_response code,
				  const u64 data[2])
{
	return (struct vtd_desc){ {
		put(VTD_PGRESP_TYPE, VTD_TYPE_PGRESP) | put(VTD_PGRESP_PP, pasid != VTD_NO_PASID) |
			put(VTD_PGRESP_PDP, data != NULL) | put(VTD_PGRESP_RC, code) |
			put(VTD_PGRESP_RID, rid) |
			put(VTD_PGRESP_PASID, pasid == VTD_NO_PASID ? 0 : (u64)pasid),
		put(VTD_PGRESP_LPIG, 1) | put(VTD_PGRESP_PRGI, group),
		data ? data[0] : 0,
		data ? data[1] : 0,
	} };
}

/* Pure: entries of the VT-d tables. */
#include "iommu/vtd_entry.h"

u64 vtd_root_half(struct pa contexts)
{
	return put(VTD_ROOT_LP, 1) | (contexts.v & mask(VTD_ROOT_LCTP));
}

unsigned vtd_pdts_for(u32 pasid)
{
	unsigned pdts = 0;

	while (pasid / VTD_PASIDS_PER_TABLE >= vtd_pasid_dir_bytes(pdts) / sizeof(u64))
		pdts++;
	return pdts;
}

u64 vtd_pasid_dir_bytes(unsigned pdts) { return sizeof(struct vtd_pasid_dir) << 7 << pdts; }

struct vtd_context vtd_context_entry(struct pa dir, unsigned pdts, u32 rid_pasid, enum vtd_ats ats)
{
	return (struct vtd_context){ {
		put(VTD_CTX_P, 1) | put(VTD_CTX_DTE, ats) | put(VTD_CTX_PDTS, pdts) |
			(dir.v & mask(VTD_CTX_PASIDDIRPTR)),
		put(VTD_CTX_RID_PASID, rid_pasid),
	} };
}

struct vtd_pasid_dir vtd_pasid_dir_entry(struct pa table)
{
	return (struct vtd_pasid_dir){ {
		put(VTD_PDIR_P, 1) | (table.v & mask(VTD_PDIR_SMPTBLPTR)),
	} };
}

struct vtd_pasid vtd_first_stage_entry(struct pa pml4, u16 did, enum vtd_snoop walk)
{
	/*
	 * AW is a second stage's, and reserved where there is none; but QEMU, the only such unit known,
	 * derives the width of canonical addresses from it (U03.pasid_aw_0). WPE stays 0: without SRE there
	 * is no supervisor request to restrict.
	 */
	return (struct vtd_pasid){ {
		put(VTD_PASID_P, 1) | put(VTD_PASID_AW, 2) | put(VTD_PASID_PGTT, VTD_FIRST_STAGE),
		put(VTD_PASID_DID, did) | put(VTD_PASID_PWSNP, walk == VTD_SNOOP),
		put(VTD_PASID_FSPM, 0) | put(VTD_PASID_NXE, 1) | (pml4.v & mask(VTD_PASID_FSPTPTR)),
	} };
}

/* Of a table with so many levels, in either mode. */
static u64 address_width(unsigned levels) { return levels - 2; }

struct vtd_pasid vtd_second_stage_entry(struct pa root, unsigned levels, u16 did,
					enum vtd_snoop walk)
{
	return (struct vtd_pasid){ {
		put(VTD_PASID_P, 1) | put(VTD_PASID_AW, address_width(levels)) |
			put(VTD_PASID_PGTT, VTD_SECOND_STAGE) | (root.v & mask(VTD_PASID_SSPTPTR)),
		put(VTD_PASID_DID, did) | put(VTD_PASID_PWSNP, walk == VTD_SNOOP),
	} };
}

struct vtd_legacy_context vtd_legacy_context_entry(struct pa root, unsigned levels, u16 did)
{
	return (struct vtd_legacy_context){ {
		put(VTD_LCTX_P, 1) | put(VTD_LCTX_TT, 0) | (root.v & mask(VTD_LCTX_SSPTPTR)),
		put(VTD_LCTX_AW, address_width(levels)) | put(VTD_LCTX_DID, did),
	} };
}

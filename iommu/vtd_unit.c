#include "iommu/vtd_unit.h"
#include "iommu/vtd_entry.h"
#include "iommu/vtd_fault.h"
#include "iommu/vtd_listing.h"
#include "kernel/print.h"
#include "kernel/time.h"
#include "mm/frame.h"

/* As a drain of what is on its way may take its time. */
enum { DEADLINE_MS = 1000 };

bool vtd_gcmd(struct vtd_unit *u, int bit, enum vtd_switch to)
{
	char buf[VTD_TEXT_MAX];

	vtd_write32(u, VTD_GCMD, vtd_gcmd_next(vtd_read32(u, VTD_GSTS), bit, to));
	return until(DEADLINE_MS, vtd_gcmd_done(vtd_read32(u, VTD_GSTS), bit, to),
		     "GSTS to show %s %s, vtd%u",
		     vtd_describe(buf, sizeof buf, VTD_GCMD_LISTING, &(u64){ mask(bit) }),
		     to ? "on" : "off", u->index);
}

/* Off, if GSTS shows it on: a command that changes nothing could be answered by nothing. */
static bool switch_off(struct vtd_unit *u, int bit)
{
	return !get(vtd_read32(u, VTD_GSTS), bit) || vtd_gcmd(u, bit, VTD_OFF);
}

static void mask_events(struct vtd_unit *u)
{
	vtd_write32(u, VTD_FECTL, (u32)put(VTD_FECTL_IM, 1));
	if (get(u->ecap, VTD_ECAP_QI))
		vtd_write32(u, VTD_IECTL, (u32)put(VTD_FECTL_IM, 1));
	if (get(u->ecap, VTD_ECAP_PRS))
		vtd_write32(u, VTD_PECTL, (u32)put(VTD_FECTL_IM, 1));
}

static void clear_queue_errors(struct vtd_unit *u)
{
	vtd_fsts_clear(u, mask(VTD_FSTS_IQE) | mask(VTD_FSTS_ITE) | mask(VTD_FSTS_ICE));
	if (get(u->ecap, VTD_ECAP_QI))
		vtd_write32(u, VTD_ICS, (u32)mask(VTD_ICS_IWC));
	if (get(u->ecap, VTD_ECAP_PRS))
		vtd_write32(u, VTD_PRS, (u32)(mask(VTD_PRS_PRO) | mask(VTD_PRS_PPR)));
}

/* A queue of firmware's: an error in it would keep it from ever being empty. */
static bool drain_and_stop_queue(struct vtd_unit *u)
{
	if (!get(vtd_read32(u, VTD_GSTS), VTD_GSTS_QIES))
		return true;
	if (!until(DEADLINE_MS, vtd_read64(u, VTD_IQH) == vtd_read64(u, VTD_IQT),
		   "firmware's invalidation queue to become empty, vtd%u", u->index))
		note("vtd%u firmware's queue is switched off with work in it", u->index);
	return vtd_gcmd(u, VTD_GCMD_QIE, VTD_OFF);
}

bool vtd_take_over(struct vtd_unit *u)
{
	u64 gsts = vtd_read32(u, VTD_GSTS);
	char buf[VTD_TEXT_MAX];

	mask_events(u);
	if (gsts & (mask(VTD_GSTS_TES) | mask(VTD_GSTS_QIES) | mask(VTD_GSTS_IRES)))
		note("vtd%u firmware left on GSTS=%s", u->index,
		     vtd_describe(buf, sizeof buf, VTD_GSTS_LISTING, &gsts));
	clear_queue_errors(u);
	/* The queue last: it must be on while interrupts are remapped. */
	if (!switch_off(u, VTD_GCMD_TE) || !switch_off(u, VTD_GCMD_EAFL) ||
	    !switch_off(u, VTD_GCMD_IRE) || !drain_and_stop_queue(u))
		return false;
	clear_queue_errors(u);
	vtd_fault_clear(u);
	return true;
}

bool vtd_translates(const struct vtd_unit *u) { return get(vtd_read32(u, VTD_GSTS), VTD_GSTS_TES); }

static void free_root(struct vtd_unit *u)
{
	for (unsigned bus = 0; bus < PAGE_SIZE / sizeof(struct vtd_root); bus++)
		for (unsigned half = 0; half < 2; half++) {
			u64 w = u->root[bus].w[half];

			if (get(w, VTD_ROOT_LP))
				frame_put((struct pa){ w & mask(VTD_ROOT_LCTP) });
		}
	frame_put(direct_pa(u->root));
	u->root = NULL;
}

bool vtd_start(struct vtd_unit *u)
{
	struct pa root = frame_alloc(FRAME_IOMMU);

	u->root = direct(root);
	vtd_write_back(u, u->root, PAGE_SIZE);
	/* Its descriptors have the width of a mode before the unit is in that mode (VT-d 6.5.2). */
	bool queue = vtd_queue_start(u);
	vtd_write64(u, VTD_RTADDR,
		    (root.v & mask(VTD_RTADDR_RTA)) |
			    put(VTD_RTADDR_TTM, u->scalable ? VTD_TTM_SCALABLE : VTD_TTM_LEGACY));
	/*
	 * Whether or not the unit says that SRTP does it (ESRTPS): the caches are empty afterwards.
	 */
	if (queue && vtd_gcmd(u, VTD_GCMD_SRTP, VTD_ON) && vtd_forget_all(u) == VTD_OK)
		return true;
	note("vtd%u does not start", u->index);
	if (vtd_queue_stop(u))
		free_root(u);
	return false;
}

/*
 * Protected memory would block DMA whatever the tables say. It is opened only when translation
 * guards it.
 */
static bool open_protected_memory(struct vtd_unit *u)
{
	if (!get(u->cap, VTD_CAP_PLMR) && !get(u->cap, VTD_CAP_PHMR))
		return true;
	if (!get(vtd_read32(u, VTD_PMEN), VTD_PMEN_EPM))
		return true;
	note("vtd%u firmware left protected memory on", u->index);
	vtd_write32(u, VTD_PMEN, vtd_read32(u, VTD_PMEN) & (u32)~mask(VTD_PMEN_EPM));
	return until(DEADLINE_MS, !get(vtd_read32(u, VTD_PMEN), VTD_PMEN_PRS),
		     "PMEN.PRS to become 0, vtd%u", u->index);
}

bool vtd_translation_on(struct vtd_unit *u)
{
	return vtd_gcmd(u, VTD_GCMD_TE, VTD_ON) && open_protected_memory(u);
}

bool vtd_remap_interrupts(struct vtd_unit *u)
{
	if (!get(u->ecap, VTD_ECAP_IR))
		return true;
	const struct vtd_desc cached = vtd_iec_global();
	struct pa table = frame_alloc(FRAME_IOMMU);

	vtd_write_back(u, direct(table), PAGE_SIZE);
	/* By entries of either mode nothing is present; some units have the extended mode alone (EIMER). */
	vtd_write64(u, VTD_IRTA,
		    (table.v & mask(VTD_IRTA_IRTA)) |
			    put(VTD_IRTA_EIME, get(u->ecap, VTD_ECAP_EIM)));
	/* Whether or not the unit says that SIRTP does it (ESIRTPS): entries of another table are forgotten (VT-d 6.7). */
	return vtd_gcmd(u, VTD_GCMD_SIRTP, VTD_ON) && vtd_forget(u, &cached, 1) == VTD_OK &&
	       vtd_gcmd(u, VTD_GCMD_IRE, VTD_ON);
}

bool vtd_stop(struct vtd_unit *u)
{
	bool forgotten;

	if (!u->root)
		return true;
	if (!switch_off(u, VTD_GCMD_TE))
		return false;
	/* Before the tables are freed: TE = 0 by itself need not empty the caches. */
	forgotten = vtd_forget_all(u) == VTD_OK;
	if (!vtd_queue_stop(u) || !forgotten)
		return false;
	free_root(u);
	return true;
}

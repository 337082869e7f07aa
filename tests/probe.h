#pragma once
#include "iommu/vtd_domain.h"
#include "kernel/dma.h"

/* What the IOMMU must accept of it. */
static inline enum vtd_ats probe_ats(const struct dma_engine *e)
{
	return e->can & DMA_ATS ? VTD_ATS : VTD_NO_ATS;
}

/*
 * Does a started engine keep the promises of kernel/dma.h here, through this unit, the machine's? On a page of its own below
 * the arenas, which is gone afterwards. False, after a note. Boot CPU.
 */
bool probe_engine(struct dma_engine *e, struct vtd_unit *u);

/*
 * Does the unit take RID_PASID for the PASID of requests without one? ECAP.RPS says so, but some do
 * without saying it, and only a DMA shows it: PASID `pasid` gets the CPUs' tables, PASID 0
 * nothing. True: it does, and the engine is started; false: it does not (or pasid is impossible), and *r
 * is detached, the engine stopped. Boot CPU.
 */
bool probe_rid_pasid(struct dma_engine *e, struct vtd_unit *u, struct vtd_requester *r, u32 pasid,
		     const struct vtd_space *nothing);

/*
 * Before a hand-over: what probe_engine() will map and what it will not, both translated to a page of today by what the unit has
 * cached, and a fault that nobody read. How many of the two were reached. Boot CPU.
 */
unsigned probe_leave_stale(struct dma_engine *e);

/* Does a write of a started engine arrive in another device's memory? Boot CPU. */
struct peer;
bool probe_peer(struct dma_engine *e, const struct peer *p);

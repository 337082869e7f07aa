#pragma once
/* What tests of a whole unit begin with: the one that is played, and the code under test, built here because what it touches is. */
#include "tests/host/played_vtd.h"

#include "iommu/vtd_cache.c"
#include "iommu/vtd_domain.c"
#include "iommu/vtd_fault.c"
#include "iommu/vtd_legacy.c"
#include "iommu/vtd_probe.c"
#include "iommu/vtd_publish.c"
#include "iommu/vtd_queue.c"
#include "iommu/vtd_queue_life.c"
#include "iommu/vtd_report.c"
#include "iommu/vtd_table.c"
#include "iommu/vtd_unit.c"

/* CAP: ND 6, FRO, PLMR; ECAP: QI, SMTS, FSTS. */
static const u64 CAP = 6 | (u64)FRO << 24 | 1 << 5, ECAP = 1 << 1 | 1ull << 43 | 1ull << 47;
static const u64 COHERENT = 1 | 1ull << 48;
/* The same without first stage, but a second of 3 and 4 levels, in scalable mode and without it. */
static const u64 SAGAW = 6 << 8, SECOND = 1 << 1 | 1ull << 43 | 1ull << 46, LEGACY = 1 << 1;
static struct vtd_unit unit;
static const struct vtd_space somewhere = { VTD_FIRST_STAGE, 4, { 0x1000 }, 7 };
static const struct vtd_desc bad = { { 15 } }, devtlb = { { 3 } }, page = { { 6 } };

/* As after a reset of the machine, of the first kind; cmocka's, before a test. */
static inline int reset(void **state)
{
	(void)state;
	memset(&hw, 0, sizeof hw);
	memset(taken, 0, sizeof taken);
	hw.cap = CAP;
	hw.ecap = ECAP | COHERENT;
	answer_at = timeouts = signs = under_ways = 0;
	watched = 0;
	expected_levels = 0;
	last_note[0] = last_timeout[0] = 0;
	return 0;
}

static inline void probe(void)
{
	assert_true(vtd_probe(&unit, 0, 0, (struct pa){ 0xfed90000 }, WINDOW));
}

/* Found and ready, with nothing in its log yet. */
static inline void start(void)
{
	probe();
	assert_true(vtd_start(&unit));
	hw.log[0] = last_note[0] = 0;
}

#pragma once
#include "iommu/vtd_regs.h"

/*
 * The Global Command register takes one change a write, and a write states every bit: those that
 * persist (TE, EAFL, QIE, IRE, CFI) must be written as GSTS shows them, those that trigger (SRTP,
 * SFL, WBF, SIRTP) must be 0 unless they are the change. VT-d 11.4, Global Command. Pure.
 */
enum vtd_switch { VTD_OFF, VTD_ON };

/* What to write to make one change (a VTD_GCMD_ field of one bit) when GSTS reads gsts. */
u32 vtd_gcmd_next(u32 gsts, int bit, enum vtd_switch to);

/* Does GSTS show that the change is in effect? Nothing else may be written before. */
bool vtd_gcmd_done(u32 gsts, int bit, enum vtd_switch to);

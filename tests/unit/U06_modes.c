/* Pure: U06, translation table modes other than the scalable one, on a unit that has that. */
#include "iommu/vtd_entry.h"
#include "iommu/vtd_second.h"
#include "mm/pte.h"
#include "tests/unit/rows.h"

#define ANY(id, sentence, needs, mode, a, why, ...)                                        \
	{                                                                                  \
		.row = { "U06." id, sentence, needs, NULL }, .ttm = (mode), .access = (a), \
		.reason = (why), __VA_ARGS__                                               \
	}
#define ROW(id, sentence, ...) ANY(id, sentence, UNIT_READS, VTD_TTM_LEGACY, VTD_READ, __VA_ARGS__)
#define WRITE_ROW(id, sentence, ...) \
	ANY(id, sentence, UNIT_WRITES, VTD_TTM_LEGACY, VTD_WRITE, __VA_ARGS__)
#define MODE_ROW(id, sentence, ttm, ...) ANY(id, sentence, UNIT_READS, ttm, VTD_READ, __VA_ARGS__)
/* What the legacy mode walks is a second stage in any case; here scalable mode does too. */
#define SECOND_ROW(id, sentence, ttm, ...) \
	ANY("second_" id, sentence, UNIT_SECOND_READS, ttm, VTD_READ, __VA_ARGS__)
#define AT(at, f, to) .entry = (at), .field = (f), .value = (to)
#define AS_IT_IS      .field = UNIT_NO_FIELD

#define HOLE (UNIT_HOLE >> 12)
enum { TTM_RESERVED = 2, BAD_TTM = 0x30, BAD_CONTEXT = 0x03 };

static const struct mode_row modes[] = {
	ROW("legacy", "legacy mode: what scalable mode had cached is gone", 0, AS_IT_IS),
	WRITE_ROW("legacy_write", "a write in legacy mode", 0, AS_IT_IS),
	ROW("legacy_and_back", "scalable mode again: what legacy mode had cached is gone", 0,
	    AS_IT_IS, .back = true),
	ROW("legacy_alone", "ESRTPS: SRTP alone changes the mode, and forgets, with translation on",
	    0, AS_IT_IS, .alone = true),
	ROW("legacy_alone_and_back", "ESRTPS: and so it does on the way back", 0, AS_IT_IS,
	    .alone = true, .back = true),
	ROW("legacy_type_1", "TT 01b, for device TLBs, is reserved without ECAP.DT", BAD_CONTEXT,
	    AT(UNIT_CONTEXT, VTD_LCTX_TT, 1), .unless = VTD_ECAP_DT),
	ANY("legacy_type_2", "TT 10b, pass-through, is reserved without ECAP.PT",
	    UNIT_WRITES | NEED_NO_RINGS, VTD_TTM_LEGACY, VTD_WRITE, BAD_CONTEXT,
	    AT(UNIT_CONTEXT, VTD_LCTX_TT, LEGACY_PASS_THROUGH), .unless = VTD_ECAP_PT),
	ROW("legacy_type_3", "TT 11b is reserved", BAD_CONTEXT, AT(UNIT_CONTEXT, VTD_LCTX_TT, 3)),
	ROW("legacy_aw_0", "AW 0 is reserved in a context entry", BAD_CONTEXT,
	    AT(UNIT_CONTEXT, VTD_LCTX_AW, 0)),
	ROW("legacy_aw_7", "AW 7 is reserved in a context entry", BAD_CONTEXT,
	    AT(UNIT_CONTEXT, VTD_LCTX_AW, 7)),
	ROW("legacy_root_absent", "no context table for this bus, in legacy mode", 0x01,
	    AT(UNIT_ROOT, VTD_ROOT_LP, 0)),
	ROW("legacy_root_low", "bit 1 of a root entry, in legacy mode", 0x0a,
	    AT(UNIT_ROOT, FIELD(1, 1), 1)),
	ROW("legacy_root_upper", "a root entry with an upper half, as scalable mode has", 0x0a,
	    AT(UNIT_ROOT, VTD_ROOT_UP, 1)),
	ROW("legacy_root_unreachable", "a root table where no memory is, in legacy mode", 0x08,
	    AS_IT_IS, .nowhere = true),
	MODE_ROW("root_unreachable", "a root table where no memory is, in scalable mode",
		 VTD_TTM_SCALABLE, 0x38, AS_IT_IS, .nowhere = true),
	ROW("legacy_context_unreachable", "a context table where no memory is, in legacy mode",
	    0x09, AT(UNIT_ROOT, VTD_ROOT_LCTP, HOLE)),
	ROW("legacy_pml4_unreachable", "a PML4 table where no memory is, in legacy mode", 0x03,
	    AT(UNIT_CONTEXT, VTD_LCTX_SSPTPTR, HOLE)),
	ROW("legacy_pdpt_unreachable", "a PDPT where no memory is, in legacy mode", 0x07,
	    AT(UNIT_PML4E, PTE_ADDRESS, HOLE)),
	ROW("legacy_context_absent", "no context entry, in legacy mode", 0x02,
	    AT(UNIT_CONTEXT, VTD_LCTX_P, 0)),
	ROW("legacy_context_low", "bit 4 of a context entry, in legacy mode", 0x0b,
	    AT(UNIT_CONTEXT, FIELD(4, 4), 1)),
	ROW("legacy_context_71", "bit 71 of a context entry, in legacy mode", 0x0b,
	    AT(UNIT_CONTEXT, FIELD(71, 71), 1)),
	ROW("legacy_context_high", "bit 127 of a context entry, in legacy mode", 0x0b,
	    AT(UNIT_CONTEXT, FIELD(127, 127), 1)),
	ROW("legacy_context_ignored", "ignored: bits 70 to 67 of a context entry", 0,
	    AT(UNIT_CONTEXT, FIELD(70, 67), 15)),
	ROW("legacy_no_read", "R=0 in a PT entry, for a read in legacy mode", 0x06,
	    AT(UNIT_PTE, VTD_SS_R, 0)),
	WRITE_ROW("legacy_no_write", "W=0 in a PT entry, for a write in legacy mode", 0x05,
		  AT(UNIT_PTE, VTD_SS_W, 0)),
	ROW("legacy_pml4e_ps", "PS in a PML4 entry, in legacy mode", 0x0c,
	    AT(UNIT_PML4E, VTD_SS_PS, 1)),
	ROW("legacy_too_wide", "an address of 49 bits, by AW 2", 0x04, AS_IT_IS,
	    .va = UNIT_VA | 1ull << 48),
	ROW("legacy_interrupt_range",
	    "the result is in the interrupt address range, in legacy mode", 0x0e,
	    AT(UNIT_PTE, PTE_ADDRESS, 0xfee00)),
	ROW("legacy_fpd", "no PT entry, and FPD=1 in the context entry of the legacy mode", 0,
	    AT(UNIT_CONTEXT, VTD_LCTX_FPD, 1), .va = UNIT_VA + 0x7000),
	ROW("legacy_pc", "a PASID-cache descriptor in legacy mode", 0, AS_IT_IS, .offers = 0x37),
	ROW("legacy_piotlb", "a PASID-IOTLB descriptor in legacy mode", 0, AS_IT_IS,
	    .offers = 0x26),
	MODE_ROW("ttm_2", "TTM 10b is reserved", TTM_RESERVED, BAD_TTM, AS_IT_IS),
	MODE_ROW("ttm_3", "TTM 11b aborts all DMA, or is reserved without ECAP.ADMS", VTD_TTM_ABORT,
		 BAD_TTM, AS_IT_IS, .unless = VTD_ECAP_ADMS),
	SECOND_ROW("legacy", "legacy mode, and a second stage in scalable mode", VTD_TTM_LEGACY, 0,
		   AS_IT_IS),
	SECOND_ROW("legacy_pc", "a PASID-cache descriptor in legacy mode, after a second stage",
		   VTD_TTM_LEGACY, 0, AS_IT_IS, .offers = 0x37),
	SECOND_ROW("legacy_piotlb", "a PASID-IOTLB descriptor in legacy mode, after a second stage",
		   VTD_TTM_LEGACY, 0, AS_IT_IS, .offers = 0x26),
	SECOND_ROW("legacy_type_3", "TT 11b is reserved, on a unit with second stages",
		   VTD_TTM_LEGACY, BAD_CONTEXT, AT(UNIT_CONTEXT, VTD_LCTX_TT, 3)),
	SECOND_ROW("root_unreachable", "a root table where no memory is, and second stages",
		   VTD_TTM_SCALABLE, 0x38, AS_IT_IS, .nowhere = true),
	SECOND_ROW("ttm_2", "TTM 10b is reserved, on a unit with second stages", TTM_RESERVED,
		   BAD_TTM, AS_IT_IS),
	SECOND_ROW("ttm_3", "TTM 11b, on a unit with second stages", VTD_TTM_ABORT, BAD_TTM,
		   AS_IT_IS, .unless = VTD_ECAP_ADMS),
};
UNIT_TABLE(modes, unit_mode, "VT-d 6.5.2.11, 6.6, 7.1.3, 9.1, 9.3, 11.4 Root Table Address (TTM)");

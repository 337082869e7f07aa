#pragma once
#include "iommu/vtd_entry.h"
#include "iommu/vtd_inval.h"
#include "iommu/vtd_regs.h"

/*
 * Every listing of fields by name, for people: "0xc4000000 TES RTPS QIES". Pure.
 */
#define VTD_LISTINGS(F) \
	F(VER, 32)      \
	F(CAP, 64)      \
	F(ECAP, 64)     \
	F(GCMD, 32)     \
	F(GSTS, 32)     \
	F(RTADDR, 64)   \
	F(FSTS, 32)     \
	F(FECTL, 32)    \
	F(FRCD, 128)    \
	F(PMEN, 32)     \
	F(IQA, 64)      \
	F(ICS, 32)      \
	F(IQERCD, 64)   \
	F(PRS, 32)      \
	F(ROOT, 128)    \
	F(CTX, 256)     \
	F(LCTX, 128)    \
	F(PDIR, 64)     \
	F(PASID, 512)   \
	F(DESC, 256)    \
	F(CC, 256)      \
	F(IOTLB, 256)   \
	F(DEVTLB, 256)  \
	F(IEC, 256)     \
	F(WAIT, 256)    \
	F(PIOTLB, 256)  \
	F(PC, 256)      \
	F(PDEVTLB, 256) \
	F(PGRESP, 256)

#define AS_LISTING(name, bits) VTD_##name##_LISTING,
enum vtd_listing_id { VTD_LISTINGS(AS_LISTING) VTD_LISTING_COUNT };
#undef AS_LISTING

struct vtd_listing {
	const char *name; /* as the manual spells it */
	u16 bits, fields;
	const int *field;
	const char *names; /* of the fields, one after the other, VTD_<name>_... */
};
extern const struct vtd_listing vtd_listing[VTD_LISTING_COUNT];

enum { VTD_TEXT_MAX = 320 };

/*
 * The value of a register or structure, low word first, as text: hexadecimal, then the fields that
 * are not 0, by name if a single bit, as NAME=value otherwise (addresses, wider than 32 bits, in
 * their place). Cut to size like snprintf; returns buf.
 */
const char *vtd_describe(char *buf, size_t size, enum vtd_listing_id id, const u64 *words);

/* Which listing describes a descriptor: by its type; VTD_DESC_LISTING for a type nobody knows. */
enum vtd_listing_id vtd_desc_listing(const struct vtd_desc *desc);

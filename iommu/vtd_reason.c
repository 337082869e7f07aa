/* Pure: fault records in words. */
#include "iommu/vtd_entry.h"
#include "iommu/vtd_fault.h"
#include "iommu/vtd_regs.h"
#include "kernel/format.h"
#include "kernel/string.h"

/* VT-d 7.1.3, DMA and interrupt remapping fault conditions */
#define REASONS(R)                                                                       \
	R(0x01, "root entry not present")                                                \
	R(0x02, "context entry not present")                                             \
	R(0x03, "context entry invalid")                                                 \
	R(0x04, "address beyond what the table's width or the unit allows")              \
	R(0x05, "no write permission")                                                   \
	R(0x06, "no read permission")                                                    \
	R(0x07, "second-stage entry could not be read")                                  \
	R(0x08, "root table could not be read")                                          \
	R(0x09, "context table could not be read")                                       \
	R(0x0a, "reserved bit set in root entry")                                        \
	R(0x0b, "reserved bit set in context entry")                                     \
	R(0x0c, "reserved bit set in second-stage entry")                                \
	R(0x0d, "translation type blocks this kind of request")                          \
	R(0x0e, "result in the interrupt address range")                                 \
	R(0x20, "reserved bit set in interrupt request")                                 \
	R(0x21, "interrupt index beyond the table")                                      \
	R(0x22, "interrupt entry not present")                                           \
	R(0x23, "interrupt table could not be read")                                     \
	R(0x24, "reserved bit set in interrupt entry")                                   \
	R(0x25, "interrupt in compatibility format blocked")                             \
	R(0x26, "interrupt from the wrong requester")                                    \
	R(0x30, "root table address or its mode invalid")                                \
	R(0x31, "translation table mode does not allow requests with PASID")             \
	R(0x32, "translation table mode does not allow page requests")                   \
	R(0x33, "translation table mode aborts all DMA")                                 \
	R(0x38, "root table could not be read (scalable mode)")                          \
	R(0x39, "root entry not present (scalable mode)")                                \
	R(0x3a, "reserved bit set in root entry (scalable mode)")                        \
	R(0x40, "context table could not be read (scalable mode)")                       \
	R(0x41, "context entry not present (scalable mode)")                             \
	R(0x42, "reserved bit set in context entry (scalable mode)")                     \
	R(0x43, "context entry invalid (scalable mode)")                                 \
	R(0x44, "context entry does not allow translation requests (DTE)")               \
	R(0x45, "context entry does not allow requests with PASID (PASIDE)")             \
	R(0x46, "PASID beyond the directory (PDTS)")                                     \
	R(0x47, "context entry does not allow page requests (PRE)")                      \
	R(0x48, "RID_PASID invalid")                                                     \
	R(0x50, "PASID directory could not be read")                                     \
	R(0x51, "PASID directory entry not present")                                     \
	R(0x52, "reserved bit set in PASID directory entry")                             \
	R(0x58, "PASID table could not be read")                                         \
	R(0x59, "PASID entry not present")                                               \
	R(0x5a, "reserved bit set in PASID entry")                                       \
	R(0x5b, "PASID entry invalid")                                                   \
	R(0x5c, "PASID entry does not allow execute requests (ERE)")                     \
	R(0x5d, "PASID entry does not allow supervisor requests (SRE)")                  \
	R(0x70, "first-stage entry could not be read")                                   \
	R(0x71, "first-stage entry not present")                                         \
	R(0x72, "reserved bit set in first-stage entry")                                 \
	R(0x73, "first-stage top-level table could not be read")                         \
	R(0x74, "second stage refuses the address of a first-stage entry")               \
	R(0x75, "second stage refuses the address of a first-stage entry")               \
	R(0x76, "second stage refuses the address of a first-stage entry")               \
	R(0x77, "second stage refuses the address of a first-stage entry")               \
	R(0x78, "second-stage entry could not be read (scalable mode)")                  \
	R(0x79, "second stage does not permit the access")                               \
	R(0x7a, "reserved bit set in second-stage entry (scalable mode)")                \
	R(0x7b, "second-stage top-level pointer invalid")                                \
	R(0x7c, "accessed or dirty to be set, but the second-stage walk does not snoop") \
	R(0x80, "address not canonical")                                                 \
	R(0x81, "user request to a page with U/S=0")                                     \
	R(0x82, "no execute permission")                                                 \
	R(0x83, "address beyond the unit's width")                                       \
	R(0x84, "address beyond the second stage's width")                               \
	R(0x85, "no write permission in the first stage")                                \
	R(0x86, "no read permission in the first stage")                                 \
	R(0x87, "result in the interrupt address range (scalable mode)")                 \
	R(0x90, "accessed or dirty to be set, but the first-stage walk does not snoop")  \
	R(0x91, "accessed or dirty could not be set in a first-stage entry")
#define AS_CODE(code, text) code,
#define AS_TEXT(code, text) text "\0"

const char *vtd_fault_text(u8 reason)
{
	static const u8 codes[] = { REASONS(AS_CODE) };
	const char *text = REASONS(AS_TEXT);

	for (size_t i = 0; i < ARRAY_SIZE(codes); i++, text += strlen(text) + 1)
		if (codes[i] == reason)
			return text;
	return "reason unknown";
}

struct vtd_fault vtd_fault_decode(const u64 record[2])
{
	return (struct vtd_fault){
		.reason = (u8)get(record[1], VTD_FRCD_FR),
		.sid = (u16)get(record[1], VTD_FRCD_SID),
		.has_pasid = get(record[1], VTD_FRCD_PP),
		.exec = get(record[1], VTD_FRCD_EXE),
		.priv = get(record[1], VTD_FRCD_PRIV),
		.pasid = (u32)get(record[1], VTD_FRCD_PV),
		.access = (enum vtd_access)(2 * get(record[1], VTD_FRCD_T1) +
					    get(record[1], VTD_FRCD_T2)),
		.page = { record[0] & mask(VTD_FRCD_FI) },
	};
}

const char *vtd_fault_line(char *buf, size_t size, const struct vtd_fault *f)
{
	static const char *const access[] = {
		[VTD_WRITE] = "write",
		[VTD_PAGE_REQUEST] = "page-request",
		[VTD_READ] = "read",
		[VTD_ATOMIC] = "atomic",
	};
	size_t n =
		format(buf, size, "reason=0x%02x (%s) access=%s%s%s page=0x%llx sid=%02x:%02x.%x",
		       f->reason, vtd_fault_text(f->reason), access[f->access],
		       f->exec ? ",execute" : "", f->priv ? ",privileged" : "",
		       (unsigned long long)f->page.v, (unsigned)get(f->sid, VTD_SID_BUS),
		       (unsigned)get(f->sid, VTD_SID_DEV), (unsigned)get(f->sid, VTD_SID_FN));

	if (f->has_pasid && n < size)
		format(buf + n, size - n, " pasid=0x%x", f->pasid);
	return buf;
}

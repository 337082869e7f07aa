/* Pure: fault records in words. */
#include "iommu/vtd_entry.h"
#include "iommu/vtd_fault.h"
#include "iommu/vtd_regs.h"
#include "kernel/format.h"

/* VT-d 7.1.3, DMA and interrupt remapping fault conditions */
static const struct {
	u8 reason;
	const char *text;
} reasons[] = {
	{ 0x01, "root entry not present" },
	{ 0x02, "context entry not present" },
	{ 0x03, "context entry invalid" },
	{ 0x04, "address beyond what the table's width or the unit allows" },
	{ 0x05, "no write permission" },
	{ 0x06, "no read permission" },
	{ 0x07, "second-stage entry could not be read" },
	{ 0x08, "root table could not be read" },
	{ 0x09, "context table could not be read" },
	{ 0x0a, "reserved bit set in root entry" },
	{ 0x0b, "reserved bit set in context entry" },
	{ 0x0c, "reserved bit set in second-stage entry" },
	{ 0x0d, "translation type blocks this kind of request" },
	{ 0x0e, "result in the interrupt address range" },
	{ 0x20, "reserved bit set in interrupt request" },
	{ 0x21, "interrupt index beyond the table" },
	{ 0x22, "interrupt entry not present" },
	{ 0x23, "interrupt table could not be read" },
	{ 0x24, "reserved bit set in interrupt entry" },
	{ 0x25, "interrupt in compatibility format blocked" },
	{ 0x26, "interrupt from the wrong requester" },
	{ 0x30, "root table address or its mode invalid" },
	{ 0x31, "translation table mode does not allow requests with PASID" },
	{ 0x32, "translation table mode does not allow page requests" },
	{ 0x38, "root table could not be read (scalable mode)" },
	{ 0x39, "root entry not present (scalable mode)" },
	{ 0x3a, "reserved bit set in root entry (scalable mode)" },
	{ 0x40, "context table could not be read (scalable mode)" },
	{ 0x41, "context entry not present (scalable mode)" },
	{ 0x42, "reserved bit set in context entry (scalable mode)" },
	{ 0x43, "context entry invalid (scalable mode)" },
	{ 0x44, "context entry does not allow translation requests (DTE)" },
	{ 0x45, "context entry does not allow requests with PASID (PASIDE)" },
	{ 0x46, "PASID beyond the directory (PDTS)" },
	{ 0x47, "context entry does not allow page requests (PRE)" },
	{ 0x48, "RID_PASID invalid" },
	{ 0x50, "PASID directory could not be read" },
	{ 0x51, "PASID directory entry not present" },
	{ 0x52, "reserved bit set in PASID directory entry" },
	{ 0x58, "PASID table could not be read" },
	{ 0x59, "PASID entry not present" },
	{ 0x5a, "reserved bit set in PASID entry" },
	{ 0x5b, "PASID entry invalid" },
	{ 0x5c, "PASID entry does not allow execute requests (ERE)" },
	{ 0x5d, "PASID entry does not allow supervisor requests (SRE)" },
	{ 0x70, "first-stage entry could not be read" },
	{ 0x71, "first-stage entry not present" },
	{ 0x72, "reserved bit set in first-stage entry" },
	{ 0x73, "first-stage top-level table could not be read" },
	{ 0x74, "second stage refuses the address of a first-stage entry" },
	{ 0x75, "second stage refuses the address of a first-stage entry" },
	{ 0x76, "second stage refuses the address of a first-stage entry" },
	{ 0x77, "second stage refuses the address of a first-stage entry" },
	{ 0x78, "second-stage entry could not be read (scalable mode)" },
	{ 0x79, "second stage does not permit the access" },
	{ 0x7a, "reserved bit set in second-stage entry (scalable mode)" },
	{ 0x7b, "second-stage top-level pointer invalid" },
	{ 0x7c, "accessed or dirty to be set, but the second-stage walk does not snoop" },
	{ 0x80, "address not canonical" },
	{ 0x81, "user request to a page with U/S=0" },
	{ 0x82, "no execute permission" },
	{ 0x83, "address beyond the unit's width" },
	{ 0x84, "address beyond the second stage's width" },
	{ 0x85, "no write permission in the first stage" },
	{ 0x86, "no read permission in the first stage" },
	{ 0x87, "result in the interrupt address range (scalable mode)" },
	{ 0x90, "accessed or dirty to be set, but the first-stage walk does not snoop" },
	{ 0x91, "accessed or dirty could not be set in a first-stage entry" },
};

const char *vtd_fault_text(u8 reason)
{
	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
		if (reasons[i].reason == reason)
			return reasons[i].text;
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

#pragma once
#include "kernel/addr.h"

/* Faults of DMA remapping: what a unit recorded (VT-d 7.1, 11.4 Fault Recording). */
struct vtd_unit;

enum vtd_access { VTD_WRITE, VTD_PAGE_REQUEST, VTD_READ, VTD_ATOMIC }; /* T1, T2 */

struct vtd_fault {
	u8 reason; /* VT-d 7.1.3; vtd_fault_text() */
	u16 sid;   /* requester */
	bool has_pasid, exec, priv;
	u32 pasid;
	enum vtd_access access;
	struct iova page; /* bits 63:12 of the address */
};

/* From the two words of a record. Pure. */
struct vtd_fault vtd_fault_decode(const u64 record[2]);
/* The reason in words; "reason unknown" for a code that the manual does not have. Pure. */
const char *vtd_fault_text(u8 reason);
/* One line: "reason=0x71 first-stage entry not present, write sid=00:04.0 page=0x... ". Pure. */
enum { VTD_FAULT_LINE_MAX = 192 };
const char *vtd_fault_line(char *buf, size_t size, const struct vtd_fault *f);

/* Is any fault recorded? One register read. Any CPU. */
bool vtd_fault_pending(const struct vtd_unit *u);

/* A copy of the records in use, oldest first, at most max; returns how many. Nothing is cleared. */
unsigned vtd_fault_read(const struct vtd_unit *u, struct vtd_fault *out, unsigned max);

/*
 * Forget what was recorded. A unit drops further faults of a requester until its record is clear.
 */
void vtd_fault_clear(struct vtd_unit *u);

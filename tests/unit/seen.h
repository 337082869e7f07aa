#pragma once
#include "iommu/vtd_fault.h"

/* What one access of an engine showed, and that in words, which deviations list. Pure. */
enum unit_frame { UNIT_OLD, UNIT_NEW, UNIT_NOWHERE };

struct unit_seen {
	enum unit_frame at; /* which frame it reached */
	bool faulted;
	struct vtd_fault fault;
	/* What the record must have, if there is one. */
	u64 page;
	u16 sid;
	enum vtd_access access;
	u32 rid_pasid; /* it may be recorded as the PASID of a request without; U03.untagged looks */
};

/*
 * "old", "new", "nothing"; "reason=0x71", and behind it what is not as it must be: the page, the requester, the kind of access, a
 * PASID that the request did not have; "old, reason=0x71" if it got through all the same. text.
 */
enum { UNIT_SEEN_TEXT = 120 };
const char *unit_seen_text(char text[UNIT_SEEN_TEXT], const struct unit_seen *s);

/* "reason=0x72"; text. */
const char *unit_reason_text(char text[16], u8 reason);

/* Numbers with what was seen for each: "0x5a: 10-11,88; old: 63". Add them in rising order. */
enum { UNIT_GROUPS = 6 };
struct unit_groups {
	unsigned count;
	struct {
		char what[40];
		char bits[80];
		int first, last; /* of the run at the end of bits, not yet in it */
	} group[UNIT_GROUPS];
};
void unit_group(struct unit_groups *g, int bit, const char *what);
const char *unit_groups_text(char *text, size_t size, struct unit_groups *g);

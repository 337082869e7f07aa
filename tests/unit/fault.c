/* U03: a field is changed, and the access that this refuses is looked for in the fault record. */
#include "kernel/platform.h"
#include "tests/unit/world.h"

static const char *const accesses[] = { "write", "page request", "read", "atomic" };

void unit_change(struct unit_world *w, struct unit_run *r, enum unit_entry entry, int field,
		 u64 value)
{
	u64 *word = w->entry[entry] + word_of(field);
	u64 to = (*word & ~mask(field)) | put(field, value);

	if (field_hi(field) == field_lo(field))
		unit_did(r, "bit %u of the %s made %lu", field_lo(field), unit_entry_name[entry],
			 get(to, field));
	else
		unit_did(r, "bits %u:%u of the %s made %#lx", field_hi(field), field_lo(field),
			 unit_entry_name[entry], get(to, field));
	unit_set(w, word, to);
}

const char *unit_no_hole(void)
{
	return platform.kind == PLATFORM_HARDWARE || machine.address_bits <= UNIT_HOLE_BIT
		       ? "an emulator, where it is known what answers with an error"
		       : NULL;
}

void unit_fault(const struct unit_row *row, struct unit_run *r)
{
	const struct fault_row *f = (const struct fault_row *)(const void *)row;
	struct unit_world *w;
	u64 va = f->va ? f->va : UNIT_VA;
	char text[UNIT_SEEN_TEXT];

	if (f->value == UNIT_HOLE >> PAGE_SHIFT && unit_no_hole()) {
		r->missing = unit_no_hole();
		return;
	}
	if (f->passes && !get(machine.unit->ecap, VTD_ECAP_PT)) {
		r->missing = "pass-through (ECAP.PT)";
		return;
	}
	if (f->passes && !(f->va >> machine.address_bits)) {
		r->missing = "physical addresses of fewer bits";
		return;
	}
	if (f->unless && get(machine.unit->ecap, f->unless)) {
		r->missing = "a unit that does not have this type of translation";
		return;
	}
	w = unit_open(r, f->access == VTD_READ ? DMA_READ : DMA_WRITE);
	if (!w)
		return;
	if (f->field != UNIT_NO_FIELD)
		unit_change(w, r, f->entry, f->field, f->value);
	unit_did(r, "everything invalidated; a %s at %#lx", accesses[f->access], va);
	if (unit_forget(w, r)) {
		struct unit_seen s = unit_access(w, f->access, va);

		unit_saw(r, "%s", unit_seen_text(text, &s));
	}
	if (f->reason)
		unit_want_reason(r, "", f->reason, f->other);
	else
		unit_want(r, f->lands ? "old" : "nothing");
	unit_close(w, r);
}

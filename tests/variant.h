#pragma once
#include "tests/listing.h"

/*
 * A scenario with one change to a listing: a control, or a mutation. Steps keep their numbers, so that claims
 * that name one mean the same. Pure.
 */
struct variant {
	struct scenario scenario; /* of `of`, with the changed listing */
	struct step steps[STEPS_MAX];
	char order[AGENTS * STEPS_MAX + 1]; /* variant_order() */
};

/* False if the change names a step that is not there. No change (step 0): a copy. */
bool variant_make(struct variant *v, const struct scenario *of, struct change change);

/* An order of the original as one of the variant: without the letter of a step that is left out. */
const char *variant_order(struct variant *v, const struct scenario *of, struct change change,
			  const char *order);

/* "without C0.4 iommu_flush A", "C0.2 pte_clear A after C0.3 cpu_flush A". Returns text. */
const char *variant_text(char *text, size_t size, const struct scenario *of, struct change change);

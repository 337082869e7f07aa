/* Pure: why a hazard cannot be seen on a platform whose profile is known. */
#include "tests/lacks.h"
#include "tests/oracle.h"

#define KNOB(name) offsetof(struct model_profile, name)

/* What is named elsewhere is not here: caches that C01 and others look for, tests/power.c. */
static const struct {
	u8 at;
	bool is;
	const char *words;
} knobs[] = {
	{ KNOB(queue_later), true,
	  "nothing that is queued is left to do here once the tail is written" },
	{ KNOB(dma_in_flight), true,
	  "no DMA is on its way here while an invalidation is executed" },
	{ KNOB(walk_in_steps), true, "no invalidation comes in the middle of a walk here" },
	{ KNOB(fractures), true, "a large page is cached whole here, not in pieces" },
	{ KNOB(walks_late), true,
	  "walks for devices see here what CPUs have stored, written back or not" },
	{ KNOB(caches_absent), true, "that there is no entry is not cached here" },
	{ KNOB(by_requester), false,
	  "what is cached for one device serves no other's requests here" },
	{ KNOB(iotlb.must_hit), false, "no IOTLB entry is forgotten here, or passed over" },
	{ KNOB(tlb.must_hit), false, "no TLB entry is forgotten here, or passed over" },
	{ KNOB(iotlb.loads), true, "no IOTLB loads here what nobody asked for" },
	{ KNOB(tlb.loads), true, "no TLB loads here what nobody asked for" },
};

const char *lacks(const struct model_profile *p, const struct scenario *s,
		  const struct claim *wanted)
{
	for (unsigned i = 0; i < ARRAY_SIZE(knobs); i++) {
		struct model_profile with = *p;

		*(bool *)(void *)((u8 *)&with + knobs[i].at) = knobs[i].is;
		if (oracle_shows(&with, s, MODEL_STEPPED, wanted) ||
		    oracle_shows(&with, s, MODEL_RACING, wanted))
			return knobs[i].words;
	}
	return NULL;
}

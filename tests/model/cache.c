/* Pure: a cache of translations, TLB or IOTLB. */
#include "tests/model/state.h"

unsigned cache_hits(const struct model_cache *c, u16 cached, bool write, u8 out[LEAVES])
{
	unsigned n = 0;
	bool weak = false;

	for (unsigned l = 1; l < LEAVES; l++) {
		bool permits = leaf_permits((u8)l, write);

		if (cached & only(l) && permits)
			out[n++] = (u8)l;
		weak |= cached & only(l) && !permits;
	}
	if (weak && c->weak != WEAK_WALKS)
		out[n++] = 0;
	return n;
}

bool cache_walks(const struct model_cache *c, u16 cached, bool write)
{
	u8 out[LEAVES];

	return !c->must_hit || !cache_hits(c, cached, write, out);
}

void cache_keep(const struct model_cache *c, u16 *cached, u8 used)
{
	*cached = c->must_hit ? only(used) : *cached | only(used);
}

/* Pure: a cache of translations, TLB or IOTLB. */
#include "tests/model/state.h"

static bool serves(const struct model_cache *c, unsigned kind, bool write)
{
	return !write || kind == CACHED_WRITES || (kind == CACHED_CLEAN && c->hides_dirty);
}

unsigned cache_hits(const struct model_cache *c, u16 cached, bool write, u8 out[ENTRIES])
{
	unsigned n = 0;
	bool weak = false;

	for (unsigned e = 1; e < ENTRIES && cached >> e; e++) {
		if (!(cached & only(e)))
			continue;
		if (serves(c, entry_kind((u8)e), write))
			out[n++] = (u8)e;
		weak |= write && entry_kind((u8)e) == CACHED_READS;
	}
	if (weak && c->weak != WEAK_WALKS)
		out[n++] = 0;
	if (cached & ABSENCE)
		out[n++] = 0;
	return n;
}

bool cache_walks(const struct model_cache *c, u16 cached, bool write)
{
	u8 out[ENTRIES];

	return !c->must_hit || !cache_hits(c, cached, write, out);
}

void cache_keep(const struct model_cache *c, u16 *cached, u8 used)
{
	*cached = c->must_hit ? only(used) : *cached | only(used);
}

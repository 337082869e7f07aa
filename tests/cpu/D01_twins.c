/* One flush for two translations: a page that is mapped at two addresses, or two pages changed and one flushed. */
#include "tests/scenario.h"

OBSERVE(WROTE_A, WROTE_B)

#define ALIAS_ONE_STEPS(step) \
	step(1, pte_clear, A) \
	step(2, pte_clear, B) \
	step(3, cpu_flush, A) \
	step(4, reuse, P0)
#define ALIAS_BOTH_STEPS(step) \
	step(1, pte_clear, A)  \
	step(2, pte_clear, B)  \
	step(3, cpu_flush, A)  \
	step(4, cpu_flush, B)  \
	step(5, reuse, P0)
#define RANGE_ONE_STEPS(step) \
	step(1, pte_clear, A) \
	step(2, pte_clear, B) \
	step(3, cpu_flush, A) \
	step(4, reuse, P0)    \
	step(5, reuse, Q0)
#define RANGE_BOTH_STEPS(step) \
	step(1, pte_clear, A)  \
	step(2, pte_clear, B)  \
	step(3, cpu_flush, A)  \
	step(4, cpu_flush, B)  \
	step(5, reuse, P0)     \
	step(6, reuse, Q0)
#define WRITER_STEPS(step)            \
	step(1, store, B, Y, WROTE_B) \
	step(2, store, A, N, WROTE_A)
#define WRITER_WARM_STEPS(step) \
	step(1, store, A, O)    \
	step(2, store, B, O)

LISTING(ALIAS_ONE)
LISTING(ALIAS_BOTH)
LISTING(RANGE_ONE)
LISTING(RANGE_BOTH)
LISTING(WRITER)
LISTING(WRITER_WARM)

CLAIM(stranger_hurt, holds(P0) != S)
CLAIM(other_stranger_hurt, holds(Q0) != S)
CLAIM(hurt_through_a, saw(WROTE_A) == LANDED && holds(P0) == N)
CLAIM(hurt_through_b, saw(WROTE_B) == LANDED && holds(P0) == Y)
CLAIM(other_hurt, saw(WROTE_B) == LANDED && holds(Q0) == Y)

#define TWINS(clear, second)                                                       \
	.id = "D01", .source = "SDM 3A 4.10.4.1: INVLPG is of one linear address", \
	.needs = NEED_CPU2, .agents = { RUNS(C0, clear), RUNS(C1, WRITER) },       \
	.warm = { RUNS(C1, WRITER_WARM) },                                         \
	.maps = { [A] = { P0, RW, LEAF_USED }, [B] = { second, RW, LEAF_USED } },  \
	.content = { [P0] = O, [Q0] = O }

#define SOONER       "it is A that is flushed, and A is cleared by then"
#define STALE_ANYWAY "the other address is written through a stale entry, whatever its PTE says"

SCENARIO(D01_alias_one) = {
	TWINS(ALIAS_ONE, P0),
	.name = "alias_one",
	.claim =
		"a page at two addresses, one flushed: the freed page is written through the other",
	.forbid = { FORBID(hurt_through_a) },
	.shows = SHOWS(hurt_through_b),
	.shown_by = CACHE_TLB,
	.control = { WITHOUT(C0, 1, hurt_through_a), WITHOUT(C0, 3, hurt_through_a) },
	.spare = { SPARE(C0, 2, STALE_ANYWAY), SPARE_SWAP(C0, 2, 3, SOONER) },
};

SCENARIO(D01_alias_both) = {
	TWINS(ALIAS_BOTH, P0),
	.name = "alias_both",
	.claim = "a page at two addresses, both flushed: the freed page is never written",
	.forbid = { FORBID(stranger_hurt) },
	.control = { WITHOUT(C0, 1, hurt_through_a), WITHOUT(C0, 2, hurt_through_b),
		     WITHOUT(C0, 3, hurt_through_a), WITHOUT(C0, 4, hurt_through_b) },
	.spare = { SPARE_SWAP(C0, 2, 3, SOONER) },
};

SCENARIO(D01_range_one) = {
	TWINS(RANGE_ONE, Q0),
	.name = "range_one",
	.claim = "two pages unmapped, one flushed: the other is written after it was freed",
	.forbid = { FORBID(stranger_hurt) },
	.shows = SHOWS(other_hurt),
	.shown_by = CACHE_TLB,
	.control = { WITHOUT(C0, 1, hurt_through_a), WITHOUT(C0, 3, hurt_through_a) },
	.spare = { SPARE(C0, 2, STALE_ANYWAY), SPARE_SWAP(C0, 2, 3, SOONER) },
};

SCENARIO(D01_range_both) = {
	TWINS(RANGE_BOTH, Q0),
	.name = "range_both",
	.claim = "two pages unmapped, both flushed: neither is written after it was freed",
	.forbid = { FORBID(stranger_hurt), FORBID(other_stranger_hurt) },
	.control = { WITHOUT(C0, 1, hurt_through_a), WITHOUT(C0, 2, other_hurt),
		     WITHOUT(C0, 3, hurt_through_a), WITHOUT(C0, 4, other_hurt) },
	.spare = { SPARE_SWAP(C0, 2, 3, SOONER) },
};

/*
 * fork beside a lockless walker that pins a page for a device. fork looks whether somebody has pinned it, and copies it for the child
 * at once then; else both have it, read-only. A pin that comes after the look and before the entry is read-only is seen by
 * nobody: at the parent's next write the page is copied, and the parent is not where its device is. So fork makes
 * write_protect_seq odd, and even again; the walker drops its pin if that has moved. Linux 57efa1fe5957.
 */
#include "mm/protocol/gup.h"
#include "tests/scenario.h"

OBSERVE(REFS, PARENT, SEQ_BEGAN, ENTRY, GOT, SAME, SAME_SEQ, WROTE)

enum { WRITE_PROTECT_SEQ };

/* clang-format off */
/* copy_present_pte(): pinned, or not? And the parent's next write, do_wp_page(): the child has the page too. Nothing happens if fork copied. */
#define FORKS(step, n)                                          \
	step(n, get, P0)                                        \
	step((n) + 1, put, P0, REFS)                            \
	step##_if((n) + 2, REFS, COUNT(1), get, P0)             \
	step##_if((n) + 3, REFS, COUNT(1), pte_wrprotect, A)
#define WRITES(step, n)                                         \
	step##_if(n, REFS, COUNT(1), copy, P0, P1)              \
	step##_if((n) + 1, REFS, COUNT(1), pte_exchange, A, P1, RW) \
	step((n) + 2, pte_read, A, PARENT)
#define FORK_STEPS(step) FORKS(step, 1) WRITES(step, 5)
#define FORK_COUNTS_STEPS(step)              \
	step(1, word_add, WRITE_PROTECT_SEQ, 1) \
	FORKS(step, 2)                       \
	step(6, word_add, WRITE_PROTECT_SEQ, 1) \
	WRITES(step, 7)
/* The device's write by the pinned page. */
#define PINS_STEPS(step)                                        \
	gup_fast(step, 1, A, ENTRY, GOT, SAME)                  \
	step##_if(7, GOT, YES, store_seen, ENTRY, X)
/* While it is odd, or after fork, that is the slow path's: it takes the lock that fork has. */
#define PINS_COUNTED(step)                                      \
	step(1, word_read, WRITE_PROTECT_SEQ, SEQ_BEGAN)        \
	step(2, cli)                                            \
	step##_if(3, SEQ_BEGAN, COUNT(0), pte_read, A, ENTRY)   \
	step(4, try_get, ENTRY, GOT)                            \
	step##_if(5, GOT, YES, pte_same, A, ENTRY, SAME)        \
	step##_if(6, SAME, NO, put_seen, ENTRY, GOT)            \
	step(7, sti)                                            \
	step##_if(8, GOT, YES, word_same, WRITE_PROTECT_SEQ, SEQ_BEGAN, SAME_SEQ) \
	step##_if(9, SAME_SEQ, NO, put_seen, ENTRY, GOT)
#define PINS_COUNTED_STEPS(step)                                \
	PINS_COUNTED(step)                                      \
	step##_if(10, GOT, YES, store_seen, ENTRY, X)
/* A device that has a mirror gets the page, by whoever has pinned it. */
#define PINS_FOR_DMA_STEPS(step)                                \
	gup_fast(step, 1, A, ENTRY, GOT, SAME)                  \
	step##_if(7, GOT, YES, pte_fill, MIRROR, ENTRY, RW)     \
	step(8, tell, E)
#define PINS_COUNTED_FOR_DMA_STEPS(step)                        \
	PINS_COUNTED(step)                                      \
	step##_if(10, GOT, YES, pte_fill, MIRROR, ENTRY, RW)    \
	step(11, tell, E)
#define DEVICE_STEPS(step)                                      \
	step(1, heed, C1)                                       \
	step(2, dma_write, MIRROR, X, WROTE)
/* clang-format on */

LISTING(FORK)
LISTING(FORK_COUNTS)
LISTING(PINS)
LISTING(PINS_COUNTED)
LISTING(PINS_FOR_DMA)
LISTING(PINS_COUNTED_FOR_DMA)
LISTING(DEVICE)

CLAIM(pinned_elsewhere, saw(GOT) == YES && saw(PARENT) != saw(ENTRY))
CLAIM(copied_at_once, saw(GOT) == YES && saw(REFS) == COUNT(2) && saw(PARENT) == MARK(P0))
CLAIM(dropped, saw(SAME_SEQ) == NO && saw(REFS) == COUNT(1) && saw(PARENT) == MARK(P1))
CLAIM(slow_path, saw(SEQ_BEGAN) == COUNT(1))

#define PINNED(fork, pins)                                                                     \
	.id = "B13", .source = "Linux 57efa1fe5957, write_protect_seq", .needs = NEED_CPU2,    \
	.agents = { RUNS(C0, fork), RUNS(C1, pins) }, .maps = { [A] = { P0, RW, LEAF_USED } }, \
	.content = { [P0] = O }, .refs = { [P0] = 1, [P1] = 1 }

#define NO_IRQ "nobody waits for an interrupt of the walker's CPU here"
#define UNCOUNTED_SPARE                  \
	.spare = { SPARE(C1, 1, NO_IRQ), \
		   SPARE(C1, 4, "it is the same while it is shared: that is the hazard") }
#define COUNTED_SPARE                    \
	.spare = { SPARE(C1, 2, NO_IRQ), \
		   SPARE(C1, 5, "what changes the entry moves the number first") }

SCENARIO(B13_pinned_uncounted) = {
	PINNED(FORK, PINS),
	.name = "pinned.uncounted",
	.claim = "pinned and shared at once: what the device writes the parent never sees",
	.shows = SHOWS(pinned_elsewhere),
	UNCOUNTED_SPARE,
};

SCENARIO(B13_pinned_counted) = {
	PINNED(FORK_COUNTS, PINS_COUNTED),
	.name = "pinned.counted",
	.claim = "a pin is dropped if fork has begun meanwhile: parent and device have one page",
	.forbid = { FORBID(pinned_elsewhere) },
	.allow = { ALLOW(copied_at_once), ALLOW(dropped), ALLOW(slow_path) },
	.control = { WITHOUT(C0, 1, pinned_elsewhere), WITHOUT(C1, 8, pinned_elsewhere),
		     SWAPPED(C0, 1, 3, pinned_elsewhere) },
	COUNTED_SPARE,
};

CLAIM(dma_elsewhere, pinned_elsewhere(seen) && saw(WROTE) == LANDED && holds(P0) == X)
CLAIM(dma_copied_at_once, copied_at_once(seen) && saw(WROTE) == LANDED && holds(P0) == X)
CLAIM(dma_refused, saw(GOT) != YES && saw(WROTE) == BLOCKED)

#define PINNED_FOR_DMA(fork, pins)                                        \
	.id = "B13", .source = "Linux 57efa1fe5957, write_protect_seq",   \
	.needs = NEED_CPU2 | NEED_WRITE, .mirror = true,                  \
	.agents = { RUNS(C0, fork), RUNS(C1, pins), RUNS(E, DEVICE) },    \
	.maps = { [A] = { P0, RW, LEAF_USED } }, .content = { [P0] = O }, \
	.refs = { [P0] = 1, [P1] = 1 }

SCENARIO(B13_pinned_uncounted_device) = {
	PINNED_FOR_DMA(FORK, PINS_FOR_DMA),
	.name = "pinned.uncounted.device",
	.claim =
		"pinned and shared at once: a device writes the child's page, which the parent has left",
	.shows = SHOWS(dma_elsewhere),
	UNCOUNTED_SPARE,
};

SCENARIO(B13_pinned_counted_device) = {
	PINNED_FOR_DMA(FORK_COUNTS, PINS_COUNTED_FOR_DMA),
	.name = "pinned.counted.device",
	.claim =
		"a pin is dropped if fork has begun meanwhile: a device writes the parent's page, or none",
	.forbid = { FORBID(dma_elsewhere) },
	.allow = { ALLOW(dma_copied_at_once), ALLOW(dma_refused) },
	.control = { WITHOUT(C0, 1, dma_elsewhere), WITHOUT(C1, 8, dma_elsewhere),
		     SWAPPED(C0, 1, 3, dma_elsewhere) },
	COUNTED_SPARE,
};

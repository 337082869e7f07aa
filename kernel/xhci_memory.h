#pragma once
#include "kernel/bits.h"
#include "kernel/dma.h"

/* What an xHC shares with software in memory (xHCI 1.2, section 6), laid out in an engine's arena. */

struct xhci_trb {
	u64 parameter, control;
};

/* 6.4: common to all; TC of a link (6.4.4.1). Bits 63:0 are what the type says, an address here. */
#define XHCI_TRB_FIELDS(F)   \
	F(TRB_CYCLE, 96, 96) \
	F(TRB_TYPE, 111, 106)
enum { XHCI_TRB_FIELDS(AS_ENUM) };

/* 6.4.6 */
enum xhci_trb_type { TRB_LINK = 6, TRB_NO_OP_COMMAND = 23, TRB_COMMAND_COMPLETION = 33 };

/* Second word of a TRB that the xHC, starting with cycle state 1, takes for valid. */
static inline u64 xhci_trb_control(enum xhci_trb_type type)
{
	return put(TRB_CYCLE, 1) | put(TRB_TYPE, type);
}

/* 6.5 */
struct xhci_erst_entry {
	u64 base;
	u32 trbs, reserved;
};

enum {
	XHCI_EVENTS = 256,
	XHCI_EVENTS_MIN = 16, /* a smaller ring is not allowed: 6.5 */
	XHCI_SCRATCHPADS = DMA_ARENA_SIZE / 4096 - 3,
};

struct xhci_memory {
	u64 contexts[256]; /* 6.1: the first is the address of scratchpads, the others of no slot */
	u64 scratchpad_at[XHCI_SCRATCHPADS] __attribute__((aligned(64)));
	struct xhci_erst_entry erst __attribute__((aligned(64)));
	/*
	 * The address of a pad is the word of a symbol: a command that does nothing, and behind it
	 * zeros: cycle state 0, where the ring stops.
	 */
	struct xhci_trb pad[DMA_SYMBOLS][4] __attribute__((aligned(4096)));
	struct xhci_trb events[XHCI_EVENTS] __attribute__((aligned(4096)));
	u8 scratchpad[XHCI_SCRATCHPADS][4096];
};
_Static_assert(sizeof(struct xhci_memory) == DMA_ARENA_SIZE, "does not fit the arena");
_Static_assert(sizeof(((struct xhci_memory *)0)->pad[0]) == DMA_LINE,
	       "CRCR points to 64-byte lines");

#pragma once
#include "kernel/dma.h"
#include "kernel/pci.h"
#include "kernel/xhci_memory.h"
#include "kernel/xhci_regs.h"

/* An xHC as a source of DMA: no port, slot or device is used. One CPU at a time. */
struct xhci {
	u8 *capability, *operational, *runtime, *doorbell;
	u64 size; /* of all registers */
	struct xhci_memory *memory;
	u64 iova; /* of memory */
	bool reset_delay;
	bool broken; /* it did not come back from a reset */
	/* The event ring is ours, in memory, and this many of its entries have been seen. */
	bool listening;
	unsigned seen;
};

enum { XHCI_CLASS = 0x0c0330 };

#define xhci_iova(x, member) ((x)->iova + offsetof(struct xhci_memory, member))

/* Find the registers; false with a note when this controller cannot be used. */
bool xhci_map(struct xhci *x, const struct pci_function *fn);

/*
 * Take every xHC from firmware (4.22.1) and halt it: while an SMI handler drives one, for the sake of a
 * keyboard, switching its bus mastering off would be an error to that handler, of which it may make SMIs
 * without end. After pci_scan(), before pci_quiesce_all() and any reset, which firmware, or a port's state, need not survive. Boot CPU.
 */
void xhci_take_all(void);

/* Was a device plugged into one of its ports when it was taken: a keyboard, or the stick that this was booted from? */
bool xhci_has_devices(const struct pci_function *fn);

/*
 * Fill the memory that never changes. False with a note when this xHC wants more than the arena, or other
 * addresses or pages.
 */
bool xhci_lay_out(struct xhci *x, const struct dma_arena *arena);

/*
 * Halt one that was not ours: it may still be busy with a reset of the machine, when nothing may be written to it (5.4.2, CNR). False
 * with a note, and nothing written, if that does not end.
 */
bool xhci_halt_first(struct xhci *x);

/* Run, with what else USBCMD is to have; true when it does, from when on doorbells are heard (5.4.2, HCH), or has failed. */
bool xhci_run(struct xhci *x, u64 more);

/* Halt. Returns USBSTS as it was last seen. */
u32 xhci_halt(struct xhci *x);

/*
 * Reset the halted controller: it forgets everything and masters nothing (4.2). False with a note when
 * it does not come back.
 */
bool xhci_reset(struct xhci *x);

/* Tell a controller fresh from reset where its memory is. */
void xhci_set_up(struct xhci *x);

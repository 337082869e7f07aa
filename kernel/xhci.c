#include "kernel/xhci.h"
#include "kernel/mmio.h"
#include "kernel/print.h"
#include "kernel/time.h"

/* Some Intel xHCs hang when a register is read within 1 ms of the reset. */
enum { VENDOR_INTEL = 0x8086, RESET_DELAY_US = 1000 };

/* 5.4.1.1: halted within 16 ms; the others, and how long it takes to run, have no bound in the manual. */
enum { HALT_MS = 32, RESET_MS = 1000, HANDOVER_MS = 1000 };

bool xhci_map(struct xhci *x, const struct pci_function *fn)
{
	struct pci_window w;
	if (!pci_map_bar(fn, 0, &w))
		return false;
	if (w.size < XHCI_OPERATIONAL_SIZE) {
		note("xHC has only %lu bytes of registers", w.size);
		return false;
	}
	u64 operational = get(mmio_read32(w.at + XHCI_CAPLENGTH), CAPLENGTH_LENGTH);
	u64 runtime = mmio_read32(w.at + XHCI_RTSOFF) & mask(RTSOFF_OFFSET);
	u64 doorbell = mmio_read32(w.at + XHCI_DBOFF) & mask(DBOFF_OFFSET);
	if (operational + XHCI_OPERATIONAL_SIZE > w.size || runtime + XHCI_RUNTIME_SIZE > w.size ||
	    doorbell + 4 > w.size) {
		note("xHC says its registers are at %#lx, %#lx and %#lx, beyond %#lx bytes",
		     operational, runtime, doorbell, w.size);
		return false;
	}
	x->capability = w.at;
	x->size = w.size;
	x->operational = w.at + operational;
	x->runtime = w.at + runtime;
	x->doorbell = w.at + doorbell;
	x->reset_delay = fn->vendor == VENDOR_INTEL;
	return true;
}

bool xhci_has_devices(const struct pci_function *fn) { return fn->plugged; }

static bool has_devices(const struct xhci *x)
{
	u64 ports = get(mmio_read32(x->capability + XHCI_HCSPARAMS1), HCSPARAMS1_PORTS);
	u64 first = (u64)(x->operational - x->capability) + XHCI_PORTSC;
	bool any = false;

	for (u64 p = 0; p < ports && first + (p + 1) * XHCI_PORT_SIZE <= x->size; p++)
		any |= get(mmio_read32(x->capability + first + p * XHCI_PORT_SIZE), PORTSC_CCS);
	return any;
}

static void take(u8 *legacy)
{
	u32 v = mmio_read32(legacy);
	if (get(v, USBLEGSUP_BIOS_OWNED)) {
		mmio_write32(legacy, v | (u32)mask(USBLEGSUP_OS_OWNED));
		if (!until(HANDOVER_MS, !get(mmio_read32(legacy), USBLEGSUP_BIOS_OWNED),
			   "firmware to give up the xHC"))
			mmio_write32(legacy, (v & ~(u32)mask(USBLEGSUP_BIOS_OWNED)) |
						     (u32)mask(USBLEGSUP_OS_OWNED));
	}
	v = mmio_read32(legacy + XHCI_USBLEGCTLSTS);
	u64 keep = mask(USBLEGCTLSTS_KEEP1) | mask(USBLEGCTLSTS_KEEP2) | mask(USBLEGCTLSTS_KEEP3) |
		   mask(USBLEGCTLSTS_KEEP4);
	mmio_write32(legacy + XHCI_USBLEGCTLSTS, (u32)((v & keep) | mask(USBLEGCTLSTS_EVENTS)));
}

static void take_from_firmware(struct xhci *x)
{
	u64 at = get(mmio_read32(x->capability + XHCI_HCCPARAMS1), HCCPARAMS1_XECP) * 4;
	/* Each is 4 bytes at least. */
	for (u64 next = at; next && at + 8 <= x->size; at += next) {
		u32 head = mmio_read32(x->capability + at);
		if (get(head, XECP_ID) == XECP_ID_LEGACY) {
			take(x->capability + at);
			return;
		}
		next = get(head, XECP_NEXT) * 4;
	}
}

void xhci_take_all(void)
{
	unsigned count;
	struct pci_function *f = pci_functions(&count);

	for (const struct pci_function *end = f + count; f < end; f++) {
		struct xhci x = { 0 };

		if (f->class != XHCI_CLASS || !xhci_map(&x, f))
			continue;
		f->plugged = has_devices(&x);
		take_from_firmware(&x);
		xhci_halt_first(&x);
	}
}

bool xhci_lay_out(struct xhci *x, const struct dma_arena *arena)
{
	struct xhci_memory *m = (struct xhci_memory *)arena->cpu;
	u32 params = mmio_read32(x->capability + XHCI_HCSPARAMS2);
	u64 scratchpads = get(params, HCSPARAMS2_SCRATCHPADS_HI)
				  << field_width(HCSPARAMS2_SCRATCHPADS_LO) |
			  get(params, HCSPARAMS2_SCRATCHPADS_LO);
	if (scratchpads > XHCI_SCRATCHPADS) {
		note("xHC wants %lu scratchpad pages, there are %u", scratchpads, XHCI_SCRATCHPADS);
		return false;
	}
	if (!get(mmio_read32(x->capability + XHCI_HCCPARAMS1), HCCPARAMS1_AC64)) {
		note("xHC has 32-bit addresses only");
		return false;
	}
	if (!get(mmio_read32(x->operational + XHCI_PAGESIZE), PAGESIZE_4K)) {
		note("xHC has no 4 KiB pages");
		return false;
	}
	x->memory = m;
	x->iova = arena->iova.v;
	if (scratchpads)
		m->contexts[0] = xhci_iova(x, scratchpad_at);
	for (u64 i = 0; i < scratchpads; i++)
		m->scratchpad_at[i] = xhci_iova(x, scratchpad) + i * sizeof m->scratchpad[0];
	for (unsigned s = 0; s < DMA_SYMBOLS; s++)
		m->pad[s][0].control = xhci_trb_control(TRB_NO_OP_COMMAND);
	return true;
}

bool xhci_halt_first(struct xhci *x)
{
	if (!until(RESET_MS, !get(mmio_read32(x->operational + XHCI_USBSTS), USBSTS_CNR),
		   "xHC to be ready"))
		return false;
	xhci_halt(x);
	return true;
}

bool xhci_run(struct xhci *x, u64 more)
{
	u32 status;
	mmio_write32(x->operational + XHCI_USBCMD, (u32)(mask(USBCMD_RS) | more));
	/* One that fails at once, on an event of a port, is halted again. */
	return until(HALT_MS,
		     !get(status = mmio_read32(x->operational + XHCI_USBSTS), USBSTS_HCH) ||
			     get(status, USBSTS_HSE) || get(status, USBSTS_HCE),
		     "xHC to run");
}

u32 xhci_halt(struct xhci *x)
{
	u32 status;
	mmio_write32(x->operational + XHCI_USBCMD, 0);
	until(HALT_MS, get(status = mmio_read32(x->operational + XHCI_USBSTS), USBSTS_HCH),
	      "xHC to halt");
	return status;
}

bool xhci_reset(struct xhci *x)
{
	x->listening = false;
	mmio_write32(x->operational + XHCI_USBCMD, (u32)mask(USBCMD_HCRST));
	if (x->reset_delay)
		delay_us(RESET_DELAY_US);
	x->broken = !until(RESET_MS,
			   !get(mmio_read32(x->operational + XHCI_USBCMD), USBCMD_HCRST) &&
				   !get(mmio_read32(x->operational + XHCI_USBSTS), USBSTS_CNR),
			   "xHC to come back from reset");
	return !x->broken;
}

void xhci_set_up(struct xhci *x)
{
	mmio_write64_lo_hi(x->operational + XHCI_DCBAAP, xhci_iova(x, contexts));
	mmio_write32(x->operational + XHCI_CONFIG, 0); /* no slots */
	mmio_write32(x->runtime + XHCI_IMOD, 0);       /* an event shows in IMAN at once */
	mmio_write32(x->runtime + XHCI_ERSTSZ, 1);
}

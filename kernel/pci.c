#include "kernel/pci.h"
#include "kernel/mmio.h"
#include "kernel/pci_bar.h"
#include "kernel/pci_ready.h"
#include "kernel/pci_regs.h"
#include "kernel/pci_sriov.h"
#include "kernel/print.h"

u8 pci_read8(const struct pci_function *f, unsigned reg) { return mmio_read8(f->config + reg); }
u16 pci_read16(const struct pci_function *f, unsigned reg) { return mmio_read16(f->config + reg); }
u32 pci_read32(const struct pci_function *f, unsigned reg) { return mmio_read32(f->config + reg); }
void pci_write16(const struct pci_function *f, unsigned reg, u16 v)
{
	mmio_write16(f->config + reg, v);
}
void pci_write32(const struct pci_function *f, unsigned reg, u32 v)
{
	mmio_write32(f->config + reg, v);
}

unsigned pci_capability(const struct pci_function *f, u8 id)
{
	if (f->header > PCI_HEADER_BRIDGE ||
	    !get(pci_read16(f, PCI_STATUS), PCI_STATUS_CAPABILITIES))
		return 0;
	unsigned at = pci_read8(f, PCI_CAPABILITIES) & ~3u;
	/* Each takes 4 of the 192 bytes behind the header at least: more of them is a loop. */
	for (unsigned n = 0; at >= 0x40 && n < 48; n++) {
		u16 head = pci_read16(f, at);
		if (get(head, PCI_CAP_ID) == id)
			return at;
		at = (unsigned)get(head, PCI_CAP_NEXT) & ~3u;
	}
	return 0;
}

unsigned pci_extended_capability(const struct pci_function *f, u16 id)
{
	unsigned at = 0x100;
	/* As above; and one that has none reads as 0 or all ones there. */
	for (unsigned n = 0; at >= 0x100 && n < (4096 - 0x100) / 4; n++) {
		u32 head = pci_read32(f, at);
		if (!head || head == ~0u)
			return 0;
		if (get(head, PCI_EXT_CAP_ID) == id)
			return at;
		at = (unsigned)get(head, PCI_EXT_CAP_NEXT) & ~3u;
	}
	return 0;
}

static void command(const struct pci_function *f, u64 clear, u64 set)
{
	u64 was = pci_read16(f, PCI_COMMAND);
	pci_write16(f, PCI_COMMAND, (u16)((was & ~clear) | set));
	/* The answer to a read pushes everything that the function posted before it. */
	(void)pci_read16(f, PCI_COMMAND);
}

bool pci_is_bus_master(const struct pci_function *f)
{
	return get(pci_read16(f, PCI_COMMAND), PCI_COMMAND_MASTER);
}

void pci_bus_master(const struct pci_function *f, bool on)
{
	if (!on) {
		command(f, mask(PCI_COMMAND_MASTER), 0);
		return;
	}
	for (; f; f = f->bridge)
		command(f, 0, mask(PCI_COMMAND_MASTER));
}

static void disable_message(const struct pci_function *f, u8 id, int enable)
{
	unsigned at = pci_capability(f, id);
	if (!at)
		return;
	u16 control = pci_read16(f, at + PCI_MSI_CONTROL);
	pci_write16(f, at + PCI_MSI_CONTROL, control & (u16)~mask(enable));
}

void pci_note(const struct pci_function *f, const char *what)
{
	note("pci=%04x:%02x:%02x.%x %s", f->segment, f->bus, f->dev, f->fn, what);
}

void pci_quiesce_all(bool (*keeps)(const struct pci_function *f))
{
	unsigned count, masters = 0;
	struct pci_function *f = pci_functions(&count);
	for (const struct pci_function *end = f + count; f < end; f++) {
		bool bridge = f->class >> 16 == PCI_CLASS_BRIDGE;
		bool display = f->class >> 16 == PCI_CLASS_DISPLAY;
		bool reserved = keeps(f);
		u64 off = bridge || display || reserved ? 0 : mask(PCI_COMMAND_MASTER);

		f->stopped = off && pci_is_bus_master(f);
		masters += f->stopped;
		if (off)
			pci_virtual_off(f);
		command(f, off, mask(PCI_COMMAND_INTX_OFF));
		disable_message(f, PCI_CAP_MSI, PCI_MSI_ENABLE);
		disable_message(f, PCI_CAP_MSIX, PCI_MSIX_ENABLE);
		if (!bridge && pci_is_bus_master(f))
			pci_note(
				f,
				reserved
					? "keeps mastering the bus: firmware reserved memory for it (RMRR)"
				: display ? "keeps mastering the bus: it may read the screen"
					  : "keeps mastering the bus");
	}
	note("pci functions=%u masters_stopped=%u", count, masters);
}

struct pci_bar pci_bar_measure(const struct pci_function *f, unsigned reg)
{
	u16 was = pci_read16(f, PCI_COMMAND);
	u32 lo = pci_read32(f, reg), hi = 0, lo_ones, hi_ones = 0;

	/* While it holds all ones the function must not answer there, nor master anything. */
	pci_write16(f, PCI_COMMAND,
		    was & (u16) ~(mask(PCI_COMMAND_MEMORY) | mask(PCI_COMMAND_MASTER)));
	pci_write32(f, reg, ~0u);
	lo_ones = pci_read32(f, reg);
	pci_write32(f, reg, lo);
	if (pci_bar_is_wide(lo)) {
		hi = pci_read32(f, reg + 4);
		pci_write32(f, reg + 4, ~0u);
		hi_ones = pci_read32(f, reg + 4);
		pci_write32(f, reg + 4, hi);
	}
	pci_write16(f, PCI_COMMAND, was);
	return pci_bar_decode(lo, hi, lo_ones, hi_ones);
}

bool pci_map_bar(const struct pci_function *f, unsigned bar, struct pci_window *w)
{
	pci_make_ready(f);
	struct pci_bar b =
		f->physical ? pci_virtual_bar(f, bar) : pci_bar_measure(f, PCI_BAR0 + 4 * bar);

	if (b.kind != PCI_BAR_MEMORY) {
		note("pci=%04x:%02x:%02x.%x BAR%u %s", f->segment, f->bus, f->dev, f->fn, bar,
		     b.kind == PCI_BAR_UNASSIGNED ? "was given no address by firmware"
						  : "is no memory");
		return false;
	}
	w->at = device_map((struct pa){ b.base }, b.size);
	if (!w->at)
		return false;
	w->pa = (struct pa){ b.base };
	w->size = b.size;
	command(f, 0, mask(PCI_COMMAND_MEMORY));
	return true;
}

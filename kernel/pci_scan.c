#include "kernel/mmio.h"
#include "kernel/pci.h"
#include "kernel/pci_regs.h"
#include "kernel/print.h"

static struct pci_function functions[PCI_FUNCTIONS_MAX];
static unsigned found;
static bool full;

struct pci_function *pci_functions(unsigned *count)
{
	*count = found;
	return functions;
}

struct pci_function *pci_find(u16 segment, u8 bus, u8 dev, u8 fn)
{
	for (struct pci_function *f = functions; f < functions + found; f++)
		if (f->segment == segment && f->bus == bus && f->dev == dev && f->fn == fn)
			return f;
	return NULL;
}

static bool bus_seen(u16 segment, u8 bus)
{
	for (const struct pci_function *f = functions; f < functions + found; f++)
		if (f->segment == segment && f->bus == bus)
			return true;
	return false;
}

/* Bus by bus, when needed: 1 MiB each, not the 256 MiB of all of them. */
static volatile u8 *bus_window(const struct mcfg *mcfg, u16 segment, u8 bus)
{
	for (unsigned i = 0; i < mcfg->segments; i++) {
		const struct mcfg_segment *s = &mcfg->segment[i];
		if (s->segment == segment && s->bus_first <= bus && bus <= s->bus_last)
			return device_map((struct pa){ s->base.v + ((u64)bus << 20) }, 1 << 20);
	}
	return NULL;
}

bool pci_add(const struct pci_function *f)
{
	if (found == PCI_FUNCTIONS_MAX) {
		if (!full)
			note("more than %u PCI functions: the rest is not looked at",
			     PCI_FUNCTIONS_MAX);
		full = true;
		return false;
	}
	functions[found++] = *f;
	note("pci=%04x:%02x:%02x.%x id=%04x:%04x class=%06x", f->segment, f->bus, f->dev, f->fn,
	     f->vendor, f->device, f->class);
	return true;
}

static bool add(struct pci_function f)
{
	u32 id = pci_read32(&f, PCI_ID);
	if (get(id, PCI_ID_VENDOR) == 0xffff || !id)
		return false;
	f.vendor = (u16)get(id, PCI_ID_VENDOR);
	f.device = (u16)get(id, PCI_ID_DEVICE);
	f.class = (u32)get(pci_read32(&f, PCI_CLASS), PCI_CLASS_CODE);
	f.header = (u8)get(pci_read8(&f, PCI_HEADER), PCI_HEADER_TYPE);
	if (f.header == PCI_HEADER_BRIDGE) {
		u32 buses = pci_read32(&f, PCI_BUSES);
		f.secondary = (u8)get(buses, PCI_BUSES_SECONDARY);
		f.subordinate = (u8)get(buses, PCI_BUSES_SUBORDINATE);
	}
	unsigned express = pci_capability(&f, PCI_CAP_EXPRESS);
	f.express = express ? (u8)get(pci_read16(&f, express + PCI_EXPRESS_FLAGS), PCI_EXPRESS_TYPE)
			    : PCI_CONVENTIONAL;
	pci_add(&f);
	return true;
}

static void scan_bus(volatile u8 *window, u16 segment, u8 bus, const struct pci_function *bridge)
{
	for (u8 dev = 0; dev < 32; dev++) {
		for (u8 fn = 0; fn < 8; fn++) {
			struct pci_function f = { .segment = segment,
						  .bus = bus,
						  .dev = dev,
						  .fn = fn,
						  .config = window + (dev << 15 | fn << 12),
						  .bridge = bridge };
			bool there = add(f);
			if (!fn && !(there && get(pci_read8(&f, PCI_HEADER), PCI_HEADER_MULTI)))
				break;
		}
	}
}

/* Buses grow strictly downwards, and no bus is looked at twice: bad numbers end the walk, not the kernel. */
static void scan_behind(const struct mcfg *mcfg, const struct pci_function *bridge)
{
	u8 bus = bridge->secondary;
	const char *wrong = bus <= bridge->bus || bridge->subordinate < bus
				    ? "bus numbers make no sense"
			    : bus_seen(bridge->segment, bus) ? "bus is behind another bridge too"
							     : NULL;
	volatile u8 *window = wrong ? NULL : bus_window(mcfg, bridge->segment, bus);
	if (window)
		scan_bus(window, bridge->segment, bus, bridge);
	else
		note("pci=%04x:%02x:%02x.%x secondary=%02x subordinate=%02x not followed: %s",
		     bridge->segment, bridge->bus, bridge->dev, bridge->fn, bus,
		     bridge->subordinate, wrong ? wrong : "MCFG has no such bus");
}

void pci_scan_root(const struct mcfg *mcfg, u16 segment, u8 bus)
{
	if (bus_seen(segment, bus))
		return;
	volatile u8 *window = bus_window(mcfg, segment, bus);
	if (!window) {
		note("pci segment=%04x bus=%02x is not in MCFG", segment, bus);
		return;
	}
	/* The table is the list of what is still to be followed. */
	unsigned i = found;
	scan_bus(window, segment, bus, NULL);
	for (; i < found; i++)
		if (functions[i].header == PCI_HEADER_BRIDGE)
			scan_behind(mcfg, &functions[i]);
}

void pci_scan(const struct mcfg *mcfg)
{
	for (unsigned i = 0; i < mcfg->segments; i++)
		pci_scan_root(mcfg, mcfg->segment[i].segment, mcfg->segment[i].bus_first);
}

/* Pure: what a base address register says. */
#include "kernel/pci_bar.h"
#include "kernel/pci_regs.h"

bool pci_bar_is_wide(u32 lo)
{
	return !get(lo, PCI_BAR_IO) && get(lo, PCI_BAR_TYPE) == PCI_BAR_TYPE_64;
}

struct pci_bar pci_bar_decode(u32 lo, u32 hi, u32 lo_ones, u32 hi_ones)
{
	u64 writable = lo_ones & mask(PCI_BAR_ADDRESS), base = lo & mask(PCI_BAR_ADDRESS);
	if (pci_bar_is_wide(lo)) {
		writable |= (u64)hi_ones << 32;
		base |= (u64)hi << 32;
	}
	if (get(lo_ones, PCI_BAR_IO))
		return (struct pci_bar){ .kind = PCI_BAR_PORTS };
	if (!writable)
		return (struct pci_bar){ .kind = PCI_BAR_NONE };
	/* Address bits below the size stay 0. */
	return (struct pci_bar){ .kind = base ? PCI_BAR_MEMORY : PCI_BAR_UNASSIGNED,
				 .base = base,
				 .size = writable & (~writable + 1) };
}

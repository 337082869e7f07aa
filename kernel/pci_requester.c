/* Pure: whose requests the IOMMU takes them for. */
#include "kernel/pci.h"

u16 pci_requester(const struct pci_function *f)
{
	u16 rid = pci_rid(f);

	for (const struct pci_function *b = f->bridge; b; b = b->bridge)
		if (b->express == PCI_EXPRESS_TO_PCI)
			rid = (u16)(b->secondary << 8);
		else if (b->express == PCI_CONVENTIONAL || b->express == PCI_TO_EXPRESS)
			rid = pci_rid(b);
	return rid;
}

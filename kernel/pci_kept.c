#include "kernel/pci_kept.h"
#include "kernel/pci_regs.h"
#include "kernel/print.h"
#include "kernel/time.h"

/* From the cache line's size to the interrupt's line: BARs, and what does not mind. */
enum { HEADER = 0x0c, READY_MS = 1000 };

void pci_keep(struct pci_kept *k, const struct pci_function *f)
{
	unsigned express = pci_capability(f, PCI_CAP_EXPRESS);
	bool second =
		express && get(pci_read16(f, express + PCI_EXPRESS_FLAGS), PCI_EXPRESS_VERSION) > 1;

	k->f = f;
	k->at[0] = express ? express + PCI_EXPRESS_CONTROL : PCI_COMMAND;
	/* The first version of that capability may end before. */
	k->at[1] = second ? express + PCI_EXPRESS_CONTROL_2 : PCI_COMMAND;
	k->at[2] = PCI_COMMAND;
	for (unsigned i = 0; i < ARRAY_SIZE(k->control); i++)
		k->control[i] = pci_read16(f, k->at[i]);
	for (unsigned i = 0; i < ARRAY_SIZE(k->header); i++)
		k->header[i] = pci_read32(f, HEADER + 4 * i);
}

bool pci_put_back(const struct pci_kept *k)
{
	const struct pci_function *f = k->f;

	/* Not all ones, nor that it is to be asked again (2.3.1, Request Retry Status). */
	if (!until(READY_MS, pci_read32(f, PCI_ID) == ((u32)f->device << 16 | f->vendor),
		   "pci=%04x:%02x:%02x.%x to answer again", f->segment, f->bus, f->dev, f->fn))
		return false;
	for (unsigned i = 0; i < ARRAY_SIZE(k->header); i++)
		pci_write32(f, HEADER + 4 * i, k->header[i]);
	for (unsigned i = 0; i < ARRAY_SIZE(k->control); i++)
		pci_write16(f, k->at[i], k->control[i]);
	return true;
}

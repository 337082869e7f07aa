#include "kernel/pci_ats.h"
#include "kernel/pci_regs.h"
#include "kernel/print.h"

/* 10.5.1.1 to 10.5.1.3; both registers have 16 bits. */
enum { CAPABILITY = 4, CONTROL = 6, DEPTH_MAX = 32 };
#define PCI_ATS_FIELDS(F)                                         \
	F(ATS_QUEUE_DEPTH, 4, 0) /* 0: 32 */                      \
	F(ATS_PAGE_ALIGNED, 5, 5)                                 \
	F(ATS_GLOBAL, 6, 6)                                       \
	F(ATS_STU, 4, 0) /* 4 KiB << STU: smallest translation */ \
	F(ATS_ENABLE, 15, 15)
enum { PCI_ATS_FIELDS(AS_ENUM) };

bool pci_ats_find(const struct pci_function *f, struct pci_ats *ats)
{
	unsigned at = pci_extended_capability(f, PCI_EXT_CAP_ATS);

	if (!at)
		return false;
	u16 says = pci_read16(f, at + CAPABILITY);
	unsigned depth = (unsigned)get(says, ATS_QUEUE_DEPTH);

	*ats = (struct pci_ats){ .at = at,
				 .depth = depth ? depth : DEPTH_MAX,
				 .page_aligned = get(says, ATS_PAGE_ALIGNED),
				 .global = get(says, ATS_GLOBAL) };
	if (get(pci_read16(f, at + CONTROL), ATS_ENABLE))
		pci_ats_disable(f, ats);
	return true;
}

bool pci_ats_enable(const struct pci_function *f, const struct pci_ats *ats)
{
	/* STU may change only while ATS is off; both in one write is allowed. */
	pci_write16(f, ats->at + CONTROL, (u16)(put(ATS_ENABLE, 1) | put(ATS_STU, 0)));
	u16 is = pci_read16(f, ats->at + CONTROL);

	if (get(is, ATS_ENABLE) && !get(is, ATS_STU))
		return true;
	note("pci=%04x:%02x:%02x.%x ATS does not become enabled, control=%#x", f->segment, f->bus,
	     f->dev, f->fn, is);
	return false;
}

void pci_ats_disable(const struct pci_function *f, const struct pci_ats *ats)
{
	pci_write16(f, ats->at + CONTROL, 0);
}

#pragma once
#include "kernel/addr.h"

/* PCI functions, configured through ECAM (MCFG). Boot CPU. */
struct pci_function {
	u16 segment;
	u8 bus, dev, fn;
	u16 vendor, device;
	u32 class; /* base class << 16 | sub-class << 8 | programming interface */
	u8 header; /* header type, bit 7 cleared */
	u8 secondary, subordinate; /* of a bridge */
	volatile u8 *config;
};

/* PCI requester id: bus << 8 | device << 3 | function. */
static inline u16 pci_rid(const struct pci_function *f)
{
	return (u16)(f->bus << 8 | f->dev << 3 | f->fn);
}

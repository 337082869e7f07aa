#pragma once
#include "kernel/pci.h"

/* A function that may keep translations of its own (PCI Express Base Specification 10.5.1, ATS Extended Capability). */
struct pci_ats {
	unsigned at;       /* in configuration space */
	unsigned depth;    /* invalidations that it takes before it makes others wait: 1 to 32 */
	bool page_aligned; /* what it asks for is */
	bool global;       /* it knows invalidations for every PASID */
};

/* False if it has none. One that was on already is off now: who left it on is no more. */
bool pci_ats_find(const struct pci_function *f, struct pci_ats *ats);

/*
 * It may keep translations of 4 KiB and more. The IOMMU must accept that before; nothing must be invalidated in
 * a device that is not enabled. False, with a note, if the bit does not stay.
 */
bool pci_ats_enable(const struct pci_function *f, const struct pci_ats *ats);
/* The device is quiet and has dropped what it kept. */
void pci_ats_disable(const struct pci_function *f, const struct pci_ats *ats);

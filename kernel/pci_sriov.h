#pragma once
#include "kernel/pci.h"
#include "kernel/pci_bar.h"

/*
 * Virtual functions (PCI Express Base Specification 9). Only QEMU's own, of its virtio network controller, and only if the
 * command line says SRIOV: on other machines they are somebody else's. Boot CPU.
 */

/*
 * The first controller that has them gets as many as it can have, and they become functions like others; all of them, itself too, get
 * addresses from the start of its bridge's memory window on. After pci_flr_all(). A note if there is none, or why not.
 */
void pci_virtual_enable(void);

/* Where in memory such a function's BAR is. */
struct pci_bar pci_virtual_bar(const struct pci_function *f, unsigned bar);

/* Those of this function, if it can have any, are gone; those that were enabled. */
void pci_virtual_off(const struct pci_function *f);
void pci_virtual_end(void);

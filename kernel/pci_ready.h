#pragma once
#include "kernel/pci.h"

/*
 * A function whose registers are to be used: in D0, where firmware may have left it in D3hot (PCI Bus Power Management Interface
 * Specification 5.4), with what waking takes from its header put back; and without requests that do not snoop (PCI Express Base
 * Specification 7.5.3.4), which would read behind the CPUs' caches. A note if it slept. Takes 10 ms if it did. Boot CPU.
 */
void pci_make_ready(const struct pci_function *f);

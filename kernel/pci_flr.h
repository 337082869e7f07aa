#pragma once
#include "kernel/pci.h"

/*
 * Function Level Reset (PCI Express Base Specification 6.6.2) of every function that offers it and that pci_quiesce_all() stopped:
 * a reset ends what clearing Bus Master Enable only holds back. And of every network controller that offers it, because whoever sends
 * to it does not stop when we start. None of who goes on mastering the bus, of serial controllers, on which the log may be, and of
 * functions that are known not to come back. They answer as before, on return, at the same addresses, off; one that
 * does not is nobody's any more, after a note. Takes 100 ms if there is any. After pci_quiesce_all(). Boot CPU.
 */
void pci_flr_all(void);

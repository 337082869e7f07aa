#pragma once
#include "kernel/pci.h"

/*
 * Function Level Reset (PCI Express Base Specification 6.6.2) of every network controller that offers it: whoever sends to it
 * does not stop when we start, and a reset ends what clearing Bus Master Enable only holds back. Others keep what they
 * have: a drive is not reset by us, a screen shows the log, engines have resets of their own. Before: bus
 * mastering off. The functions answer again on return, without addresses and off. Boot CPU.
 */
void pci_flr_network(void);

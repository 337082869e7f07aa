#pragma once
#include "kernel/pci.h"

/* What a reset, or waking up, takes from the configuration space that must be there again: BARs and control registers. */
struct pci_kept {
	const struct pci_function *f;
	u32 header[13];
	unsigned at[3]; /* 16 bits each, the Command register last, */
	u16 control[3]; /* and what was there */
};
/* Of a function that does not work just now. Boot CPU, as the other. */
void pci_keep(struct pci_kept *k, const struct pci_function *f);
/* Once it answers, which it has a second for; false, with a note, if it does not. */
bool pci_put_back(const struct pci_kept *k);

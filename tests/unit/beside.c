/* U04: memory beside the addresses of interrupts, where no machine has any: QEMU's ivshmem has its own there for a while. */
#include "kernel/mmio.h"
#include "kernel/pci.h"
#include "kernel/pci_regs.h"
#include "tests/unit/world.h"

/* A larger one would lie across them. */
enum { LARGEST = 1 << 20, BAR = PCI_BAR0 + 4 * PEER_BAR };

static void place(const struct pci_function *f, u64 at)
{
	u16 was = pci_read16(f, PCI_COMMAND);

	pci_write16(f, PCI_COMMAND, was & (u16)~mask(PCI_COMMAND_MEMORY));
	pci_write32(f, BAR, (u32)at);
	pci_write32(f, BAR + 4, (u32)(at >> 32));
	pci_write16(f, PCI_COMMAND, was);
}

bool unit_lend(const struct unit_world *w, struct pa page)
{
	const struct peer *p = &machine.peer;
	u64 offset = page.v & (p->size - 1);
	const u64 *old = direct(w->frame[UNIT_OLD]);

	if (!p->cpu || !p->moves || p->size > LARGEST)
		return false;
	volatile u64 *line = (volatile u64 *)(void *)(p->cpu + PAGE_SIZE - p->size + offset);
	line[0] = old[0];
	line[1] = old[1];
	place(p->moves, page.v - offset);
	return true;
}

void unit_lend_end(void)
{
	const struct peer *p = &machine.peer;

	place(p->moves, p->pa.v + PAGE_SIZE - p->size);
}

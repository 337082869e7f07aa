#include "kernel/pci_ready.h"
#include "kernel/pci_kept.h"
#include "kernel/pci_regs.h"
#include "kernel/time.h"

/* Power Management Control/Status; and of Device Control a bit. */
enum { CAP_POWER = 0x01, POWER_CONTROL = 4, WAKE_US = 10000 };
#define FIELDS(F)                       \
	F(POWER_STATE, 1, 0)            \
	F(PME_STATUS, 15, 15) /* W1C */ \
	F(ENABLE_NO_SNOOP, 11, 11)
enum { FIELDS(AS_ENUM) };

static void wake(const struct pci_function *f)
{
	unsigned at = pci_capability(f, CAP_POWER);
	u16 was = at ? pci_read16(f, at + POWER_CONTROL) : 0;
	struct pci_kept kept;

	if (!get(was, POWER_STATE))
		return;
	pci_keep(&kept, f);
	pci_write16(f, at + POWER_CONTROL, was & (u16) ~(mask(POWER_STATE) | mask(PME_STATUS)));
	delay_us(WAKE_US);
	pci_note(f, pci_put_back(&kept) ? "slept, is in D0 now" : "does not wake up");
}

void pci_make_ready(const struct pci_function *f)
{
	wake(f);
	unsigned at = pci_capability(f, PCI_CAP_EXPRESS);
	u16 control = at ? pci_read16(f, at + PCI_EXPRESS_CONTROL) : 0;

	if (get(control, ENABLE_NO_SNOOP))
		pci_write16(f, at + PCI_EXPRESS_CONTROL, control & (u16)~mask(ENABLE_NO_SNOOP));
}

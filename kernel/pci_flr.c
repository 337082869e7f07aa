#include "kernel/pci_flr.h"
#include "kernel/bits.h"
#include "kernel/print.h"
#include "kernel/time.h"
#include "kernel/x86.h"

/* 7.5.3.3 to 7.5.3.5: offsets in the PCI Express capability, and fields. */
enum { CAP_PCI_EXPRESS = 0x10, DEVICE_CAPABILITIES = 4, DEVICE_CONTROL = 8, DEVICE_STATUS = 10 };
#define FIELDS(F)                 \
	F(CAPABLE, 28, 28)        \
	F(INITIATE_RESET, 15, 15) \
	F(PENDING, 5, 5)
enum { FIELDS(AS_ENUM) };
enum { CLASS_NETWORK = 0x02, PENDING_MS = 100, RESET_MS = 100 };

static unsigned capable(const struct pci_function *f)
{
	unsigned at = f->class >> 16 == CLASS_NETWORK ? pci_capability(f, CAP_PCI_EXPRESS) : 0;

	return at && get(pci_read32(f, at + DEVICE_CAPABILITIES), CAPABLE) ? at : 0;
}

static void reset(const struct pci_function *f, unsigned at)
{
	u16 control = pci_read16(f, at + DEVICE_CONTROL);

	/* A read that never ends is no reason to leave it running. */
	(void)until(PENDING_MS, !get(pci_read16(f, at + DEVICE_STATUS), PENDING),
		    "pci=%04x:%02x:%02x.%x to end what it has begun", f->segment, f->bus, f->dev,
		    f->fn);
	pci_write16(f, at + DEVICE_CONTROL, control | (u16)mask(INITIATE_RESET));
	note("pci=%04x:%02x:%02x.%x reset (FLR)", f->segment, f->bus, f->dev, f->fn);
}

void pci_flr_network(void)
{
	unsigned count, resets = 0;
	const struct pci_function *f = pci_functions(&count);

	for (const struct pci_function *end = f + count; f < end; f++) {
		/* Who goes on mastering the bus does so for firmware. */
		unsigned at = pci_is_bus_master(f) ? 0 : capable(f);

		if (at)
			reset(f, at);
		resets += at != 0;
	}
	/* All at once; until then nobody may ask them anything. */
	for (u64 end = now() + RESET_MS * tsc_per_ms; resets && now() < end;)
		pause();
}

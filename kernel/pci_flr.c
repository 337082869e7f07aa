#include "kernel/pci_flr.h"
#include "kernel/pci_kept.h"
#include "kernel/pci_regs.h"
#include "kernel/print.h"
#include "kernel/time.h"

/*
 * Offered by the PCI Express capability (7.5.3.3 to 7.5.3.5), or by Advanced Features (Advanced Capabilities for Conventional PCI
 * ECN), whose registers are bytes: TP and FLR, INITIATE_FLR, TP.
 */
enum { CAP_ADVANCED_FEATURES = 0x13 };
#define FIELDS(F)                 \
	F(CAPABLE, 28, 28)        \
	F(INITIATE_RESET, 15, 15) \
	F(PENDING, 5, 5)          \
	F(AF_TP_FLR, 25, 24)      \
	F(AF_INITIATE_FLR, 0, 0)  \
	F(AF_TP, 8, 8)
enum { FIELDS(AS_ENUM) };
static const struct way {
	u8 id, capabilities, control, status; /* offsets of 32 bits and twice 16 */
	int offers, initiate, pending;
} ways[] = {
	{ PCI_CAP_EXPRESS, 4, PCI_EXPRESS_CONTROL, 10, CAPABLE, INITIATE_RESET, PENDING },
	{ CAP_ADVANCED_FEATURES, 0, 4, 4, AF_TP_FLR, AF_INITIATE_FLR, AF_TP },
};

/*
 * Vendor and device. Who hangs (Linux, drivers/pci/quirks.c: quirk_no_flr); who must be disabled first, or wants a quarter of a second,
 * or its Bus Master Enable (pci_dev_reset_methods there; the last one with any three last digits).
 */
static const u32 hang[] = {
	0x10221487, 0x1022148c, 0x1022149c, 0x10227901, 0x80861502, 0x80861503, 0x14c30616,
	0xd0631000, 0x144da802, 0x144da804, 0x80860953, 0x80860a54, 0x025ef1ac, 0x14254fff,
};

enum { CLASS_NETWORK = 0x02, CLASS_SERIAL = 0x07 };
enum { AT_ONCE = 32 };
enum { PENDING_MS = 100, RESET_US = 100000 };

static bool hangs(const struct pci_function *f)
{
	u32 id = (u32)f->vendor << 16 | f->device;
	bool any = false;

	for (unsigned i = 0; i < ARRAY_SIZE(hang); i++)
		any |= hang[i] == id || hang[i] == (id | 0xfff);
	return any;
}

static const struct way *way_of(const struct pci_function *f, unsigned *at)
{
	unsigned class = f->class >> 16;

	/* Who goes on mastering the bus does so for firmware. */
	if (f->header != PCI_HEADER_ENDPOINT || pci_is_bus_master(f) || hangs(f) ||
	    (class != CLASS_NETWORK && (class == CLASS_SERIAL || !f->stopped)))
		return NULL;
	for (const struct way *w = ways; w < ways + ARRAY_SIZE(ways); w++) {
		*at = pci_capability(f, w->id);
		if (*at && !(~pci_read32(f, *at + w->capabilities) & mask(w->offers)))
			return w;
	}
	return NULL;
}

static void reset(const struct pci_function *f, const struct way *w, unsigned at)
{
	/* A read that never ends is no reason to leave it running. */
	(void)until(PENDING_MS, !get(pci_read16(f, at + w->status), w->pending),
		    "pci=%04x:%02x:%02x.%x to end what it has begun", f->segment, f->bus, f->dev,
		    f->fn);
	pci_write16(f, at + w->control, pci_read16(f, at + w->control) | (u16)mask(w->initiate));
	pci_note(f, "reset (FLR)");
}

static void nobodys(struct pci_function *f)
{
	f->vendor = f->device = 0xffff;
	f->class = ~0u;
}

void pci_flr_all(void)
{
	unsigned count, at;
	struct pci_function *all = pci_functions(&count), *f = all, *end = all + count;
	struct pci_kept kept[AT_ONCE];

	while (f < end) {
		unsigned resets = 0;

		for (; f < end && resets < AT_ONCE; f++) {
			const struct way *w = way_of(f, &at);

			if (!w)
				continue;
			pci_keep(&kept[resets++], f);
			reset(f, w, at);
		}
		/* All at once; until then nobody may ask them anything. */
		if (resets)
			delay_us(RESET_US);
		for (; resets; resets--)
			if (!pci_put_back(&kept[resets - 1]))
				nobodys(&all[kept[resets - 1].f - all]);
	}
}

#include "kernel/pci_sriov.h"
#include "kernel/fwcfg.h"
#include "kernel/pci_regs.h"
#include "kernel/print.h"
#include "kernel/time.h"
#include "kernel/virtio.h"
#include "kernel/virtio_regs.h"

/* 9.3.3: 16 bits each, but for the BARs; 9.3.3.3.1 for the time. */
enum {
	CONTROL = 0x08,
	TOTAL = 0x0e,
	NUMBER = 0x10,
	OFFSET = 0x14,
	STRIDE = 0x16,
	DEVICE_ID = 0x1a,
	BAR0 = 0x24
};
#define CONTROL_FIELDS(F)  \
	F(VF_ENABLE, 0, 0) \
	F(VF_MEMORY, 3, 3)
enum { CONTROL_FIELDS(AS_ENUM) };
enum { BARS = 6, ENABLE_US = 100000 };

static const struct pci_function *physical;
static struct pci_bar first[BARS]; /* of the first virtual function; the others' follow */

struct pci_bar pci_virtual_bar(const struct pci_function *f, unsigned bar)
{
	struct pci_bar b = first[bar];

	b.base += f->number * b.size;
	return b;
}

void pci_virtual_off(const struct pci_function *f)
{
	unsigned at = pci_extended_capability(f, PCI_EXT_CAP_SRIOV);

	if (at && pci_read16(f, at + CONTROL))
		pci_write16(f, at + CONTROL, 0);
}

void pci_virtual_end(void)
{
	if (physical)
		pci_virtual_off(physical);
}

/* Addresses from `next` on for so many of each of the six BARs. */
static u64 place(const struct pci_function *f, unsigned reg, unsigned count, u64 next)
{
	for (unsigned i = 0; i < BARS; i++, reg += 4) {
		struct pci_bar b = pci_bar_measure(f, reg);

		first[i] = b;
		if (b.kind < PCI_BAR_UNASSIGNED)
			continue;
		first[i].kind = PCI_BAR_MEMORY;
		first[i].base = next = (next + b.size - 1) & ~(b.size - 1);
		bool wide = pci_bar_is_wide(pci_read32(f, reg));
		pci_write32(f, reg, (u32)next);
		next += b.size * count;
		if (!wide)
			continue;
		first[++i].kind = PCI_BAR_NONE;
		reg += 4;
		pci_write32(f, reg, 0);
	}
	return next;
}

/* Virtio 1.2, 6.1: its driver must have agreed before. */
static bool agree(const struct pci_function *f)
{
	struct virtio v;
	const u64 wanted =
		mask(VIRTIO_F_VERSION_1) | mask(VIRTIO_F_ACCESS_PLATFORM) | mask(VIRTIO_F_SR_IOV);

	return virtio_map(&v, f) && virtio_reset(&v) &&
	       virtio_agree(&v, wanted & virtio_offers(&v));
}

static const char *enable(const struct pci_function *f, unsigned at)
{
	u32 window = f->bridge ? pci_read32(f->bridge, PCI_MEMORY) : 0;
	unsigned count = pci_read16(f, at + TOTAL), others;
	u64 end = (get(window, PCI_MEMORY_LIMIT) + 1) << 20;

	for (const struct pci_function *o = pci_functions(&others); others--; o++)
		if (o != f && o->bridge == f->bridge)
			return "other functions have its bus";
	if (place(f, at + BAR0, count, place(f, PCI_BAR0, 1, get(window, PCI_MEMORY_BASE) << 20)) >
	    end)
		return "its bridge's memory window is too small";
	if (!agree(f))
		return "it does not agree";
	/* What comes next may depend on it (9.3.3.9, 9.3.3.10). */
	pci_write16(f, at + NUMBER, (u16)count);
	unsigned rid = pci_rid(f) + pci_read16(f, at + OFFSET), stride = pci_read16(f, at + STRIDE);
	if ((rid + (count - 1) * stride) >> 8 != f->bus)
		return "they would be on other buses";
	physical = f;
	pci_write16(f, at + CONTROL, (u16)(mask(VF_ENABLE) | mask(VF_MEMORY)));
	delay_us(ENABLE_US);
	struct pci_function vf = *f;
	vf.physical = f;
	vf.device = pci_read16(f, at + DEVICE_ID);
	for (; vf.number < count; vf.number++, rid += stride) {
		vf.dev = rid >> 3 & 31;
		vf.fn = rid & 7;
		vf.config = f->config + ((rid - pci_rid(f)) << 12);
		if (!pci_add(&vf))
			break;
	}
	return NULL;
}

void pci_virtual_enable(void)
{
	unsigned count, at;
	const struct pci_function *f = pci_functions(&count);
	const char *wrong = "there is no virtio network controller of QEMU's that can have any";

	for (; count--; f++)
		if (fwcfg_is_there() && f->vendor == VIRTIO_VENDOR &&
		    f->device == VIRTIO_DEVICE_MODERN + VIRTIO_NET &&
		    (at = pci_extended_capability(f, PCI_EXT_CAP_SRIOV)) != 0) {
			wrong = enable(f, at);
			break;
		}
	if (wrong)
		note("no virtual functions: %s", wrong);
}

#include "kernel/irq.h"
#include "kernel/bits.h"
#include "kernel/mmio.h"
#include "kernel/print.h"
#include "kernel/trap.h"
#include "kernel/x86.h"

enum { PIC1 = 0x20, PIC2 = 0xa0, ICW1 = 0x11, ICW4_8086 = 1, CASCADE = 2, VECTOR_8259 = 0x20 };

/* IRQ7 and IRQ15 come even when masked, if a line falls at the wrong moment; they must not be acknowledged. */
static void spurious(struct trap_frame *f) { (void)f; }

static void pic_off(u16 port, u8 vector, u8 cascade)
{
	outb(port, ICW1);
	outb(port + 1, vector);
	outb(port + 1, cascade);
	outb(port + 1, ICW4_8086);
	outb(port + 1, 0xff);
}

void irq_8259_off(void)
{
	pic_off(PIC1, VECTOR_8259, 1 << CASCADE);
	pic_off(PIC2, VECTOR_8259 + 8, CASCADE);
	for (unsigned v = VECTOR_8259; v < VECTOR_8259 + 16; v++)
		trap_handler(v, spurious);
}

enum { IOREGSEL = 0x00, IOWIN = 0x10, IOAPIC_VERSION = 1, IOAPIC_REDIRECTION = 0x10 };
#define IOAPIC_FIELDS(F)       \
	F(IOAPIC_LAST, 23, 16) \
	F(IOAPIC_MODE, 10, 8)  \
	F(IOAPIC_MASKED, 16, 16)
enum { IOAPIC_FIELDS(AS_ENUM) };
enum { IOAPIC_MODE_SMI = 2 };

void irq_ioapic_off(struct pa base)
{
	u8 *regs = device_map((struct pa){ base.v & ~(PAGE_SIZE - 1) }, PAGE_SIZE);

	if (!regs)
		return;
	regs += base.v & (PAGE_SIZE - 1);
	mmio_write32(regs + IOREGSEL, IOAPIC_VERSION);
	u32 version = mmio_read32(regs + IOWIN);
	if (version == ~0u) {
		note("ioapic base=%#lx does not answer", base.v);
		return;
	}
	for (u32 i = 0; i <= get(version, IOAPIC_LAST); i++) {
		mmio_write32(regs + IOREGSEL, IOAPIC_REDIRECTION + 2 * i);
		/* An SMI is firmware's own, on its way past us. */
		if (get(mmio_read32(regs + IOWIN), IOAPIC_MODE) != IOAPIC_MODE_SMI)
			mmio_write32(regs + IOWIN, (u32)mask(IOAPIC_MASKED));
	}
}

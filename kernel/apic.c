#include "kernel/apic.h"
#include "kernel/mmio.h"
#include "kernel/panic.h"
#include "kernel/print.h"
#include "kernel/rescue.h"
#include "kernel/time.h"
#include "kernel/trap.h"
#include "kernel/x86.h"

/* SDM 3A table 10-1 (offset in the page) and 10-6 (MSR 0x800 + offset / 16) */
enum {
	APIC_ID = 0x20,
	APIC_VERSION = 0x30,
	APIC_TPR = 0x80,
	APIC_EOI = 0xb0,
	APIC_SVR = 0xf0,
	APIC_ISR = 0x100, /* 256 bits, a register every 16 bytes */
	APIC_LVT_CMCI = 0x2f0,
	APIC_ICR = 0x300,
	APIC_ICR_HI = 0x310,
	APIC_LVT_TIMER = 0x320,
	APIC_LVT_THERMAL = 0x330,
	APIC_LVT_COUNTER = 0x340,
	APIC_LVT_LINT0 = 0x350,
	APIC_LVT_LINT1 = 0x360,
	APIC_LVT_ERROR = 0x370,
	APIC_TIMER_INITIAL = 0x380,
	APIC_TIMER_DIVIDE = 0x3e0,
	MSR_X2APIC = 0x800,
};
enum { APIC_BROADCAST = 0xff };
/* SDM 3A 10.4.4 */
#define APIC_BASE_FIELDS(F)       \
	F(APIC_BASE_EXTD, 10, 10) \
	F(APIC_BASE_EN, 11, 11)   \
	F(APIC_BASE_ADDR, 51, 12)
/* SDM 3A figure 10-12 */
#define ICR_FIELDS(F)             \
	F(ICR_VECTOR, 7, 0)       \
	F(ICR_MODE, 10, 8)        \
	F(ICR_PENDING, 12, 12)    \
	F(ICR_ASSERT, 14, 14)     \
	F(ICR_XAPIC_DEST, 63, 56) \
	F(ICR_X2APIC_DEST, 63, 32)
/* SDM 3A figures 10-7, 10-8, 10-23 */
#define LVT_FIELDS(F)             \
	F(VERSION_LVT, 23, 16)    \
	F(LVT_MODE, 10, 8)        \
	F(LVT_MASKED, 16, 16)     \
	F(LVT_TIMER_MODE, 18, 17) \
	F(SVR_VECTOR, 7, 0)       \
	F(SVR_ENABLE, 8, 8)
enum { APIC_BASE_FIELDS(AS_ENUM) ICR_FIELDS(AS_ENUM) LVT_FIELDS(AS_ENUM) };

static u8 *page;
static bool x2;

static u32 apic_read(u32 reg)
{
	return x2 ? (u32)rdmsr(MSR_X2APIC + reg / 16) : mmio_read32(page + reg);
}

static void apic_write(u32 reg, u32 v)
{
	if (x2)
		wrmsr(MSR_X2APIC + reg / 16, v);
	else
		mmio_write32(page + reg, v);
}

static void icr_write(u64 v)
{
	if (x2) {
		/* The MSR write is not serialising: stores before it must be visible first. 10.12.3 */
		__asm__ volatile("mfence; lfence" : : : "memory");
		wrmsr(MSR_X2APIC + APIC_ICR / 16, v);
		return;
	}
	until(10, !get(mmio_read32(page + APIC_ICR), ICR_PENDING),
	      "the local APIC to deliver an IPI");
	/* A handler that sends something would change the destination between the two. */
	u64 flags = read_rflags();
	cli();
	uncut_begin();
	mmio_write32(page + APIC_ICR_HI, (u32)(v >> 32));
	mmio_write32(page + APIC_ICR, (u32)v);
	uncut_end();
	sti_if(flags);
}

SELDOM void apic_init(bool x2apic_unwelcome)
{
	u64 base = rdmsr(MSR_APIC_BASE);

	/* Firmware's x2APIC mode cannot be left without a reset of the APIC, and there is no reason to. */
	x2 = get(base, APIC_BASE_EXTD) || (cpuid(1, 0).ecx >> 21 & 1 && !x2apic_unwelcome);
	if (!x2)
		page = device_map((struct pa){ base & mask(APIC_BASE_ADDR) }, PAGE_SIZE);
	if (!x2 && !page)
		panic("no local APIC at %#lx", base & mask(APIC_BASE_ADDR));
}

/*
 * What firmware wanted to hear of. In the order in which CPUs got them, because the version register says the number of the
 * last; errors first, as a vector of 0 is one, masked or not. An SMI is firmware's to hear of still: heat, say.
 */
static SELDOM void mask_all(void)
{
	static const u16 lvt[] = { APIC_LVT_ERROR, APIC_LVT_TIMER,   APIC_LVT_LINT0,
				   APIC_LVT_LINT1, APIC_LVT_COUNTER, APIC_LVT_THERMAL,
				   APIC_LVT_CMCI };
	u64 last = get(apic_read(APIC_VERSION), VERSION_LVT);

	for (unsigned i = 0; i < ARRAY_SIZE(lvt) && i <= last; i++)
		if (get(apic_read(lvt[i]), LVT_MODE) != APIC_SMI)
			apic_write(lvt[i], (u32)mask(LVT_MASKED));
}

SELDOM void apic_enable(void)
{
	u64 base = rdmsr(MSR_APIC_BASE) | mask(APIC_BASE_EN);

	wrmsr(MSR_APIC_BASE, base);
	if (x2)
		wrmsr(MSR_APIC_BASE, base | mask(APIC_BASE_EXTD));
	apic_write(APIC_TPR, 0);
	mask_all();
	/* Until this, as after INIT, what follows would stay masked (10.4.7.2). */
	apic_write(APIC_SVR, (u32)(put(SVR_ENABLE, 1) | put(SVR_VECTOR, VECTOR_SPURIOUS)));
	/* LINT1 is the NMI pin by convention of every MADT: a fatal event that must be heard. */
	apic_write(APIC_LVT_LINT1, (u32)put(LVT_MODE, APIC_NMI));
}

bool apic_is_x2(void) { return x2; }
u32 apic_id(void) { return x2 ? apic_read(APIC_ID) : apic_read(APIC_ID) >> 24; }
bool apic_reaches(u32 id) { return x2 || id < APIC_BROADCAST; }
void apic_eoi(void) { apic_write(APIC_EOI, 0); }

static bool in_service(void)
{
	u32 any = 0;

	for (u32 reg = 0; reg < 8; reg++)
		any |= apic_read(APIC_ISR + reg * 0x10);
	return any;
}

void apic_eoi_all(void)
{
	for (unsigned left = 256; left && in_service(); left--)
		apic_eoi();
}

void apic_send(u32 id, enum apic_mode mode, u8 vector)
{
	icr_write((x2 ? put(ICR_X2APIC_DEST, id) : put(ICR_XAPIC_DEST, id)) | put(ICR_ASSERT, 1) |
		  put(ICR_MODE, mode) | put(ICR_VECTOR, vector));
}

enum { TIMER_PERIODIC = 1, DIVIDE_BY_128 = 0xa, TIMER_TICKS = 100000 };
SELDOM void apic_timer_start(u8 vector)
{
	apic_write(APIC_TIMER_DIVIDE, DIVIDE_BY_128);
	apic_write(APIC_LVT_TIMER, (u32)(put(LVT_TIMER_MODE, TIMER_PERIODIC) | vector));
	apic_write(APIC_TIMER_INITIAL, TIMER_TICKS);
}

void apic_counter_nmi(void) { apic_write(APIC_LVT_COUNTER, (u32)put(LVT_MODE, APIC_NMI)); }

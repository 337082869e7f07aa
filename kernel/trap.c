#include "kernel/trap.h"
#include "kernel/apic.h"
#include "kernel/cpu.h"
#include "kernel/oops.h"
#include "kernel/print.h"
#include "kernel/rescue.h"
#include "kernel/x86.h"

struct gate idt[256];
static void (*handlers[256])(struct trap_frame *f);
extern const u8 vectors[256][7];
void trap(struct trap_frame *f);

/* SDM 3A figure 6-8 */
#define GATE_FIELDS(F)             \
	F(GATE_OFFSET_15_0, 15, 0) \
	F(GATE_SELECTOR, 31, 16)   \
	F(GATE_IST, 34, 32)        \
	F(GATE_TYPE, 43, 40)       \
	F(GATE_P, 47, 47)          \
	F(GATE_OFFSET_31_16, 63, 48)
enum { GATE_FIELDS(AS_ENUM) };
enum { GATE_INTERRUPT = 14 };

enum { STRAYS_TOLD = 8 };

SELDOM void traps_init(void)
{
	for (unsigned v = 0; v < 256; v++) {
		u64 stub = (u64)vectors[v];
		unsigned ist = v == VECTOR_NMI  ? IST_NMI
			       : v == VECTOR_DF ? IST_DF
			       : v == VECTOR_MC ? IST_MC
						: 0;

		idt[v].hi = stub >> 32;
		idt[v].lo = put(GATE_OFFSET_15_0, stub & 0xffff) | put(GATE_SELECTOR, SEL_CODE) |
			    put(GATE_IST, ist) | put(GATE_TYPE, GATE_INTERRUPT) | put(GATE_P, 1) |
			    put(GATE_OFFSET_31_16, stub >> 16 & 0xffff);
	}
}

void trap_handler(unsigned vector, void (*handler)(struct trap_frame *f))
{
	handlers[vector] = handler;
}

/* A faulting instruction that says where to go on: read by trap(), written by the asm below. */
struct fixup {
	u64 at, resume;
};
extern const struct fixup __start_fixups[], __stop_fixups[];

#define FIXUP "2:\n\t.pushsection fixups, \"a\"\n\t.quad 1b, 2b\n\t.popsection"

bool fixup_load(const volatile u64 *p, u64 *value, u32 *error)
{
	u64 v = 0;
	u32 fault = ~0u;

	__asm__ volatile("1: mov %2, %0\n" FIXUP : "+r"(v), "+a"(fault) : "m"(*p) : "memory");
	*value = v;
	*error = fault;
	return fault == ~0u;
}

bool fixup_store(volatile u64 *p, u64 value, u32 *error)
{
	u32 fault = ~0u;

	__asm__ volatile("1: mov %2, %0\n" FIXUP : "=m"(*p), "+a"(fault) : "r"(value) : "memory");
	*error = fault;
	return fault == ~0u;
}

/*
 * IRET to ring 3 with the registers and the stack pointer of here, of which that one instruction changes nothing. RSP0 is
 * where interrupts that come there push.
 */
bool fixup_fetch(const volatile u8 *code, u32 *error)
{
	u64 fault = 0;

	__asm__ volatile("mov %%rsp, %%rdx\n\t"
			 "mov %%rsp, %%gs:%c2\n\t"
			 "lea 1f(%%rip), %%rcx\n\t"
			 "push %3\n\t"
			 "push %%rdx\n\t"
			 "pushfq\n\t"
			 "push %4\n\t"
			 "push %1\n\t"
			 "iretq\n"
			 "1:"
			 : "+a"(fault)
			 : "r"(code), "i"(offsetof(struct cpu, tss.rsp)), "i"(SEL_USER_DATA),
			   "i"(SEL_USER_CODE)
			 : "rcx", "rdx", "cc", "memory");
	*error = (u32)fault;
	return !get(fault, PF_I);
}

/* A user's #PF: back to fixup_fetch. */
static bool user_left(struct trap_frame *f)
{
	if ((f->cs & USER) != USER)
		return false;
	f->rip = f->rcx;
	f->cs = SEL_CODE;
	f->ss = SEL_DATA;
	f->rax = (u32)f->error;
	return true;
}

static bool fixed_up(struct trap_frame *f)
{
	for (const struct fixup *x = __start_fixups; x != __stop_fixups; x++) {
		if (x->at == f->rip) {
			f->rip = x->resume;
			f->rax = (u32)f->error;
			return true;
		}
	}
	return false;
}

/* Firmware's timer, say, that was pending when interrupts were off: told, and no reason to die. */
static void stray(const struct trap_frame *f)
{
	static u32 strays;

	apic_eoi();
	if (__atomic_fetch_add(&strays, 1, __ATOMIC_RELAXED) < STRAYS_TOLD)
		note("interrupt vector=%lu cpu=%u: nobody asked for it", f->vector,
		     this_cpu()->index);
}

/* From kernel/vectors.S, on any CPU, interrupts off. */
void trap(struct trap_frame *f)
{
	struct cpu *c = this_cpu();

	if (f->vector == VECTOR_PF && (fixed_up(f) || user_left(f)))
		return;
	if (!c->trapped)
		c->trapped = f;
	if (handlers[f->vector])
		handlers[f->vector](f);
	else if (f->vector < EXCEPTIONS) {
		if (!rescue_exception(f))
			oops(f);
	} else if (f->vector != VECTOR_SPURIOUS)
		stray(f);
	rescue_look(f);
	if (c->trapped == f)
		c->trapped = NULL;
}

#pragma once
#include "kernel/types.h"

/* One logical processor. A CPU finds its own through GS; all are in cpus[], in the order they were started. */
enum { CPUS_MAX = 512 };
/* Sizes of its stacks: the boot CPU's, any other's, and each of those for NMI, #DF and #MC. */
enum { BOOT_STACK_PAGES = 8, AP_STACK_PAGES = 4, IST_STACK_PAGES = 2 };

struct trap_frame;

/* A call that can be ended from outside: kernel/rescue.h. */
struct rescue {
	u64 rsp;            /* where rescue_exit finds the registers it saved */
	volatile u64 state; /* counts entries and exits: odd inside */
	u64 rflags;
	volatile u64 end; /* what state is to become */
	const char *volatile why;
	volatile u32 uncut;    /* depth of code that must not be cut */
	volatile bool nmi_due; /* an NMI was sent, and did not come yet */
	char reason[192];      /* why the last one was ended */
};

struct cpu {
	struct cpu *self; /* first: %gs:0 */
	u32 index, apic_id;
	u64 stack_top, nmi_stack_top, df_stack_top, mc_stack_top;
	u64 gdt[7];
	struct tss {
		u32 reserved0;
		u64 rsp[3], reserved1, ist[7], reserved2;
		u16 reserved3, iomap_base;
	} __attribute__((packed)) tss;
	/* What this CPU is asked to do by another (kernel/smp.c); one request at a time. */
	void (*volatile call)(void *arg);
	void *volatile call_arg;
	volatile u32 calls_asked, calls_done;
	bool called;  /* a caller has it, or a call goes on */
	bool calling; /* it is in the function */
	volatile bool online, stopped;
	/* The step it is in, for the report of a fault or a hang; NULL between steps. A string that stays. */
	const char *volatile doing;
	const struct trap_frame *trapped; /* of the outermost trap that this CPU is in */
	struct rescue rescue;
} __attribute__((aligned(64)));

extern struct cpu *cpus[CPUS_MAX];
extern u32 cpu_count; /* online; cpus[0] is the boot CPU */

static inline struct cpu *this_cpu(void)
{
	struct cpu *c;
	__asm__("mov %%gs:0, %0" : "=r"(c));
	return c;
}

/* GS base, GDT, TSS, IDT and CR4 of the calling CPU; c's stacks are set before. Again if they change. */
void cpu_tables_load(struct cpu *c);

/* The boot CPU's, in the image: usable before there is an allocator. */
extern struct cpu boot_cpu;

#pragma once
#include "kernel/types.h"

/* What kernel/vectors.S pushes. SDM 3A 6.14.2 */
struct trap_frame {
	u64 r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp, rbx, rdx, rcx, rax;
	u64 vector, error;
	u64 rip, cs, rflags, rsp, ss;
};

enum { SEL_CODE = 8, SEL_DATA = 16, SEL_TSS = 24 };
enum { IST_NMI = 1, IST_DF, IST_MC };
enum { EXCEPTIONS = 32 }; /* the vectors below; those from it on are interrupts. SDM 3A 6.2 */
enum {
	VECTOR_DB = 1,
	VECTOR_NMI = 2,
	VECTOR_DF = 8,
	VECTOR_GP = 13,
	VECTOR_PF = 14,
	VECTOR_MC = 18,
	VECTOR_TIMER = 0xe0,     /* kernel/watchdog.c */
	VECTOR_CALL = 0xf0,      /* kernel/smp.c */
	VECTOR_BENCH = 0xf1,     /* tests/bench/cpus.c */
	VECTOR_SHOOTDOWN = 0xf2, /* tests/shootdown.c */
	VECTOR_SPURIOUS = 0xff,
};

/* SDM 3A 6.14.1 */
struct gate {
	u64 lo, hi;
};
extern struct gate idt[256];

/* Fill the IDT; once, before any cpu_tables_load(). */
void traps_init(void);

/* An interrupt's handler; runs with interrupts off and ends the interrupt itself. Boot CPU. */
void trap_handler(unsigned vector, void (*handler)(struct trap_frame *f));

/*
 * An access that may fault. fixup_load/fixup_store: true if it went through, else *error is the #PF
 * error code (SDM 3A 4.7) and the fault is a value, not a way to die.
 */
bool fixup_load(const volatile u64 *p, u64 *value, u32 *error);
bool fixup_store(volatile u64 *p, u64 value, u32 *error);

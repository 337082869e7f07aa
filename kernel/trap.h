#pragma once
#include "kernel/bits.h"

/* What kernel/vectors.S pushes. SDM 3A 6.14.2 */
struct trap_frame {
	u64 r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp, rbx, rdx, rcx, rax;
	u64 vector, error;
	u64 rip, cs, rflags, rsp, ss;
};

/* Segments, by their offset in the GDT; a TSS has two entries. Users' selectors have RPL in them. */
enum {
	SEL_CODE = 8,
	SEL_DATA = 16,
	SEL_TSS = 24,
	USER = 3,
	SEL_USER_DATA = 40 + USER,
	SEL_USER_CODE = 48 + USER
};
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

/* Error code of #PF, SDM 3A 4.7 */
#define PF_ERROR_FIELDS(F) \
	F(PF_P, 0, 0)      \
	F(PF_W, 1, 1)      \
	F(PF_U, 2, 2)      \
	F(PF_RSVD, 3, 3)   \
	F(PF_I, 4, 4)      \
	F(PF_PK, 5, 5)
enum { PF_ERROR_FIELDS(AS_ENUM) };

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
/*
 * The same for a user's fetch (ring 3) of the instruction at code: two bytes of zeros, which add to where RAX points, and
 * nobody has a page there: it is left by #PF in any case. True if that was the operand's.
 */
bool fixup_fetch(const volatile u8 *code, u32 *error);

#pragma once
#include "kernel/bits.h"

#ifdef HOST
#error "hardware access in pure code"
#endif

/* Instructions, one function each, named as the manual names them. */

static inline u8 inb(u16 port)
{
	u8 v;
	__asm__ volatile("inb %1, %0" : "=a"(v) : "Nd"(port));
	return v;
}
static inline u32 inl(u16 port)
{
	u32 v;
	__asm__ volatile("inl %1, %0" : "=a"(v) : "Nd"(port));
	return v;
}
static inline u16 inw(u16 port)
{
	u16 v;
	__asm__ volatile("inw %1, %0" : "=a"(v) : "Nd"(port));
	return v;
}
static inline void outb(u16 port, u8 v) { __asm__ volatile("outb %0, %1" : : "a"(v), "Nd"(port)); }
static inline void outw(u16 port, u16 v) { __asm__ volatile("outw %0, %1" : : "a"(v), "Nd"(port)); }

static inline void cli(void) { __asm__ volatile("cli" : : : "memory"); }
static inline void sti(void) { __asm__ volatile("sti" : : : "memory"); }
/* No interrupt comes between the two (SDM 2B, STI). */
static inline void sti_hlt(void) { __asm__ volatile("sti; hlt" : : : "memory"); }
static inline void hlt(void) { __asm__ volatile("hlt" : : : "memory"); }
static inline void pause(void) { __asm__ volatile("pause" : : : "memory"); }
static inline void mfence(void) { __asm__ volatile("mfence" : : : "memory"); }

/* Write back and drop the cache line: for an agent that reads memory without snooping. */
static inline void clflush(const volatile void *p)
{
	__asm__ volatile("clflush %0" : : "m"(*(const volatile u8 *)p) : "memory");
}
static inline void invlpg(u64 va) { __asm__ volatile("invlpg (%0)" : : "r"(va) : "memory"); }
/* The descriptor is 16 bytes: PCID, address (SDM 2A, INVPCID). */
static inline void invpcid(u64 type, const void *descriptor)
{
	__asm__ volatile("invpcid (%1), %0" : : "r"(type), "r"(descriptor) : "memory");
}

#define CONTROL_REGISTER(name)                                              \
	static inline u64 read_##name(void)                                 \
	{                                                                   \
		u64 v;                                                      \
		__asm__ volatile("mov %%" #name ", %0" : "=r"(v));          \
		return v;                                                   \
	}                                                                   \
	static inline void write_##name(u64 v)                              \
	{                                                                   \
		__asm__ volatile("mov %0, %%" #name : : "r"(v) : "memory"); \
	}
CONTROL_REGISTER(cr0)
CONTROL_REGISTER(cr2)
CONTROL_REGISTER(cr3)
CONTROL_REGISTER(cr4)
#undef CONTROL_REGISTER

static inline u64 rdmsr(u32 msr)
{
	u32 lo, hi;
	__asm__ volatile("rdmsr" : "=a"(lo), "=d"(hi) : "c"(msr));
	return (u64)hi << 32 | lo;
}
static inline void wrmsr(u32 msr, u64 v)
{
	__asm__ volatile("wrmsr" : : "c"(msr), "a"((u32)v), "d"((u32)(v >> 32)) : "memory");
}
static inline u64 rdtsc(void)
{
	u32 lo, hi;
	__asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi) : : "memory");
	return (u64)hi << 32 | lo;
}
static inline u64 read_rflags(void)
{
	u64 v;
	__asm__ volatile("pushfq; pop %0" : "=r"(v) : : "memory");
	return v;
}

struct cpuid {
	u32 eax, ebx, ecx, edx;
};
static inline struct cpuid cpuid(u32 leaf, u32 sub)
{
	struct cpuid r;
	__asm__ volatile("cpuid"
			 : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
			 : "a"(leaf), "c"(sub));
	return r;
}

/* SDM 1 3.4.3 */
#define RFLAGS_FIELDS(F) F(RFLAGS_IF, 9, 9)
enum { RFLAGS_FIELDS(AS_ENUM) };
/* Interrupts on again, if they were. */
static inline void sti_if(u64 rflags)
{
	if (get(rflags, RFLAGS_IF))
		sti();
}

/* SDM 3A 2.5 */
#define CR0_FIELDS(F)     \
	F(CR0_MP, 1, 1)   \
	F(CR0_EM, 2, 2)   \
	F(CR0_NE, 5, 5)   \
	F(CR0_WP, 16, 16) \
	F(CR0_NW, 29, 29) \
	F(CR0_CD, 30, 30) \
	F(CR0_PG, 31, 31)
#define CR4_FIELDS(F)        \
	F(CR4_DE, 3, 3)      \
	F(CR4_PSE, 4, 4)     \
	F(CR4_PAE, 5, 5)     \
	F(CR4_MCE, 6, 6)     \
	F(CR4_PGE, 7, 7)     \
	F(CR4_UMIP, 11, 11)  \
	F(CR4_LA57, 12, 12)  \
	F(CR4_PCIDE, 17, 17) \
	F(CR4_SMEP, 20, 20)  \
	F(CR4_SMAP, 21, 21)
/* SDM 3A 2.2.1 */
#define EFER_FIELDS(F)      \
	F(EFER_LME, 8, 8)   \
	F(EFER_LMA, 10, 10) \
	F(EFER_NXE, 11, 11)
enum { CR0_FIELDS(AS_ENUM) CR4_FIELDS(AS_ENUM) EFER_FIELDS(AS_ENUM) };

enum { MSR_APIC_BASE = 0x1b, MSR_BIOS_SIGN_ID = 0x8b, MSR_PAT = 0x277 };
enum { MSR_EFER = 0xc0000080, MSR_GS_BASE = 0xc0000101 };

#include "kernel/cpu.h"
#include "kernel/trap.h"
#include "kernel/x86.h"

/* kmain() puts the boot CPU there: a page of initial values would be loaded for the one. */
struct cpu *cpus[CPUS_MAX];
u32 cpu_count = 1;
struct cpu boot_cpu = { .self = &boot_cpu, .online = true };

/* SDM 3A 3.5 */
struct table_register {
	u16 limit;
	u64 base;
} __attribute__((packed));

/* SDM 3A 7.2.3: a TSS descriptor is two words. */
#define TSS_DESC_FIELDS(F)       \
	F(TSS_LIMIT, 15, 0)      \
	F(TSS_BASE_23_0, 39, 16) \
	F(TSS_TYPE, 43, 40)      \
	F(TSS_P, 47, 47)         \
	F(TSS_BASE_31_24, 63, 56)
enum { TSS_DESC_FIELDS(AS_ENUM) };
enum { TSS_AVAILABLE = 9 };

static void gdt_load(struct cpu *c)
{
	u64 tss = (u64)&c->tss;

	c->gdt[SEL_CODE / 8] = 0x00af9b000000ffff;
	c->gdt[SEL_DATA / 8] = 0x00cf93000000ffff;
	c->gdt[SEL_TSS / 8] = put(TSS_LIMIT, sizeof c->tss - 1) |
			      put(TSS_BASE_23_0, tss & 0xffffff) | put(TSS_TYPE, TSS_AVAILABLE) |
			      put(TSS_P, 1) | put(TSS_BASE_31_24, tss >> 24 & 0xff);
	c->gdt[SEL_TSS / 8 + 1] = tss >> 32;
	c->gdt[SEL_USER_DATA / 8] = 0x00cff3000000ffff;
	c->gdt[SEL_USER_CODE / 8] = 0x00affb000000ffff;
	c->tss.ist[IST_NMI - 1] = c->nmi_stack_top;
	c->tss.ist[IST_DF - 1] = c->df_stack_top;
	c->tss.ist[IST_MC - 1] = c->mc_stack_top;
	c->tss.iomap_base = sizeof c->tss;

	struct table_register gdtr = { sizeof c->gdt - 1, (u64)c->gdt };
	__asm__ volatile("lgdt %0\n\t"
			 "push %1\n\t"
			 "lea 1f(%%rip), %%rax\n\t"
			 "push %%rax\n\t"
			 "lretq\n"
			 "1:\tmov %2, %%ds\n\t"
			 "mov %2, %%es\n\t"
			 "mov %2, %%ss\n\t"
			 "ltr %w3"
			 :
			 : "m"(gdtr), "i"(SEL_CODE), "r"(SEL_DATA), "r"(SEL_TSS)
			 : "rax", "memory");
}

void cpu_tables_load(struct cpu *c)
{
	/* An NMI may come from LIDT on, and at any time if the tables are loaded anew: its handler needs GS. */
	wrmsr(MSR_GS_BASE, (u64)c);
	gdt_load(c);
	struct table_register idtr = { 256 * sizeof(struct gate) - 1, (u64)idt };
	__asm__ volatile("lidt %0" : : "m"(idtr));

	/* SMAP and PCID stay off: tests read and write pages with U/S=1, and MOV CR3 must flush. */
	u64 cr4 = mask(CR4_PAE) | mask(CR4_PGE) | mask(CR4_MCE) | mask(CR4_DE);
	/* Beyond its last leaf an Intel CPU answers with that one's bits. */
	if (cpuid(0, 0).eax >= 7 && cpuid(7, 0).ebx & 1 << 7)
		cr4 |= mask(CR4_SMEP);
	write_cr4(cr4);
}

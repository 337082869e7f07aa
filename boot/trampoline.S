/*
 * Where a CPU starts after SIPI: real mode, in a copy of this page somewhere below 1 MiB that is mapped
 * one to one. All started CPUs run it at the same time; each draws a stack. SDM 3A 9.4, 10.8.5.
 * Out: ap_entry() in long mode on the kernel's page tables.
 */
#define AT(sym) (sym - trampoline)
	.section .rodata
	.balign 16
	.globl trampoline, trampoline_end, trampoline_args
trampoline:
	.code16
	cli
	cld
	mov %cs, %ax
	mov %ax, %ds
	movzx %ax, %ebp
	/* The boot CPU has NX; one that does not show it has it hidden by firmware. SDM 4, IA32_MISC_ENABLE[34] */
	mov $0x80000001, %eax
	cpuid
	bt $20, %edx
	jc 1f
	mov $0x1a0, %ecx
	rdmsr
	and $~4, %edx
	wrmsr
1:	mov %ebp, %ebx
	shl $4, %ebx                    /* %ebx: where this copy is */
	mov %ebx, %eax
	add $AT(gdt), %eax
	mov %eax, AT(gdtr) + 2
	lgdtl AT(gdtr)
	mov %ebx, %eax
	add $AT(long_mode), %eax
	mov %eax, AT(far_pointer)
	mov $0x20, %eax                 /* CR4.PAE */
	mov %eax, %cr4
	mov AT(trampoline_args), %eax   /* CR3 */
	mov %eax, %cr3
	mov $0xc0000080, %ecx           /* EFER */
	rdmsr
	or $0x900, %eax                 /* LME | NXE */
	wrmsr
	mov $0x80010033, %eax           /* CR0: PG WP NE ET MP PE */
	mov %eax, %cr0
	ljmpl *AT(far_pointer)

	.code64
long_mode:
	mov $16, %eax
	mov %eax, %ss
	mov %eax, %ds
	mov %eax, %es
	xor %eax, %eax
	mov %eax, %fs
	mov %eax, %gs
	mov AT(trampoline_args) + 8(%rbx), %rdx
	mov $1, %eax
	lock xadd %eax, (%rdx)          /* a ticket; */
	cmp AT(trampoline_args) + 32(%rbx), %eax
	jae 1f                          /* more CPUs than tables told: sleep */
	mov AT(trampoline_args) + 16(%rbx), %rdx
	mov (%rdx, %rax, 8), %rsp       /* its stack */
	xor %ebp, %ebp
	mov %eax, %edi
	mov AT(trampoline_args) + 24(%rbx), %rax
	call *%rax
1:	cli
	hlt
	jmp 1b

	.balign 8
gdt:	.quad 0, 0x00af9b000000ffff, 0x00cf93000000ffff
gdtr:	.short 23
	.long 0
far_pointer:
	.long 0
	.short 8
	.balign 8
trampoline_args:                        /* struct trampoline_args of kernel/smp.c */
	.skip 40
trampoline_end:
	.section .note.GNU-stack, "", @progbits

/*
 * enter_again(entry, info, image), boot/again.c. By the boot tables, which show the image at KERNEL and all of the first 4 GiB one
 * to one, down to 32-bit mode without paging; there the image becomes what the loader brought, and is entered.
 */
#define PA(sym) (sym - 0xffffffff80000000)
	.text
	.globl enter_again
enter_again:
	cli
	cld
	mov $0x20, %eax                 /* CR4: PAE; no PGE, so that CR3 forgets all */
	mov %rax, %cr4
	lea PA(boot_pml4)(%rdx), %rax
	mov %rax, %cr3
	mov %edx, %ebp                  /* the image, below 4 GiB as the rest is */
	mov %esi, %ebx
	lea PA(boot_stack_top)(%rbp), %rsp
	lea PA(flat_gdt)(%rbp), %rax
	push %rax
	pushw $23
	lgdt (%rsp)
	pushq $8
	lea PA(1f)(%rbp), %rax
	push %rax
	lretq

	.code32
1:	mov $16, %eax
	mov %eax, %ss
	mov %eax, %ds
	mov %eax, %es
	mov $0x11, %eax                 /* CR0: ET PE */
	mov %eax, %cr0
	mov %edi, %esp                  /* there is no stack from here on */
	mov $0xc0000080, %ecx           /* EFER: what the loader left there */
	xor %eax, %eax
	xor %edx, %edx
	wrmsr
	mov %eax, %cr4
	lea PA(__data_kept)(%ebp), %esi
	lea PA(__data_start)(%ebp), %edi
	mov $__data_size, %ecx
	rep movsb
	lea PA(__bss_start)(%ebp), %edi
	mov $__bss_size, %ecx
	shr $2, %ecx
	rep stosl
	jmp *%esp

	.section .rodata
	.balign 8
flat_gdt: .quad 0, 0x00cf9b000000ffff, 0x00cf93000000ffff
	.section .note.GNU-stack, "", @progbits

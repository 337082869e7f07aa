/*
 * In: 32-bit protected mode, paging off, no stack, %ebx = loader's structure, image anywhere (2 MiB aligned).
 * Out: long mode on boot_stack in kmain(protocol, info, image's physical address) with three views of
 * memory: 0-4 GiB one to one and at DIRECT_MAP, the image at KERNEL.
 * Until paging is on, an address is %ebp (where the image is) + what PA() says.
 */
#define PA(sym) (sym - 0xffffffff80000000)
/* What the loaders look for. Multiboot 2 specification 3.1; PVH: Xen, "x86/HVM direct boot ABI". */
#define MB2_MAGIC 0xe85250d6
	.section .boot, "ax"
boot_start:
mb2:	.long MB2_MAGIC, 0, mb2_end - mb2, -(MB2_MAGIC + (mb2_end - mb2))
	.balign 8
	.short 1, 1                     /* information request; we can do without each of them: */
	.long 2f - 1f + 8
1:	.long 1, 2, 6, 8, 14, 15        /* command line, loader, memory map, framebuffer, RSDP v1, v2 */
2:	.balign 8
	.short 5, 1                     /* framebuffer, optional, whatever the firmware prefers */
	.long 20, 0, 0, 0
	.balign 8
	.short 10, 1                    /* relocatable: where firmware holds 2 MiB, anywhere else below 4 GiB */
	.long 24, 0x200000, 0xfffff000, 0x200000, 1
	.balign 8
	.short 0, 0
	.long 8
mb2_end:

	.section .note.pvh, "a", @note
	.balign 4
	.long 4, 4, 18                  /* namesz, descsz, XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz "Xen"
	.long entry_pvh

	.section .boot, "ax"
	.code32
	.globl entry_multiboot2, entry_pvh
entry_pvh:
	xor %esi, %esi
	jmp 1f
entry_multiboot2:
	mov $2, %esi
1:	cli
	cld
	/* Where are we? A call needs four bytes of stack: the structure's second word, put back after. */
	mov 4(%ebx), %edi
	lea 8(%ebx), %esp
	call 2f
2:	pop %ebp
	sub $(2b - boot_start), %ebp
	mov %edi, 4(%ebx)
	lea PA(boot_stack_top)(%ebp), %esp

	push %ebx
	mov $0x80000000, %eax
	cpuid
	cmp $0x80000001, %eax
	jb no_long_mode
	mov $0x80000001, %eax
	cpuid
	bt $29, %edx
	jnc no_long_mode
	pop %ebx

	/* Four directories of 2 MiB pages: 0-4 GiB. */
	lea PA(boot_pd)(%ebp), %edi
	mov $0x83, %eax                 /* P | RW | PS */
	mov $2048, %ecx
3:	mov %eax, (%edi)
	add $0x200000, %eax
	add $8, %edi
	loop 3b
	lea PA(boot_pd) + 3(%ebp), %eax
	lea PA(boot_pdpt)(%ebp), %edi
	mov $4, %ecx
4:	mov %eax, (%edi)
	add $0x1000, %eax
	add $8, %edi
	loop 4b
	/* KERNEL: 8 MiB from the image's start. */
	lea 0x83(%ebp), %eax
	lea PA(boot_kernel_pd)(%ebp), %edi
	mov $4, %ecx
5:	mov %eax, (%edi)
	add $0x200000, %eax
	add $8, %edi
	loop 5b
	lea PA(boot_kernel_pd) + 3(%ebp), %eax
	mov %eax, PA(boot_kernel_pdpt) + 510 * 8(%ebp)
	lea PA(boot_kernel_pdpt) + 3(%ebp), %eax
	mov %eax, PA(boot_pml4) + 511 * 8(%ebp)
	lea PA(boot_pdpt) + 3(%ebp), %eax
	mov %eax, PA(boot_pml4)(%ebp)
	mov %eax, PA(boot_pml4) + 256 * 8(%ebp)

	lea PA(boot_pml4)(%ebp), %eax
	mov %eax, %cr3
	mov $0x20, %eax                 /* CR4.PAE */
	mov %eax, %cr4
	mov $0xc0000080, %ecx           /* EFER; NXE is kmap_init()'s: without NX it has something to say */
	rdmsr
	or $0x100, %eax                 /* LME */
	wrmsr
	mov $0x80010033, %eax           /* CR0: PG WP NE ET MP PE */
	mov %eax, %cr0

	/* The descriptor table's register image and the far pointer are built where we are. */
	lea boot_gdt - boot_start(%ebp), %eax
	push %eax
	pushw $23
	lgdt (%esp)
	lea 6f - boot_start(%ebp), %eax
	push $8
	push %eax
	lret
	.code64
6:	mov %esi, %edi                  /* kmain(protocol, */
	mov %ebx, %esi                  /*       info, */
	mov %ebp, %edx                  /*       image) */
	mov $16, %eax
	mov %eax, %ss
	mov %eax, %ds
	mov %eax, %es
	xor %eax, %eax
	mov %eax, %fs
	mov %eax, %gs
	mov $boot_stack_top, %rsp
	xor %ebp, %ebp
	mov $kmain, %rax
	call *%rax
7:	cli
	hlt
	jmp 7b

	/* No CPU for the C code: the sentence leaves here, blindly, by COM1 and the text screen. */
	.code32
no_long_mode:
	lea sentence - boot_start(%ebp), %esi
	mov $0xb8000, %edi
	mov $0x1f, %ah
8:	mov $0x3fd, %edx
	mov $0x100000, %ecx
9:	in %dx, %al
	test $0x20, %al
	loopz 9b
	lodsb
	test %al, %al
	jz 7b
	mov $0x3f8, %edx
	out %al, %dx
	stosw
	jmp 8b
sentence: .asciz "Bail out! this CPU has no 64-bit mode\r\n"

	.balign 8
boot_gdt: .quad 0, 0x00af9b000000ffff, 0x00cf93000000ffff

	.bss
	.balign 4096
	.globl boot_pml4
boot_pml4: .skip 4096
boot_pdpt: .skip 4096
boot_kernel_pdpt: .skip 4096
boot_kernel_pd: .skip 4096
boot_pd: .skip 4 * 4096
	.globl boot_stack, boot_stack_top
boot_stack: .skip 32768              /* BOOT_STACK_PAGES */
boot_stack_top:
	.section .note.GNU-stack, "", @progbits

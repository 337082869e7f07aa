/*
 * For kernel/rescue.c:
 * bool rescue_enter(struct rescue *r, void (*fn)(void *arg), void *arg)
 * A call that is ended goes on at rescue_exit with %rsp = r->rsp and %eax = 0: by the IRET of a handler
 * whose frame says so, or by this one:
 * noreturn void rescue_return(struct rescue *r)
 */
#define RSP    0 /* struct rescue, kernel/cpu.h */
#define STATE  8
#define RFLAGS 16
	.text
	.globl rescue_enter, rescue_exit, rescue_return
	.type rescue_enter, @function
rescue_enter:
	push %rbp
	mov %rsp, %rbp
	push %rbx
	push %r12
	push %r13
	push %r14
	push %r15
	sub $8, %rsp
	mov %rdi, %rbx
	mov %rdx, %rdi
	mov %rsp, RSP(%rbx)
	incq STATE(%rbx)                /* after this one instruction it is inside, */
	call *%rsi
	mov $1, %eax
	incq STATE(%rbx)                /* and after this one outside */
rescue_exit:
	add $8, %rsp
	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %rbx
	pop %rbp
	ret

	/* IRET in any case: it may be an NMI's handler that is left, and NMIs stay blocked until one. SDM 3A 6.7.1 */
	.type rescue_return, @function
rescue_return:
	xor %eax, %eax
	mov %ss, %ecx
	push %rcx
	push RSP(%rdi)
	push RFLAGS(%rdi)
	mov %cs, %ecx
	push %rcx
	push $rescue_exit
	iretq
	.section .note.GNU-stack, "", @progbits

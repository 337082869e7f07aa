/*
 * One stub of 7 bytes a vector: make the frames of all vectors alike (error code, vector), save, call trap().
 * SDM 3A 6.12, 6.14. Handlers run with interrupts off.
 */
	.text
	.globl vectors
vectors:
	.set vector, 0
	.rept 256
	push $(vector ^ 0x80) - 0x80 /* a byte with a sign */
	.if vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21 || vector == 29 || vector == 30
	jmp.d32 save
	.else
	jmp.d32 save_no_error
	.endif
	.set vector, vector + 1
	.endr

	.type save_no_error, @function
save_no_error:
	push (%rsp)
	movq $0, 8(%rsp)
	.type save, @function
save:
	andq $0xff, (%rsp)
	push %rax
	push %rcx
	push %rdx
	push %rbx
	push %rbp
	push %rsi
	push %rdi
	push %r8
	push %r9
	push %r10
	push %r11
	push %r12
	push %r13
	push %r14
	push %r15
	cld
	mov %rsp, %rdi
	mov %rsp, %rbx
	and $-16, %rsp
	call trap
	mov %rbx, %rsp
	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %r11
	pop %r10
	pop %r9
	pop %r8
	pop %rdi
	pop %rsi
	pop %rbp
	pop %rbx
	pop %rdx
	pop %rcx
	pop %rax
	add $16, %rsp
	iretq
	.section .note.GNU-stack, "", @progbits

# nm -n of the first link -> the table that kernel/backtrace.c reads: how far each function is behind the one before, and names.
BEGIN { n = 0 }
$2 ~ /^[tT]$/ && $1 ~ /^ffffffff/ { addr[n] = $1; name[n++] = $3 }
END {
	print ".section .symbols, \"a\""
	print ".globl symbol_count, symbol_steps, symbol_names"
	print ".balign 4\nsymbol_count: .long " n
	# __text_start is the first.
	print "symbol_steps:"
	for (i = 0; i < n; i++)
		print ".short 0x" substr(addr[i], 9) " - 0x" substr(addr[i ? i - 1 : 0], 9)
	print "symbol_names:"
	for (i = 0; i < n; i++)
		print ".asciz \"" name[i] "\""
	print ".section .note.GNU-stack, \"\", @progbits"
}

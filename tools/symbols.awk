# nm -n of the first link -> the table that kernel/backtrace.c reads: addresses (low 32 bits), and names.
BEGIN { n = 0 }
$2 ~ /^[tT]$/ && $1 ~ /^ffffffff/ { addr[n] = $1; name[n++] = $3 }
END {
	print ".section .symbols, \"a\""
	print ".globl symbol_count, symbol_low, symbol_names"
	print ".balign 4\nsymbol_count: .long " n
	print "symbol_low:"
	for (i = 0; i < n; i++)
		print ".long 0x" substr(addr[i], 9)
	print "symbol_names:"
	for (i = 0; i < n; i++)
		print ".asciz \"" name[i] "\""
	print ".section .note.GNU-stack, \"\", @progbits"
}

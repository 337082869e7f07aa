# nm -n of the first link -> the table that kernel/backtrace.c reads: how far each function is behind the one before, and names.
# A name begins with how many characters it shares with the one before, a byte below the blank, which also ends that one.
BEGIN { n = 0 }
$2 ~ /^[tT]$/ && $1 ~ /^ffffffff/ {
	sub(/\.(constprop|isra|part).*/, "", $3)
	addr[n] = $1
	name[n++] = substr($3, 1, 39)
}
END {
	print ".section .symbols, \"a\""
	print ".globl symbol_count, symbol_steps, symbol_names"
	print ".balign 4\nsymbol_count: .long " n
	# __text_start is the first.
	print "symbol_steps:"
	for (i = 0; i < n; i++)
		print ".short 0x" substr(addr[i], 9) " - 0x" substr(addr[i ? i - 1 : 0], 9)
	print "symbol_names:"
	for (i = 0; i < n; i++) {
		for (k = 0; i && k < 31 && k < length(name[i]) && substr(name[i], k + 1, 1) == substr(name[i - 1], k + 1, 1); k++)
			;
		print ".byte " k "\n.ascii \"" substr(name[i], k + 1) "\""
	}
	print ".byte 0"
	print ".section .note.GNU-stack, \"\", @progbits"
}

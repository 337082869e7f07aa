/* Pure: known deviations of platforms from the specification, data only; deviation_of.c looks them up. */
#include "tests/deviations.h"

const struct deviation deviations[] = {
	{
		.what = "the TLB of QEMU's own CPUs keeps an entry for loads when a store to its page faults",
		.kind = PLATFORM_QEMU,
		.accel = ACCEL_TCG,
		.first = VERSION(10, 0, 0),
		.last = VERSION(11, 1, 0),
		.test = "D11.fault_drops",
		.modes = DEVIATES_STEPPED | DEVIATES_RACING,
		.outcomes = { "WARM=O WROTE=fault READ=O P0:O" },
		.section = "SDM 3A 4.10.4.1",
		.says = "a page fault invalidates all TLB entries of the current PCID for the page number of its address",
		.cause =
			"target/i386/tcg/system/excp_helper.c, x86_cpu_tlb_fill() raises the exception and leaves the soft TLB as it is",
		.shown =
			"10.0.13 and 11.1.3, every run: after pte_clear and a store that took a page fault a load reads the old page",
		.command = "make run ARGS=\"T=D11.fault_drops\"",
	},
};
const unsigned deviations_count = ARRAY_SIZE(deviations);

const struct platform deviations_modelled = {
	.kind = PLATFORM_QEMU,
	.accel = ACCEL_TCG,
	.version = VERSION(11, 1, 0),
};

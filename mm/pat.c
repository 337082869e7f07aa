#include "mm/pat.h"
#include "kernel/x86.h"

/* IA32_PAT, SDM 3A 11.12.2, figure 11-9; memory types of table 11-10. */
#define PAT_FIELDS(F)    \
	F(PAT_0, 2, 0)   \
	F(PAT_1, 10, 8)  \
	F(PAT_2, 18, 16) \
	F(PAT_3, 26, 24) \
	F(PAT_4, 34, 32) \
	F(PAT_5, 42, 40) \
	F(PAT_6, 50, 48) \
	F(PAT_7, 58, 56)
enum { PAT_FIELDS(AS_ENUM) };
enum { PAT_UC = 0, PAT_WC = 1, PAT_WT = 4, PAT_WB = 6, PAT_UC_MINUS = 7 };

void pat_init(void)
{
	wrmsr(MSR_PAT, put(PAT_0, PAT_WB) | put(PAT_1, PAT_WC) | put(PAT_2, PAT_UC_MINUS) |
			       put(PAT_3, PAT_UC) | put(PAT_4, PAT_WB) | put(PAT_5, PAT_WT) |
			       put(PAT_6, PAT_UC_MINUS) | put(PAT_7, PAT_UC));
	/* No mapping used entry 1 so far: no cache holds a line of the wrong type, only TLBs may know it. */
	write_cr3(read_cr3());
}

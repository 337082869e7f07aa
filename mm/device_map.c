#include "mm/device_map.h"
#include "kernel/print.h"
#include "kernel/x86.h"
#include "mm/image.h"
#include "mm/kmap.h"

/* CPUID 80000008H:EAX. */
#define CPUID_ADDRESS_FIELDS(F) F(CPUID_PHYSICAL_BITS, 7, 0)
enum { CPUID_ADDRESS_FIELDS(AS_ENUM) };

static u64 physical_end(void)
{
	u64 cpu = 1ull << get(cpuid(0x80000008, 0).eax, CPUID_PHYSICAL_BITS);
	u64 room = STACKS - DIRECT_MAP;

	return cpu < room ? cpu : room;
}

static bool in_image(struct pa base, u64 size)
{
	u64 bytes = (u64)__image_end - (u64)__image_start;

	return base.v < kernel_phys + bytes && kernel_phys < base.v + size;
}

/* Addresses come from firmware and devices: any value is possible. */
static const char *refusal(struct pa base, u64 size)
{
	if (base.v < PAGE_SIZE)
		return "is page 0: was it ever assigned?";
	if (!size || base.v >= physical_end() || size > physical_end() - base.v)
		return "is empty or beyond the CPU's physical addresses";
	if (in_image(base, size))
		return "overlaps the kernel";
	return NULL;
}

static void *map(struct pa base, u64 size, u32 flags)
{
	struct pa page = { base.v & ~(PAGE_SIZE - 1) };
	struct va va = { DIRECT_MAP + page.v };
	const char *why = refusal(base, size);

	size += base.v - page.v + PAGE_SIZE - 1;
	size &= ~(PAGE_SIZE - 1);
	/* RAM is mapped already, and cached. */
	if (!why && !pt_map(&kernel_tables, kernel_root, va, page, size,
			    flags | PAGE_WRITE | PAGE_ACCESSED | PAGE_DIRTY, PG_2M))
		why = "overlaps RAM, or registers that are mapped another way";
	if (!why)
		return direct(base);
	note("device registers at %#lx, %#lx bytes: not mapped, it %s", base.v, size, why);
	return NULL;
}

void *device_map(struct pa base, u64 size) { return map(base, size, PAGE_UC); }

void *device_map_wc(struct pa base, u64 size) { return map(base, size, PAGE_WC); }

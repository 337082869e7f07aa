#pragma once
#include "kernel/addr.h"

#ifdef HOST
#error "hardware access in pure code"
#endif

/* One access, one instruction, of the stated width: compilers may split or fuse a volatile. */
static inline u8 mmio_read8(const volatile void *p)
{
	u8 v;
	__asm__ volatile("movb %1, %0" : "=q"(v) : "m"(*(const volatile u8 *)p) : "memory");
	return v;
}
static inline u16 mmio_read16(const volatile void *p)
{
	u16 v;
	__asm__ volatile("movw %1, %0" : "=r"(v) : "m"(*(const volatile u16 *)p) : "memory");
	return v;
}
static inline u32 mmio_read32(const volatile void *p)
{
	u32 v;
	__asm__ volatile("movl %1, %0" : "=r"(v) : "m"(*(const volatile u32 *)p) : "memory");
	return v;
}
static inline u64 mmio_read64(const volatile void *p)
{
	u64 v;
	__asm__ volatile("movq %1, %0" : "=r"(v) : "m"(*(const volatile u64 *)p) : "memory");
	return v;
}
static inline void mmio_write8(volatile void *p, u8 v)
{
	__asm__ volatile("movb %1, %0" : "=m"(*(volatile u8 *)p) : "q"(v) : "memory");
}
static inline void mmio_write16(volatile void *p, u16 v)
{
	__asm__ volatile("movw %1, %0" : "=m"(*(volatile u16 *)p) : "r"(v) : "memory");
}
static inline void mmio_write32(volatile void *p, u32 v)
{
	__asm__ volatile("movl %1, %0" : "=m"(*(volatile u32 *)p) : "r"(v) : "memory");
}
static inline void mmio_write64(volatile void *p, u64 v)
{
	__asm__ volatile("movq %1, %0" : "=m"(*(volatile u64 *)p) : "r"(v) : "memory");
}

/* Of registers that not every device takes whole (xHCI 5.1, NVMe 3.1): the low half first. */
static inline u64 mmio_read64_lo_hi(const u8 *reg)
{
	u64 low = mmio_read32(reg);

	return low | (u64)mmio_read32(reg + 4) << 32;
}
static inline void mmio_write64_lo_hi(u8 *reg, u64 v)
{
	mmio_write32(reg, (u32)v);
	mmio_write32(reg + 4, (u32)(v >> 32));
}

/*
 * Map size bytes of device registers at base uncached and return where. Provided by mm/.
 * Boot CPU, after the kernel's own page tables are in use. Mapping twice gives the same address.
 */
void *device_map(struct pa base, u64 size);

#include "mm/kmap.h"
#include "kernel/boot_info.h"
#include "kernel/panic.h"
#include "kernel/x86.h"
#include "mm/frame.h"
#include "mm/image.h"

enum { CACHE_LINE = 64 };

static u64 *word(struct pa entry) { return direct(entry); }

static u64 entry_read(void *ctx, struct pa entry)
{
	(void)ctx;
	return __atomic_load_n(word(entry), __ATOMIC_RELAXED);
}

/* Release: the IOMMU may follow the entry to a table as soon as it is there. */
static void entry_write(void *ctx, struct pa entry, u64 value)
{
	(void)ctx;
	__atomic_store_n(word(entry), value, __ATOMIC_RELEASE);
}

static u64 entry_xchg(void *ctx, struct pa entry, u64 value)
{
	(void)ctx;
	return __atomic_exchange_n(word(entry), value, __ATOMIC_SEQ_CST);
}

static struct pa table_alloc(void *ctx)
{
	(void)ctx;
	return frame_alloc(FRAME_TABLE);
}

static void table_free(void *ctx, struct pa table)
{
	(void)ctx;
	frame_put(table);
}

/* The fence: what follows (a link to this table, a queue's tail) must not overtake the write-back. */
static void lines_flush(void *ctx, struct pa pa, u64 bytes)
{
	const u8 *end = (const u8 *)direct(pa) + bytes;

	(void)ctx;
	for (const u8 *line = direct((struct pa){ pa.v & ~(CACHE_LINE - 1ull) }); line < end;
	     line += CACHE_LINE)
		clflush(line);
	mfence();
}

struct pt_memory kernel_tables = { .read = entry_read,
				   .write = entry_write,
				   .xchg = entry_xchg,
				   .alloc = table_alloc,
				   .free = table_free };
struct pa kernel_root;
u64 kernel_phys;

void kmap_walkers_do_not_snoop(void)
{
	kernel_tables.publish = lines_flush;
	pt_publish(&kernel_tables, kernel_root);
}

/* CPUID 80000001H:EDX. */
#define CPUID_EXTENDED_FIELDS(F) \
	F(CPUID_NX, 20, 20)      \
	F(CPUID_PAGE1GB, 26, 26)
/* SDM 4, IA32_MISC_ENABLE: of Intel's CPUs only. */
#define MISC_ENABLE_FIELDS(F) F(MISC_ENABLE_XD_DISABLE, 34, 34)
enum { CPUID_EXTENDED_FIELDS(AS_ENUM) MISC_ENABLE_FIELDS(AS_ENUM) };
enum { MSR_MISC_ENABLE = 0x1a0, VENDOR_INTEL_EBX = 0x756e6547 /* "Genu" */ };

static bool has_nx(void) { return get(cpuid(0x80000001, 0).edx, CPUID_NX); }

/* A firmware menu may hide NX. Where there is none, every entry with XD set would be a reserved-bit fault. */
static void nx_enable(void)
{
	if (!has_nx() && cpuid(0, 0).ebx == VENDOR_INTEL_EBX)
		wrmsr(MSR_MISC_ENABLE, rdmsr(MSR_MISC_ENABLE) & ~mask(MISC_ENABLE_XD_DISABLE));
	if (!has_nx())
		panic("this CPU has no NX: pages cannot be made not executable");
	wrmsr(MSR_EFER, rdmsr(MSR_EFER) | mask(EFER_NXE));
}

static enum pg_level largest_page(void)
{
	return get(cpuid(0x80000001, 0).edx, CPUID_PAGE1GB) ? PG_1G : PG_2M;
}

/* Kernel mappings are A and D from the start: nobody looks at them, and no walker has to write. */
static void map(struct va va, struct pa pa, u64 size, u32 flags, enum pg_level max)
{
	if (!pt_map(&kernel_tables, kernel_root, va, pa, size, flags | PAGE_ACCESSED | PAGE_DIRTY,
		    max))
		panic("%#lx is mapped already", va.v);
}

static void map_image(const u8 *start, const u8 *end, u32 flags)
{
	map((struct va){ (u64)start }, image_pa(start), (u64)(end - start), flags, PG_4K);
}

void kmap_init(const struct boot_info *boot)
{
	enum pg_level max = largest_page();

	nx_enable();
	kernel_root = frame_alloc(FRAME_TABLE);
	for (unsigned i = 0; i < boot->ranges; i++)
		map((struct va){ DIRECT_MAP + boot->ram[i].base.v }, boot->ram[i].base,
		    boot->ram[i].size, PAGE_WRITE, max);
	map_image(__text_start, __text_end, PAGE_EXEC);
	map_image(__rodata_start, __rodata_end, 0);
	map_image(__data_start, __data_end, PAGE_WRITE);
	write_cr3(kernel_root.v);
}

void kmap_identity(struct pa page)
{
	map((struct va){ DIRECT_MAP + page.v }, page, PAGE_SIZE, PAGE_WRITE, PG_4K);
	map((struct va){ page.v }, page, PAGE_SIZE, PAGE_EXEC, PG_4K);
}

void kunmap_identity(struct pa page)
{
	pt_exchange(&kernel_tables,
		    pt_entry(&kernel_tables, kernel_root, (struct va){ page.v }, PG_4K), 0);
	invlpg(page.v);
}

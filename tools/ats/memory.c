#include "tools/ats/memory.h"
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static u64 mapped(const struct wire_region *r) { return r->offset + r->size; }

void memory_set(struct memory *m, struct wire *table)
{
	for (unsigned i = 0; i < m->regions; i++)
		munmap(m->base[i], mapped(&m->region[i]));
	m->regions = table->p.memory.regions;
	if (m->regions > WIRE_REGIONS)
		fail("a memory table of %u regions, and none has more than %d", m->regions,
		     WIRE_REGIONS);
	if (table->size != 8 + m->regions * sizeof *m->region)
		fail("a memory table of %u regions in %u bytes", m->regions, table->size);
	memcpy(m->region, table->p.memory.region, sizeof m->region);
	for (unsigned i = 0; i < m->regions; i++) {
		const struct wire_region *r = &m->region[i];
		if (!r->size || r->user + r->size < r->user ||
		    r->physical + r->size < r->physical || mapped(r) < r->offset)
			fail("memory region %u is empty or wraps around", i);
		int fd = wire_take(table, i);
		if (fd < 0)
			fail("memory region %u came without a file descriptor", i);
		struct stat file = { 0 };
		if (fstat(fd, &file) || (u64)file.st_size < mapped(r))
			fail("memory region %u is not all in its file of %llu bytes", i,
			     (unsigned long long)file.st_size);
		/* From the file's beginning: the offset of a huge page's part may not be mappable. */
		void *base = mmap(NULL, mapped(r), PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_NORESERVE, fd, 0);
		if (base == MAP_FAILED)
			fail("memory region %u cannot be mapped: %s", i, strerror(errno));
		m->base[i] = base;
		close(fd);
	}
}

void *memory_at(const struct memory *m, u64 user, u64 size, u64 *physical)
{
	for (unsigned i = 0; i < m->regions; i++) {
		const struct wire_region *r = &m->region[i];
		u64 in = user - r->user;
		if (in >= r->size || size > r->size - in)
			continue;
		if (physical)
			*physical = r->physical + in;
		return m->base[i] + r->offset + in;
	}
	return NULL;
}

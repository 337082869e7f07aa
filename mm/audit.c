/* Pure: rules for the kernel's address space. */
#include "mm/audit.h"

struct finding {
	struct audit *a;
	struct va at;
	const char *wrong;
};

static bool overlap(u64 a, u64 a_end, u64 b, u64 b_end) { return a < b_end && b < a_end; }

/* Is some of the image mapped here, other than where it belongs? */
static bool image_alias(const struct audit *a, struct va va, const struct pt_walk *leaf)
{
	u64 image_end = a->image.v + (a->image_end - KERNEL);
	bool at_home = va.v >= KERNEL && va.v - KERNEL == leaf->pa.v - a->image.v;

	return !at_home &&
	       overlap(leaf->pa.v, leaf->pa.v + pg_size(leaf->level), a->image.v, image_end);
}

static const char *broken_rule(const struct audit *a, struct va va, const struct pt_walk *leaf)
{
	bool w = leaf->flags & PAGE_WRITE, x = leaf->flags & PAGE_EXEC;
	u64 end = va.v + pg_size(leaf->level);

	if (va.v < DIRECT_MAP)
		return "is mapped, in the lower half";
	if (leaf->flags & PAGE_USER)
		return "is open to user accesses, in the upper half";
	if (leaf->pa.v == 0)
		return "maps physical page 0";
	if (w && x)
		return "is writable and executable";
	if (x && (va.v < a->text || end > a->text_end))
		return "is executable and not text";
	if (w && overlap(va.v, end, a->text, a->rodata_end))
		return "is writable, in text or read-only data";
	if (image_alias(a, va, leaf))
		return "is a second mapping of the image";
	return NULL;
}

static bool look(void *arg, struct va va, const struct pt_walk *leaf)
{
	struct finding *f = arg;
	struct audit *a = f->a;

	a->leaves++;
	if (va.v >= STACKS && va.v < KERNEL) {
		a->stacks += va.v != a->run_end;
		a->run_end = va.v + pg_size(leaf->level);
	}
	f->at = va;
	f->wrong = va.v == STACKS ? "is mapped, below the first stack" : broken_rule(a, va, leaf);
	return !f->wrong;
}

const char *audit(struct audit *a, const struct pt_memory *m, struct pa root, struct va *at)
{
	struct finding f = { .a = a };

	a->leaves = a->run_end = a->stacks = 0;
	pt_each_leaf(m, root, look, &f);
	*at = f.at;
	return f.wrong;
}

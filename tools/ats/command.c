#include "tools/ats/device.h"

/* A translation from the IOMMU, into the device TLB; killed on its way it is lost. */
static enum ats_status obtain(struct device *d, u64 iova, bool write, bool post,
			      struct tlb_entry *answer)
{
	d->counter[ATS_ASKED]++;
	switch (device_ask(d, iova, write, answer)) {
	case DEVICE_REFUSED:
		d->counter[ATS_REFUSED]++;
		return ATS_BLOCKED;
	case DEVICE_KILLED:
		return ATS_DONE;
	default:
		return (post ? posted_answer(&d->posted, answer) : tlb_add(&d->kept, answer))
			       ? ATS_DONE
			       : ATS_IMPOSSIBLE;
	}
}

static enum ats_status translated(struct device *d, const struct ats_request *q, bool write,
				  bool ask, u64 *user)
{
	const struct tlb_entry *e;
	struct tlb_entry answer;
	for (unsigned tries = 0; !(e = tlb_find(&d->kept, q->iova, write)); tries++) {
		/* Taken back as soon as it came, each time: nobody wants it used. */
		if (!ask || tries == 16)
			return ATS_BLOCKED;
		enum ats_status status = obtain(d, q->iova, write, false, &answer);
		if (status != ATS_DONE)
			return status;
	}
	*user = e->user + (q->iova - e->first);
	return ATS_DONE;
}

static enum ats_status read_word(struct device *d, const struct ats_request *q, bool ask,
				 struct ats_result *r)
{
	u64 user;
	if (q->iova % sizeof r->value)
		return ATS_BAD;
	enum ats_status status = translated(d, q, false, ask, &user);
	if (status != ATS_DONE)
		return status;
	const u64 *word = memory_at(&d->memory, user, sizeof *word, &r->address);
	if (!word)
		return ATS_IMPOSSIBLE;
	r->value = __atomic_load_n(word, __ATOMIC_SEQ_CST);
	d->counter[ATS_READS]++;
	return ATS_DONE;
}

static enum ats_status write_word(struct device *d, const struct ats_request *q, bool ask,
				  struct ats_result *r)
{
	struct posted_write w = { .iova = q->iova, .value = q->value };
	if (q->iova % sizeof q->value)
		return ATS_BAD;
	enum ats_status status = translated(d, q, true, ask, &w.user);
	if (status != ATS_DONE)
		return status;
	if (!memory_at(&d->memory, w.user, sizeof q->value, &r->address))
		return ATS_IMPOSSIBLE;
	if (q->flags & ATS_POSTED && !posted_write(&d->posted, &w))
		return ATS_IMPOSSIBLE;
	if (!(q->flags & ATS_POSTED))
		posted_now(&w, &d->memory);
	d->counter[ATS_WRITES]++;
	return ATS_DONE;
}

static enum ats_status translate(struct device *d, const struct ats_request *q,
				 struct ats_result *r)
{
	struct tlb_entry answer;
	enum ats_status status =
		obtain(d, q->iova, q->flags & ATS_FOR_WRITING, q->flags & ATS_POSTED, &answer);
	if (status == ATS_DONE &&
	    !memory_at(&d->memory, answer.user + (q->iova - answer.first), 1, &r->address))
		return ATS_IMPOSSIBLE;
	return status;
}

static enum ats_status forget(struct device *d, const struct ats_request *q)
{
	if (q->iova == ATS_ALL) {
		tlb_drop(&d->kept, 0, ~0ull);
		d->posted.count = 0;
	} else
		tlb_drop(&d->kept, q->iova & ~0xfffull, q->iova | 0xfff);
	return ATS_DONE;
}

static enum ats_status count(struct device *d, const struct ats_request *q, struct ats_result *r)
{
	if (q->iova >= ATS_COUNTERS)
		return ATS_BAD;
	d->counter[ATS_KEPT] = d->kept.count;
	d->counter[ATS_HELD] = tlb_doomed(&d->kept);
	d->counter[ATS_PENDING] = d->posted.count;
	r->value = d->counter[q->iova];
	return ATS_DONE;
}

static enum ats_status set(struct device *d, const struct ats_request *q)
{
	static const u64 max[] = { [ATS_CONFIRM] = ATS_CONFIRMS - 1,
				   [ATS_DELAY_US] = ATS_DELAY_MAX_US,
				   [ATS_LATE_ANSWERS] = 1 };
	if (q->iova >= ATS_SETTINGS || q->value > max[q->iova])
		return ATS_BAD;
	d->setting[q->iova] = q->value;
	return ATS_DONE;
}

static enum ats_status serve(struct device *d, const struct ats_request *q, struct ats_result *r)
{
	switch (q->command) {
	case ATS_READ:
	case ATS_READ_KEPT:
		return read_word(d, q, q->command == ATS_READ, r);
	case ATS_WRITE:
	case ATS_WRITE_KEPT:
		return write_word(d, q, q->command == ATS_WRITE, r);
	case ATS_TRANSLATE:
		return translate(d, q, r);
	case ATS_LAND:
		return posted_land(&d->posted, &d->memory, &d->kept) ? ATS_DONE : ATS_IMPOSSIBLE;
	case ATS_FORGET:
		return forget(d, q);
	case ATS_COUNT:
		return count(d, q, r);
	case ATS_SET:
		return set(d, q);
	case ATS_RELEASE:
		tlb_release(&d->kept);
		return ATS_DONE;
	default:
		return ATS_BAD;
	}
}

struct ats_result command_serve(struct device *d, const struct ats_request *q)
{
	struct ats_result r = { .tag = q->tag };
	r.status = serve(d, q, &r);
	return r;
}

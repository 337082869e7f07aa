/* Pure: fields by name. */
#include "iommu/vtd_listing.h"
#include "kernel/format.h"
#include "kernel/string.h"

#define AS_FIELDS(name, bits)                                                 \
	static const int name##_fields[] = { VTD_##name##_FIELDS(AS_FIELD) }; \
	static const char name##_names[] = VTD_##name##_FIELDS(AS_NAME);
VTD_LISTINGS(AS_FIELDS)

#define AS_ENTRY(name, bits) \
	{ #name, bits, ARRAY_SIZE(name##_fields), name##_fields, name##_names },
const struct vtd_listing vtd_listing[VTD_LISTING_COUNT] = { VTD_LISTINGS(AS_ENTRY) };

/* Text so far, and how long the whole would be. */
struct text {
	char *buf;
	size_t size, len;
};

static char *rest(const struct text *t) { return t->len < t->size ? t->buf + t->len : NULL; }
static size_t room(const struct text *t) { return t->len < t->size ? t->size - t->len : 0; }

const char *vtd_describe(char *buf, size_t size, enum vtd_listing_id id, const u64 *words)
{
	const struct vtd_listing *l = &vtd_listing[id];
	size_t prefix = strlen("VTD_") + strlen(l->name) + strlen("_");
	const char *name = l->names;
	struct text t = { buf, size, 0 };

	for (unsigned w = (l->bits + 63) / 64; w--;)
		t.len += format(rest(&t), room(&t), "%s%0*llx", t.len ? "_" : "0x",
				l->bits < 64 ? (int)l->bits / 4 : 16, (unsigned long long)words[w]);
	for (unsigned i = 0; i < l->fields; i++, name += strlen(name) + 1) {
		int field = l->field[i];
		u64 word = words[word_of(field)];
		u64 v = field_width(field) > 32 ? word & mask(field) : get(word, field);

		if (!v)
			continue;
		t.len += format(rest(&t), room(&t), " %s", name + prefix);
		if (field_width(field) > 1)
			t.len += format(rest(&t), room(&t), v < 10 ? "=%llu" : "=0x%llx",
					(unsigned long long)v);
	}
	return buf;
}

enum vtd_listing_id vtd_desc_listing(const struct vtd_desc *desc)
{
	static const enum vtd_listing_id of_type[] = {
		[VTD_TYPE_CC] = VTD_CC_LISTING,         [VTD_TYPE_IOTLB] = VTD_IOTLB_LISTING,
		[VTD_TYPE_DEVTLB] = VTD_DEVTLB_LISTING, [VTD_TYPE_IEC] = VTD_IEC_LISTING,
		[VTD_TYPE_WAIT] = VTD_WAIT_LISTING,     [VTD_TYPE_PIOTLB] = VTD_PIOTLB_LISTING,
		[VTD_TYPE_PC] = VTD_PC_LISTING,         [VTD_TYPE_PDEVTLB] = VTD_PDEVTLB_LISTING,
		[VTD_TYPE_PGRESP] = VTD_PGRESP_LISTING,
	};
	u64 type = get(desc->w[0], VTD_DESC_TYPE);

	if (get(desc->w[0], VTD_DESC_TYPE_HI) || !type || type >= ARRAY_SIZE(of_type))
		return VTD_DESC_LISTING;
	return of_type[type];
}

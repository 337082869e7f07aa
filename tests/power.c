#include "tests/power.h"
#include "iommu/vtd_unit.h"
#include "kernel/cpu.h"
#include "kernel/format.h"
#include "kernel/power.h"
#include "kernel/print.h"
#include "kernel/time.h"
#include "tests/lacks.h"
#include "tests/machine.h"
#include "tests/needs.h"
#include "tests/oracle.h"
#include "tests/spaces.h"

/* An upper level is remembered for all pages of a region, wherever they are: a few tries tell. */
enum { TRIES = 20, UPPER_TRIES = 4 };

/* A first stage has pages of 2 MiB; a second one says so. */
static bool has_large_pages(void)
{
	return !machine.unit || machine.shared.stage == VTD_FIRST_STAGE ||
	       get(machine.unit->cap, VTD_CAP_SSLPS) & 1;
}

const char *power_missing(u32 needs, bool mirror)
{
	u32 can = 0;

	for (const struct requirement *n = needs_table; n->bit; n++) {
		if (!(needs & n->bit))
			continue;
		if ((n->cpus && cpu_count >= n->cpus) || (n->bit == NEED_MARKS && machine.marks) ||
		    (n->bit == NEED_LARGE && has_large_pages()) ||
		    (n->bit == NEED_PASIDS && machine_has_pasids()) ||
		    (n->bit == NEED_SECOND && machine_has_second()) ||
		    (n->bit == NEED_ENTRY && machine_has_entry()) ||
		    (n->bit == NEED_NO_CM && machine_hears_nothing_of_absence()) ||
		    (n->bit == NEED_NARROW && machine.unit && !machine.unit->scalable) ||
		    (n->bit == NEED_CM && machine.unit && get(machine.unit->cap, VTD_CAP_CM)) ||
		    (n->bit == NEED_PCID && spaces_have_pcids()))
			continue;
		/* Tables that are kept for devices need not be the CPUs'. */
		if (n->can && machine.no_sva && !(mirror && machine.engines))
			return machine.no_sva;
		/* One engine for all that is needed. */
		can |= n->can;
		if (!n->can || !machine_engine(can) ||
		    (n->bit == NEED_TWO && !machine_second(can, false)))
			return n->words;
	}
	return NULL;
}

/* The profile that describes this platform, or NULL: then it may do whatever the architecture allows. */
static const struct model_profile *profile(void)
{
	const bool *facts = machine.facts;
	bool emulated = power_is_tcg() && facts[FACT_TLB_KEEPS] && !facts[FACT_TLB_DROPS] &&
			!facts[FACT_IOTLB_DROPS] && !facts[FACT_UPPER_KEPT] &&
			!facts[FACT_IOMMU_UPPER_KEPT] && !facts[FACT_PASID_KEPT] &&
			!facts[FACT_SPURIOUS] && !facts[FACT_GLOBAL_KEPT] &&
			!facts[FACT_MARKS_ABSENT];

	return emulated ? &model_qemu_tcg : NULL;
}

bool power_expects(const struct scenario *s, const char *order, const struct claim *wanted)
{
	const struct model_profile *p = profile();

	return !p || oracle_expects(p, s, order, MODEL_STEPPED, wanted) ||
	       (!order && oracle_expects(p, s, NULL, MODEL_RACING, wanted));
}

const char *power_lacks(const struct scenario *s, const struct claim *wanted)
{
	const char *why = lacks(profile(), s, wanted);

	return why ? why : "not by what this platform is known to do, see facts";
}

bool power_way(const struct scenario *s, const struct claim *wanted, char *order)
{
	const struct model_profile *p = profile();

	return oracle_way(p ? p : &model_arch, s, wanted, order);
}

bool power_reaches(const struct scenario *s, const char *order, const struct outcome *seen)
{
	const struct model_profile *p = profile();

	return p && oracle_reaches(p, s, order, order ? MODEL_STEPPED : MODEL_RACING, seen);
}

void power_note_facts(void)
{
#define FACT_NAME(id, name) [FACT_##id] = (name),
	static const char *const names[FACTS] = { FACT_LIST(FACT_NAME) };
	char text[300] = "";
	size_t n = 0;

	for (unsigned f = FACT_NONE + 1; f < FACTS && n < sizeof text; f++)
		n += format(text + n, sizeof text - n, " %s=%s", names[f],
			    machine.facts[f] ? "yes" : "no");
	note("facts%s profile=%s", text, profile() ? profile()->name : model_arch.name);
	for (unsigned i = 0; i < machine.engines; i++)
		note("engine=%s asynchronous_window_us=%lu", machine.engine[i]->name,
		     machine.engine[i]->window_ticks / tsc_per_us);
}

const char *power_none(u32 by)
{
	if (by & CACHE_IOTLB && !power_is_qemu())
		return machine.facts[FACT_IOTLB_KEEPS]
			       ? "an IOTLB may drop an entry at any time"
			       : "no IOTLB entry outlives its PTE here, see C01.iotlb_baseline";
	if (by & CACHE_DTLB && !power_is_qemu())
		return machine.facts[FACT_DTLB_KEEPS]
			       ? "a device may drop an entry at any time"
			       : "no entry of a device outlives its PTE here, see C04.dtlb_baseline";
	if (by & CACHE_TLB && !power_is_tcg())
		return machine.facts[FACT_TLB_KEEPS]
			       ? "a TLB may drop an entry at any time"
			       : "no TLB entry outlives its PTE here, see C01.tlb_baseline";
	if (by & CACHE_UPPER)
		return machine.facts[FACT_UPPER_KEPT]
			       ? "a CPU may forget an upper level at any time"
			       : "no CPU here remembers an upper level, see C01.pde_baseline";
	if (by & CACHE_IOMMU_UPPER)
		return machine.facts[FACT_IOMMU_UPPER_KEPT]
			       ? "the IOMMU may forget an upper level at any time"
			       : "the IOMMU here remembers no upper level, see C01.iommu_pde_baseline";
	if (by & CACHE_PASID)
		return machine.facts[FACT_PASID_KEPT]
			       ? "the IOMMU may forget a PASID entry at any time"
			       : "the IOMMU here remembers no PASID entry, see C01.pasid_baseline";
	if (by & CACHE_STORES)
		return machine.facts[FACT_STORES_LATE]
			       ? "a store that is seen late is a matter of chance"
			       : "no store was seen late here, see C00.stores";
	if (by & CACHE_GLOBAL)
		return machine.facts[FACT_GLOBAL_KEPT]
			       ? "a global entry may be gone at any time"
			       : "a load of CR3 drops global entries too here, see D07.kept";
	if (by & CACHE_REFUSES)
		return machine.facts[FACT_SPURIOUS]
			       ? "a stale entry may be gone at any time"
			       : "no stale entry refuses a store here, see D11.spurious";
	if (!power_is_qemu() || (!by && !power_is_tcg()))
		return "real caches may drop an entry at any time, and timing is a matter of chance";
	return NULL;
}

bool power_by_chance(u32 by)
{
	return (by & CACHE_UPPER && !machine.facts[FACT_UPPER_KEPT]) ||
	       (by & CACHE_IOMMU_UPPER && !machine.facts[FACT_IOMMU_UPPER_KEPT]) ||
	       (by & CACHE_PASID && !machine.facts[FACT_PASID_KEPT]);
}

u32 power_rests_on(const struct step *left_out)
{
	switch (left_out->op) {
	case OP_cpu_flush:
	case OP_invlpg:
	case OP_cr3_load:
	case OP_flush_all:
	case OP_invpcid:
	case OP_ipi:
	case OP_ipi_wait:
	case OP_broadcast:
		return CACHE_TLB;
	case OP_iommu_queue:
	case OP_iommu_queue_leaf:
	case OP_iommu_queue_no_drain:
	case OP_iommu_queue_block:
	case OP_iommu_select:
	case OP_iommu_flush:
		return CACHE_IOTLB;
	case OP_pasid_queue:
		return CACHE_PASID;
	case OP_dtlb_queue:
	case OP_dtlb_queue_block:
		return CACHE_DTLB;
	case OP_fence:
		return CACHE_STORES;
	default:
		return 0;
	}
}

unsigned power_tries(const struct scenario *s, u32 by)
{
	bool hopeless = (by & CACHE_IOTLB && !machine.facts[FACT_IOTLB_KEEPS]) ||
			(by & CACHE_DTLB && !machine.facts[FACT_DTLB_KEEPS]) ||
			(by & CACHE_TLB && !machine.facts[FACT_TLB_KEEPS]) ||
			(by & CACHE_UPPER && !machine.facts[FACT_UPPER_KEPT]) ||
			(by & CACHE_IOMMU_UPPER && !machine.facts[FACT_IOMMU_UPPER_KEPT]) ||
			(by & CACHE_PASID && !machine.facts[FACT_PASID_KEPT]);

	if (hopeless && !s->fact.which)
		return 1;
	return by & (CACHE_UPPER | CACHE_IOMMU_UPPER | CACHE_PASID) ? UPPER_TRIES : TRIES;
}

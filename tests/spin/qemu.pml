/*
 * QEMU's CPUs and VT-d (catalogue 2.1, 2.2, 9.7). A cache has one entry of a place at most, made by an
 * access, and uses it; descriptors are executed as the tail is written; a DMA is there when it is
 * translated. An IOTLB entry serves a write without D, or refuses it without a fault record. A walk of the IOMMU sets A and D
 * only where neither that it wants is set, and stores what it had read, whatever is there by then;
 * nobody else walks or invalidates meanwhile.
 */
#define IN_FLIGHT
#ifdef STEPPED
#define READ_AHEAD(who, place, needs, sets)
#else
#define READ_AHEAD(who, place, needs, sets) \
	read_ahead(who, place, needs, sets); MEANWHILE (walker == 0 || walker == 1 + who);
#endif
byte walker; /* 0, or 1 + the device that the unit walks for */
#define UNIT_IS_FREE (walker == 0)

#define REFUSES(entry) false /* a CPU walks */

inline fill(cache, place) { skip }

inline changed(place) { skip }

inline forget(cache, place) { CACHED(cache, place) = 0 }

inline set_pte(place, leaf) { mem[PTE(place)] = leaf }

inline any_entry(cache, place)
{
	frame = 0;
	do
	:: frame < ENTRIES && !IS_CACHED(cache, place, frame) -> frame++
	:: else -> break
	od; skip
}

#define IS_TO_MARK(cache, leaf, sets) \
	(cache == IOTLB -> ((leaf) & (sets) & (ACCESSED | DIRTY)) == 0 : !HAS(leaf, sets))

inline walk(cache, place, needs, sets)
{
	leaf_ = WALKED(cache, place);
	if
	:: HAS(leaf_, PRESENT | needs) ->
		if
		:: IS_TO_MARK(cache, leaf_, sets) -> leaf_ = leaf_ | sets; set_pte(place, leaf_)
		:: else
		fi;
		frame = FRAME_OF(leaf_);
		CACHED(cache, place) = 1 << ENTRY_OF(leaf_)
	:: else -> frame = FAULT
	fi
}

/* A walk that is going to mark has read the entry. */
inline read_ahead(who, place, needs, sets)
{
	d_step {
		UNIT_IS_FREE ->
		any_entry(IOTLB, place);
		if
		:: frame == ENTRIES && HAS(mem[PTE(place)], PRESENT | needs) &&
		   IS_TO_MARK(IOTLB, mem[PTE(place)], sets) ->
			walker = 1 + who;
			seen = mem[PTE(place)] | sets
		:: else
		fi;
		frame = 0
	}
}

inline device_walk(place, needs, sets)
{
	if
	:: seen != 0 ->
		set_pte(place, seen);
		frame = FRAME_OF(seen);
		CACHED(IOTLB, place) = 1 << ENTRY_OF(seen);
		walker = 0;
		seen = 0
	:: else -> walk(IOTLB, place, needs, sets)
	fi
}

inline translate_read(cache, place)
{
	any_entry(cache, place);
	d_step {
		if
		:: frame < ENTRIES -> frame = frame / KINDS
		:: frame == ENTRIES && cache == IOTLB -> device_walk(place, 0, ACCESSED)
		:: else -> walk(cache, place, 0, ACCESSED)
		fi
	}
}

inline translate_write(cache, place)
{
	any_entry(cache, place);
	d_step {
		if
		:: frame < ENTRIES && frame % KINDS == READ_ONLY -> frame = REFUSED
		:: frame < ENTRIES && frame % KINDS != READ_ONLY -> frame = frame / KINDS
		:: else -> device_walk(place, WRITABLE, ACCESSED | DIRTY)
		fi
	}
}

/* Its CPUs compare and exchange. */
bool dirties[CPUS];

inline walk_to_write(who, place) { walk(who, place, WRITABLE, ACCESSED | DIRTY) }

inline set_dirty(who, place) { skip }

/* Of devices with TLBs this does not speak. */
inline no_device_tlb()
{
	c_code { printf("! no device TLBs in qemu.pml\n"); exit(1); }
}

inline dtlb_queue(who, place, b, c) { no_device_tlb() }

inline ats_request(who, place, to, c) { no_device_tlb() }

inline ats_request_write(who, place, to, c) { no_device_tlb() }

inline ats_read(who, place, to, c) { no_device_tlb() }

inline ats_write(who, place, symbol, to) { no_device_tlb() }

inline dma_start(who, place) { skip }

inline landed(who) { skip }

inline iommu_queue(who, place, b, c)
{
	d_step { DRAINED(who) && UNIT_IS_FREE -> forget(IOTLB, place) }
}

inline pasid_queue(who, a, b, c) { DRAINED(who) }

inline iommu_wait(who, a, b, c) { DRAINED(who) }

inline iommu_flush(who, place, b, c) { iommu_queue(who, place, b, c) }

inline start_iommu() { skip }

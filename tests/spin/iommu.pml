/* The IOMMU's queue, and devices. */

/* Descriptors that are not complete. */
typedef descriptor {
	byte kind;  /* 0: this one is free */
	byte where; /* a place */
	byte drains /* is executed, and waits for these devices' DMA */
};
#define IOTLB_PAGE 1
#define PASID_ALL  2
#define DTLB_PAGE  3
descriptor queue[SLOTS];
byte waits[AGENTS];  /* an agent's wait descriptor: for these to be complete */
byte flight[AGENTS]; /* translated and not yet visible: IOTLB_PAGE or DTLB_PAGE, and the place */
#define FLIGHT(kind, place) ((kind) * 8 + (place))

byte device_tlb[AGENTS * PLACES]; /* 0, or 1 + entry */
byte pages_asked[PLACES], pages_answered[PLACES];

inline enqueue(what, about)
{
	i_ = 0;
	do
	:: queue[i_].kind != 0 -> i_++
	:: else -> break
	od;
	queue[i_].kind = what;
	queue[i_].where = about
}

inline complete(slot)
{
	queue[slot].kind = 0;
	queue[slot].where = 0;
	i_ = 0;
	do
	:: i_ < AGENTS -> waits[i_] = waits[i_] & ~(1 << slot); i_++
	:: else -> break
	od; skip
}

inline execute(slot)
{
	if
	:: queue[slot].kind == IOTLB_PAGE -> forget(IOTLB, queue[slot].where)
	:: queue[slot].kind == DTLB_PAGE ->
		i_ = 0;
		do
		:: i_ < AGENTS -> device_tlb[i_ * PLACES + queue[slot].where] = 0; i_++
		:: else -> break
		od; skip
	:: else
	fi;
	/* What these entries have let through and is not there yet: completion means that it is. */
	i_ = 0;
	do
	:: i_ < AGENTS ->
		if
		:: flight[i_] == FLIGHT(queue[slot].kind, queue[slot].where) ->
			queue[slot].drains = queue[slot].drains | (1 << i_)
		:: else
		fi;
		i_++
	:: else -> break
	od;
	if
	:: queue[slot].drains == 0 -> complete(slot)
	:: else
	fi
}

inline landed(who)
{
	flight[who] = 0;
	at_ = 0;
	do
	:: at_ < SLOTS ->
		if
		:: queue[at_].drains == (1 << (who)) -> queue[at_].drains = 0; complete(at_)
		:: else -> queue[at_].drains = queue[at_].drains & ~(1 << (who))
		fi;
		at_++
	:: else -> break
	od; skip
}

/* Descriptors are executed some time, in any order (VT-d 6.5.2.11). */
proctype unit(byte slot)
{
end:	do
	:: d_step { queue[slot].kind != 0 && queue[slot].drains == 0 -> execute(slot) }
	od
}

inline iommu_queue(who, place, b, c)
{
	d_step { DRAINED(who) -> enqueue(IOTLB_PAGE, place) }
}

inline pasid_queue(who, a, b, c)
{
	d_step { DRAINED(who) -> enqueue(PASID_ALL, 0) }
}

inline dtlb_queue(who, place, b, c)
{
	d_step { DRAINED(who) -> enqueue(DTLB_PAGE, place) }
}

/* For all that is in the queue, whoever put it there. */
inline iommu_wait(who, a, b, c)
{
	atomic {
		d_step {
			DRAINED(who) ->
			at_ = 0;
			do
			:: at_ < SLOTS ->
				if
				:: queue[at_].kind == 0
#ifdef STEPPED
				:: else -> execute(at_)
#else
				:: else -> waits[who] = waits[who] | (1 << at_)
#endif
				fi;
				at_++
			:: else -> break
			od; skip
		}
		MEANWHILE
#ifdef EARLY
		waits[who] = 0
#else
		waits[who] == 0
#endif
	}
}

inline iommu_flush(who, place, b, c)
{
	atomic {
		iommu_queue(who, place, b, c);
		MEANWHILE
		iommu_wait(who, place, b, c)
	}
}

/* ---- devices */

inline dma_start(who, place)
{
	flight[who] = (frame == FAULT -> 0 : FLIGHT(IOTLB_PAGE, place))
}

inline read_lands(who, to, what)
{
	d_step {
		if
		:: frame == FAULT -> SAW(to, BLOCKED)
		:: else -> SAW(to, what); landed(who)
		fi;
		frame = 0
	}
}

inline write_lands(who, symbol, to)
{
	d_step {
		if
		:: frame == FAULT -> SAW(to, BLOCKED)
		:: else ->
			SAW(to, LANDED);
			mem[CONTENT(frame)] = symbol;
			landed(who)
		fi;
		frame = 0
	}
}

inline dma_read(who, place, to, c)
{
	atomic {
		translate_read(IOTLB, place);
		dma_start(who, place);
		MEANWHILE
		read_lands(who, to, mem[CONTENT(frame)])
	}
}

inline dma_read_mark(who, place, to, c)
{
	atomic {
		translate_read(IOTLB, place);
		dma_start(who, place);
		MEANWHILE
		read_lands(who, to, MARK(frame))
	}
}

inline dma_write(who, place, symbol, to)
{
	atomic {
		translate_write(IOTLB, place);
		dma_start(who, place);
		MEANWHILE
		write_lands(who, symbol, to)
	}
}

#define DEVICE_TLB(who, place) device_tlb[(who) * PLACES + (place)]

/* The answer says whether it may be written; if so, D is set (VT-d 4.2.3). */
inline ats_request(who, place, to, c)
{
	atomic {
		any_entry(IOTLB, place);
		d_step {
			if
			:: frame < ENTRIES && frame % KINDS != CLEAN -> DEVICE_TLB(who, place) = 1 + frame
			:: else ->
				if
				:: HAS(mem[PTE(place)], PRESENT) ->
					set_pte(place, mem[PTE(place)] | ACCESSED |
						(HAS(mem[PTE(place)], WRITABLE) -> DIRTY : 0));
					DEVICE_TLB(who, place) = 1 + ENTRY_OF(mem[PTE(place)])
				:: else -> DEVICE_TLB(who, place) = 0
				fi
			fi;
			SAW(to, (DEVICE_TLB(who, place) == 0 -> BLOCKED : MARK((DEVICE_TLB(who, place) - 1) / KINDS)));
			frame = 0
		}
	}
}

inline ats_start(who, place, permits)
{
	frame = (DEVICE_TLB(who, place) == 0 || !(permits) -> FAULT : (DEVICE_TLB(who, place) - 1) / KINDS);
	flight[who] = (frame == FAULT -> 0 : FLIGHT(DTLB_PAGE, place))
}

inline ats_read(who, place, to, c)
{
	atomic {
		ats_start(who, place, true);
		MEANWHILE
		read_lands(who, to, mem[CONTENT(frame)])
	}
}

inline ats_write(who, place, symbol, to)
{
	atomic {
		ats_start(who, place, (DEVICE_TLB(who, place) - 1) % KINDS == WRITTEN);
		MEANWHILE
		write_lands(who, symbol, to)
	}
}

inline page_request(who, place, b, c)
{
	pages_asked[place]++
}

inline page_response(who, place, b, c)
{
	d_step {
		DRAINED(who) && pages_asked[place] > 0 ->
		pages_asked[place]--;
		pages_answered[place]++
	}
}

inline page_wait(who, place, b, c)
{
	d_step { pages_answered[place] > 0 -> pages_answered[place]-- }
}

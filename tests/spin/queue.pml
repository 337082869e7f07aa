/* The IOMMU's queue. */

/* Descriptors that are not complete. */
typedef descriptor {
	byte kind;   /* 0: this one is free */
	byte where;  /* a place */
	byte drains; /* is executed, and waits for these devices' DMA */
	byte after   /* not before these, which the IOTLB executes */
};
#define IOTLB_PAGE 1
#define PASID_ALL  2
#define DTLB_PAGE  3
descriptor queue[SLOTS];
byte waits[AGENTS];  /* an agent's wait descriptor: for these to be complete */
byte flight[AGENTS]; /* translated and not yet visible: IOTLB_PAGE or DTLB_PAGE, and the place */
#define FLIGHT(kind, place) ((kind) * 8 + (place))

short device_tlb[AGENTS * PLACES]; /* a set of entries */

#define IS_QUEUED(slot) (queue[slot].kind != 0 && queue[slot].drains == 0)

inline enqueue(what, about)
{
	leaf_ = 0;
	i_ = 0;
	do
	:: i_ < slots ->
		leaf_ = leaf_ | (IS_QUEUED(i_) && queue[i_].kind == IOTLB_PAGE -> 1 << i_ : 0);
		i_++
	:: else -> break
	od;
	i_ = 0;
	do
	:: queue[i_].kind != 0 -> i_++
	:: else -> break
	od;
	queue[i_].kind = what;
	queue[i_].where = about;
	queue[i_].after = (what == DTLB_PAGE -> leaf_ : 0)
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
	:: queue[slot].kind == IOTLB_PAGE ->
		forget(IOTLB, queue[slot].where);
		i_ = 0;
		do
		:: i_ < slots -> queue[i_].after = queue[i_].after & ~(1 << slot); i_++
		:: else -> break
		od; skip
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
	:: at_ < slots ->
		if
		:: queue[at_].drains == (1 << (who)) -> queue[at_].drains = 0; complete(at_)
		:: else -> queue[at_].drains = queue[at_].drains & ~(1 << (who))
		fi;
		at_++
	:: else -> break
	od; skip
}

/*
 * Descriptors are executed some time, in any order; but before a device is told, what it could ask for
 * again is gone (VT-d 6.5.2.12): who queues both at once relies on that.
 */
proctype unit(byte slot)
{
end:	do
	:: d_step { IS_QUEUED(slot) && queue[slot].after == 0 -> execute(slot) }
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
			:: at_ < slots ->
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

inline dma_start(who, place)
{
	flight[who] = (frame == FAULT -> 0 : FLIGHT(IOTLB_PAGE, place))
}

inline start_iommu()
{
	frame = 0;
	do
	:: frame < slots -> run unit(frame); frame++
	:: else -> break
	od;
	run speculation(0);
	run speculation(1)
}

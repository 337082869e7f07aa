/* Devices with a TLB of their own. It keeps what it was granted until it is told to forget, or likes to. */

#define DEVICE_TLB(who, place) device_tlb[(who) * PLACES + (place)]
#define ALL_ENTRIES ((1 << ENTRIES) - 1)
#define FOR_WRITING ((ALL_ENTRIES / 7) << WRITTEN) /* one kind of three */

/* The answer says whether it may be written; if so, D is set. */
inline ats_answer(who, place, to, reads)
{
	atomic {
		any_entry(IOTLB, place);
		d_step {
			if
			:: frame < ENTRIES && frame % KINDS != CLEAN
			:: else ->
				if
				:: HAS(mem[PTE(place)], PRESENT) ->
					set_pte(place, mem[PTE(place)] | ACCESSED |
						(HAS(mem[PTE(place)], WRITABLE) -> DIRTY : 0));
					frame = ENTRY_OF(mem[PTE(place)])
				:: else -> frame = ENTRIES
				fi
			fi;
			if
			:: frame < ENTRIES ->
				DEVICE_TLB(who, place) = DEVICE_TLB(who, place) | (1 << frame);
				if
				:: reads || frame % KINDS != READ_ONLY ->
					SAW(to, MARK(frame / KINDS))
				:: else -> SAW(to, BLOCKED)
				fi
			:: else -> SAW(to, BLOCKED)
			fi;
			frame = 0
		}
	}
}

inline ats_request(who, place, to, c) { ats_answer(who, place, to, true) }

inline ats_request_write(who, place, to, c) { ats_answer(who, place, to, false) }

/* By any that permits it, or they have been dropped. */
inline ats_start(who, place, permits)
{
	frame = 0;
	do
	:: frame < ENTRIES && ((DEVICE_TLB(who, place) & permits) >> frame) & 1 ->
		frame = frame / KINDS;
		flight[who] = FLIGHT(DTLB_PAGE, place);
		break
	:: frame < ENTRIES -> frame++
	:: frame == ENTRIES ->
		frame = FAULT;
		DEVICE_TLB(who, place) = DEVICE_TLB(who, place) & ~(permits);
		break
	od
}

inline ats_read(who, place, to, c)
{
	atomic {
		ats_start(who, place, ALL_ENTRIES);
		MEANWHILE
		read_lands(who, to, mem[CONTENT(frame)])
	}
}

inline ats_write(who, place, symbol, to)
{
	atomic {
		ats_start(who, place, FOR_WRITING);
		MEANWHILE
		write_lands(who, symbol, to)
	}
}

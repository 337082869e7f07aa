/*
 * Steps that flush TLBs, shootdowns, and who is deaf to them. INVLPG and CR writes serialise: stores
 * first.
 */

#define IPI       0
#define BROADCAST 1 /* is not held off by cli */
byte asked[2 * CPUS]; /* to drop places, and by whom: bits ASK */
#define ASKED(how, cpu) asked[(how) * CPUS + (cpu)]
bool masked[CPUS];
#define ASK(who, place) (1 << ((who) * PLACES + (place)))
#define HAS_ANSWERED(cpu, who) ((ASKED(IPI, cpu) & (ASK(who, 0) | ASK(who, 1))) == 0)
#define HAS_OBEYED(cpu, who)   ((ASKED(BROADCAST, cpu) & (ASK(who, 0) | ASK(who, 1))) == 0)
#define IS_OPEN(cpu, who)      (cpu == who || !masked[cpu])
#ifdef UNMASKED
#define IS_MASKED(cpu) false
#else
#define IS_MASKED(cpu) masked[cpu]
#endif

inline invlpg(who, place, b, c)
{
	d_step { DRAINED(who) -> forget(who, place) }
}

inline flush_all(who, a, b, c)
{
	d_step {
		DRAINED(who) ->
		forget(who, 0);
		forget(who, 1)
	}
}

inline cr3_load(who, a, b, c) { flush_all(who, a, b, c) }

inline leave_mm(who, a, b, c)
{
	d_step {
		DRAINED(who) ->
		left = left | (1 << who);
		forget(who, 0);
		forget(who, 1)
	}
}

/*
 * An interrupt comes when it likes, but not between cli and sti, and drops what one of the others
 * asked for.
 */
inline answer(how, who)
{
	frame = 0;
	do
	:: (ASKED(how, who) >> frame) & 1 -> break
	:: (ASKED(how, who) >> (frame + 1)) != 0 -> frame++
	od;
	skip;
	d_step {
		forget(who, frame % PLACES);
		ASKED(how, who) = ASKED(how, who) & ~(1 << frame);
		frame = 0
	}
}

/* Between instructions; and INVLPG and IRET serialise. */
#define CAN_STOP(who) (!dirties[who] && DRAINED(who))

proctype handler(byte who)
{
	byte frame;

end:	do
	:: atomic { ASKED(IPI, who) != 0 && !IS_MASKED(who) && CAN_STOP(who) -> answer(IPI, who) }
	:: atomic { ASKED(BROADCAST, who) != 0 && CAN_STOP(who) -> answer(BROADCAST, who) }
	od
}

/*
 * Here at once, and on all others: before who waits for it goes on or, STEPPED, before the step ends.
 */
#ifdef STEPPED
#define NOT_AT_ONCE(how, cpu) (how == IPI && masked[cpu])
#define CAN_BEGIN(who)        ALL(IS_OPEN, who) /* or it waits for one that waits for its end */
#else
#define NOT_AT_ONCE(how, cpu) true
#define CAN_BEGIN(who)        true
#endif
inline ask(how, who, place)
{
	at_ = 0;
	do
	:: at_ < cpus ->
		if
#ifdef DEAF
		:: at_ != who && at_ == cpus - 1
#endif
		:: at_ != who && NOT_AT_ONCE(how, at_) -> ASKED(how, at_) = ASKED(how, at_) | ASK(who, place)
		:: else -> forget(at_, place)
		fi;
		at_++
	:: else -> break
	od; skip
}

inline ipi(who, place, b, c)
{
	d_step { DRAINED(who) -> ask(IPI, who, place) }
}

inline ipi_wait(who, a, b, c)
{
	ALL(HAS_ANSWERED, who)
}

inline cpu_flush(who, place, b, c)
{
	atomic {
		d_step { DRAINED(who) && CAN_BEGIN(who) -> ask(IPI, who, place) }
		MEANWHILE
		ipi_wait(who, place, b, c)
	}
}

inline broadcast(who, place, b, c)
{
	atomic {
		d_step { DRAINED(who) -> ask(BROADCAST, who, place) }
		MEANWHILE
		ALL(HAS_OBEYED, who)
	}
}

inline cli(who, a, b, c)
{
	d_step {
		DRAINED(who) ->
		masked[who] = true;
		mem[INSIDE(who)] = mem[INSIDE(who)] | 1
	}
}

inline sti(who, a, b, c)
{
	atomic {
		d_step {
			masked[who] = false;
			what_ = SEE(who, INSIDE(who));
			put_store(who, INSIDE(who), (what_ + 1) & 254)
		}
#ifdef STEPPED
		do
		:: ASKED(IPI, who) != 0 -> answer(IPI, who)
		:: else -> break
		od
#endif
	}
}

/* A grace period: who was inside then has left since. */
byte inside[CPUS * CPUS]; /* 0: was not */
#define WAS_INSIDE(who, cpu) inside[(who) * CPUS + (cpu)]
#define HAS_LEFT(cpu, who)   (WAS_INSIDE(who, cpu) == 0 || WAS_INSIDE(who, cpu) != mem[INSIDE(cpu)])

inline rcu_start(who, a, b, c)
{
	d_step {
		i_ = 0;
		do
		:: i_ < cpus ->
			WAS_INSIDE(who, i_) = (i_ != who && (mem[INSIDE(i_)] & 1) -> mem[INSIDE(i_)] : 0);
			i_++
		:: else -> break
		od; skip
	}
}

inline rcu_wait(who, a, b, c)
{
	ALL(HAS_LEFT, who)
}

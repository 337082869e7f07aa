/*
 * An agent fetches a step and goes to it; promela.c has the list. Nobody else could see the fetching, and Spin's
 * reduction knows: that C has no "now." and no call.
 */
proctype agent(byte who; short at)
{
	byte frame, seen, op, a, b, c;

next:	atomic {
		c_code {
			Pagent->op = ops[Pagent->at];
			Pagent->a = as[Pagent->at];
			Pagent->b = bs[Pagent->at];
			Pagent->c = cs[Pagent->at];
			Pagent->at++;
		};
		if
		:: op == LAST -> goto last
		:: op == GUARD -> goto check
		GO_TO_STEP
		fi
	}
check:	if
	:: saw[a] == b
	:: else -> at++
	fi;
	goto next;
	STEPS
last:	skip
}

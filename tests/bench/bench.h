#pragma once

/*
 * How long things take on this machine, as notes; a run of one test called "bench". What has a bare
 * counterpart is shown as a multiple of it. A goal that is missed is said, and no failure: a time is no
 * property of a platform's correctness. Of every engine (ENGINE=all): only what is theirs. Instead of suite_run(), boot CPU.
 */
struct options;
void bench_run(const struct options *o);

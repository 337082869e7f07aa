"""KTAP version 1 as it comes over a serial line, and what a run is worth.

    log = Log()
    for line in serial: log.feed(line)
    complaints = judge(log, qemu_status)      # [] is a run that is complete and good

    tools/ktap.py FILE ...      what a log that was kept adds up to, and the digest of its results
"""
import re
import sys

# What the kernel writes to isa-debug-exit, as QEMU's exit status ((value << 1) | 1).
COMPLETE, NOT_OK, BAILED = 33, 35, 37

_ESCAPES = re.compile(r'\x1b(\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])')
_CONTROL = re.compile(r'[\x00-\x08\x0b-\x1f\x7f]')
_RESULT = re.compile(r'(ok|not ok) ([0-9]{1,9})(?: +(?:- )?(.*))?$')
_PLAN = re.compile(r'1\.\.([0-9]{1,9})( *#.*)?$')
_DIRECTIVE = re.compile(r'^(.*?)\s*(?<!\\)#\s*(?:([A-Z]+)\b)?\s*(.*)$')   # SKIP, TODO, and our ERROR and WEAK


def clean(line):
    """A line of serial output as text: no escapes, NULs or carriage returns."""
    if isinstance(line, bytes):
        line = line.decode('utf-8', 'replace')
    return _CONTROL.sub('', _ESCAPES.sub('', line)).rstrip()


def fnv1a(digest, text):
    """64-bit FNV-1a, going on from digest."""
    for byte in text.encode():
        digest = (digest ^ byte) * 0x100000001b3 % 2**64
    return digest


class Result:
    def __init__(self, ok, number, name, directive='', reason=''):
        self.ok, self.number, self.name = ok, number, name
        self.directive, self.reason = directive, reason

    @property
    def digested(self):
        """What kernel/ktap.c makes of it for the digest."""
        words = ['ok' if self.ok else 'not ok', self.name]
        return ' '.join(words + [self.directive] * (self.directive in ('SKIP', 'TODO', 'ERROR', 'WEAK'))) + '\n'

    @property
    def kind(self):
        if self.directive == 'SKIP':
            return 'skipped' if self.ok else 'failed'
        if self.directive == 'TODO' and not self.ok:
            return 'known'
        return 'passed' if self.ok else 'failed'


class Log:
    """What has been read so far. Firmware and loader may say what they like before the version line."""

    def __init__(self):
        self.started = False
        self.plan = None
        self.results = []
        self.bail = None
        self.faults = []        # departures from KTAP, a sentence each
        self.diagnostics = 0

    def feed(self, line):
        line = clean(line)
        if line == 'KTAP version 1':
            if self.started:
                self.fault('the version line came twice: the machine started again')
            self.started = True
        elif not line or (not self.started and not line.startswith('Bail out!')):
            pass
        elif self.bail is not None:
            if not line.startswith('#'):
                self.fault('there is output after Bail out!: "%s"' % line[:80])
        elif line.startswith('#'):
            self.diagnostics += 1
            if line.startswith('# digest=') and line[len('# digest='):] != self.digest():
                self.fault('the kernel says %s, but the results that were read make %s' % (line[2:], self.digest()))
        elif line.startswith('Bail out!'):
            self.bail = line[len('Bail out!'):].strip() or 'no reason given'
        elif _PLAN.match(line):
            if self.plan is not None:
                self.fault('the plan line came twice')
            self.plan = int(_PLAN.match(line).group(1))
        elif _RESULT.match(line):
            self.result(*_RESULT.match(line).groups())
        else:
            self.fault('a line is not KTAP: "%s"' % line[:80])

    def result(self, ok, number, text):
        number, text = int(number), text or ''
        directive = _DIRECTIVE.match(text)
        name, kind, reason = directive.groups() if directive else (text, '', '')
        if self.plan is None:
            self.fault('result %d came before the plan' % number)
        if number != len(self.results) + 1:
            self.fault('result %d came where %d was due' % (number, len(self.results) + 1))
        if not name:
            self.fault('result %d has no name' % number)
        elif any(r.name == name for r in self.results):
            self.fault('the name %s came twice' % name)
        self.results.append(Result(ok == 'ok', number, name, kind or '', reason))

    def fault(self, sentence):
        if len(self.faults) < 20:
            self.faults.append(sentence)

    def named(self, kind):
        return [r.name for r in self.results if r.kind == kind]

    def digest(self):
        """The results in four groups of four digits, as the kernel makes them: the same of runs with the same verdicts."""
        digest = 0xcbf29ce484222325
        for result in self.results:
            digest = fnv1a(digest, result.digested)
        return '-'.join(re.findall('....', '%016x' % (digest if self.results else 0)))

    def counts(self):
        return {kind: len(self.named(kind)) for kind in ('passed', 'failed', 'known', 'skipped')}


def worth(log):
    """The status of a machine that cannot say it, because it is off, or of which only the log is left."""
    return BAILED if log.bail is not None else NOT_OK if log.named('failed') else COMPLETE


def exit_meaning(status):
    if status is None:
        return 'QEMU was stopped'
    if status < 0:
        return 'QEMU died of signal %d' % -status
    return {
        0: 'the machine was reset or powered off (QEMU status 0)',
        1: 'QEMU refused to start or failed (status 1)',
        COMPLETE: 'complete (QEMU status 33)',
        NOT_OK: 'complete with failures (QEMU status 35)',
        BAILED: 'bailed out (QEMU status 37)',
    }.get(status, 'QEMU ended with status %d, which the kernel never asks for' % status)


def incomplete(log, status):
    """Why this run says nothing, whatever its results: an empty list for a run that is whole."""
    bad = list(log.faults)
    if log.bail is not None:
        pass    # it may come at any time, and is then all there is
    elif not log.started:
        bad.append('the kernel never printed "KTAP version 1"')
    elif log.plan is None:
        bad.append('there is no plan line')
    elif log.plan == 0:
        bad.append('the plan is of zero tests')
    elif len(log.results) != log.plan:
        bad.append('%d of %d planned results were printed' % (len(log.results), log.plan))
    if log.bail is not None:
        if status != BAILED:
            bad.append('the log says Bail out! but the end was: ' + exit_meaning(status))
    elif status == BAILED:
        bad.append('QEMU status 37 without a Bail out! line')
    elif status not in (COMPLETE, NOT_OK):
        bad.append('the run did not come to its end: ' + exit_meaning(status))
    elif (status == NOT_OK) != bool(log.named('failed')):
        bad.append('%d results are not ok but the end was: %s' % (len(log.named('failed')), exit_meaning(status)))
    return bad


def judge(log, status):
    """Every reason why this run is not complete and good."""
    bad = incomplete(log, status)
    if log.bail is not None:
        bad.append('Bail out! ' + log.bail)
    failed = log.named('failed')
    if failed:
        bad.append('%d not ok: %s' % (len(failed), ' '.join(failed[:8]) + (' ...' if len(failed) > 8 else '')))
    return bad


def main(paths):
    """Each log in a line, and what is wrong with it; True if nothing is."""
    good = True
    for path in paths:
        log = Log()
        with open(path, 'rb') as lines:
            for line in lines:
                log.feed(line)
        counts = log.counts()
        print('%s: %s; digest %s' % (path, ', '.join('%d %s' % (counts[kind], kind) for kind in counts), log.digest()))
        for sentence in judge(log, worth(log)):
            print('  ' + sentence)
            good = False
    return good


if __name__ == '__main__':
    sys.exit(0 if main(sys.argv[1:]) else 1)

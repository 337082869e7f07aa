"""What tools/report.py found, as Markdown. Each departure stands for itself: it can be sent to the platform's developers as it is."""
import os
import re

import qemu

PROBE = {
    'tlb_keeps': "a CPU's TLB keeps an entry whose PTE changed, until INVLPG",
    'iotlb_keeps': 'the IOTLB keeps one until it is invalidated',
    'tlb_drops': 'a TLB entry was gone without an invalidation',
    'iotlb_drops': 'an IOTLB entry was',
    'dtlb_keeps': 'a device TLB keeps an entry that the IOTLB has forgotten',
    'cpu_keeps_pde': "a CPU's paging-structure caches keep a PDE that changed",
    'iommu_keeps_pde': "the IOMMU's do",
    'iommu_keeps_pasid_entry': 'the PASID cache keeps an entry that changed',
    'stores_late': 'a load overtook an older store of its own CPU (store buffer)',
    'spurious_faults': 'a stale TLB entry that forbids cost a #PF',
    'cr3_load_keeps_global': 'global TLB entries outlive a load of CR3',
    'cpu_sets_a_d': "CPUs' walks set A and D",
    'cpu_sets_a_d_in_absent_entries': 'even where P=0 (erratum)',
    'iommu_sets_a_d': "the IOMMU's walks set A and D",
    'profile': 'the profile of the model that fits these',
}
UNIT = {
    'old': 'the access reached the page that the tables led to at first', 'new': 'the page that they led to after a change',
    'nothing': 'neither page, and no fault was recorded', 'reason=': 'of the fault that was recorded', 'gone:': 'pages whose old translation was not used any more',
    'unread': 'of another page below the same entry, not read before', 'read': 'of one that was',
    'taken': 'the descriptor was executed', 'refused': 'FSTS.IQE', '...: 1-3': 'that, for each of these bits',
}
VALUES = {
    'fault': 'the access was refused', 'unrecorded': 'the access was refused, and no fault recorded', 'landed': 'the write was not refused',
    'empty': 'the entry was 0', 'O': 'old content', 'N': 'what CPUs write new', 'X': 'what devices write', 'Y': 'what a stale CPU writes',
    'S': "a stranger's content, who has the frame by then",
}


def steps():
    """What steps of listings mean, tests/ops.h."""
    with open(os.path.join(qemu.TOP, 'tests', 'ops.h')) as file:
        said = re.findall(r'op\((\w+), \d, \w+\)\s*/\* (?:\([^)]*\) )?(.*?) \*/', file.read())
    return {name: words.replace('LANDED or BLOCKED', 'landed or fault').replace('MARK() of ', '').replace('BLOCKED', 'fault') for name, words in said}


def numbers(counts):
    return ', '.join('%d %s' % (n, kind) for kind, n in counts.items())


def glossary(lines):
    text = ' '.join(lines)
    known = [(name, said) for name, said in steps().items() if re.search(r'(^|\s)%s(\s|$)' % name, text)]
    if known:
        yield 'Steps, their arguments and what they do (`to`: the observation): ' + '; '.join('`%s`: %s' % it for it in known) + '.'
    used = [(word, said) for word, said in VALUES.items() if re.search(r'(= |=|:|holds |, )%s(,| |$)' % word, text)]
    if used:
        yield 'Values: ' + '; '.join('%s: %s' % it for it in used) + '.'
    if re.search(r'\bE: |    E = |dma_|ats_', text):
        yield 'C0, C1: CPUs; E: the device. A: a page of virtual memory, the same to both; P0, Q1: frames that it may lead to.'
    else:
        yield 'C0, C1: CPUs. A: a page of virtual memory; P0: the frame that it leads to.'


def orders(tests):
    """Of scenarios the shortest whose order was drawn, whole, and what the others show."""
    first = min(tests, key=lambda it: (not it['drawing'], len(it['drawing'] or it['steps'])))
    yield '`%s`: %s' % (first['test'], first['claim'])
    yield ''
    yield 'Before: %s.' % '; '.join(first['before'])
    yield ''
    if first['race']:
        shown = ['These race:'] + ['  ' + line for line in first['steps']] + ['seen ' + outcome for outcome in first['outcomes']]
    else:
        shown = first['drawing']
    yield from ['```'] + shown + ['```', '']
    yield from [line for line in glossary(first['before'] + shown)]
    yield ''
    for it in tests:
        if it is not first:
            yield '- `%s`, %s: seen %s' % (it['test'], it['claim'], '; '.join(it['outcomes']))
    if len(tests) > 1:
        yield ''


def begins(tests):
    """The entries with which they begin; those that only have descriptors need none."""
    stages = {it['before']: ' of a second stage' if '.second' in it['test'] else '' for it in tests if it['before'] and re.search('read|write|access', it['did'])}
    for before, stage in stages.items():
        yield from ['Cases%s begin with these entries, for the device and for 0x8080604000, of which the last leads to the old page:' % stage, '', '```']
        yield from before.split('; ') + ['```', '', 'Requests are untranslated and without PASID.', '']


def cases(tests):
    yield from begins(tests)
    yield from ['| case | what was done | specified | seen |', '| --- | --- | --- | --- |']
    for it in tests:
        yield '| `%s` | %s | %s | %s |' % (it['test'], it['did'], it['specified'], it['seen'])
    text = ' '.join('%(specified)s %(seen)s' % it for it in tests)
    used = ['"%s": %s' % (word.strip(), said) for word, said in UNIT.items() if re.search(r'(^|\W)%s' % word if word[0].isalpha() else r'0x..: |old: |taken: |new: ', text)]
    yield ''
    if any('everything invalidated' in it['did'] for it in tests):
        used.append('everything invalidated: by context-cache, PASID-cache and IOTLB descriptors, global, and a wait descriptor')
    yield '; '.join(used) + '.'
    yield ''


def departure(number, it):
    yield from ['### %d. %s' % (number, it['what']), '']
    yield from ['Rule, %s: %s.' % (it['section'].replace('VT-d ', 'VT-d 5.10, '), it['says']), '']
    yield from ['Seen: %s. Here by:' % it['shown'], '']
    yield from ['    ' + on for on in sorted({test['on'] for test in it['tests']})] + ['']
    yield from ['Cause: %s.' % it['cause'], '']
    yield from ['Again: `%s`' % it['command'], '']
    if any(test.get('race') for test in it['tests']):
        yield from ['Only races show it, and not in every run.', '']
    listings = [test for test in it['tests'] if 'steps' in test]
    if listings:
        yield from orders(listings)
    units = [test for test in it['tests'] if 'did' in test]
    if units:
        yield from cases(units)


def machine(it):
    yield from ['## The machine', '', '```'] + it['machine'] + ['```', '']
    for other in it['elsewhere']:
        yield from ['For `%s`:' % other['words'], '', '```'] + other['machine'] + ['```', '']
    yield from ['## What the probe found', '', '| | | |', '| --- | --- | --- |']
    yield from ['| `%s` | %s | %s |' % (name, value, PROBE.get(name, '')) for name, value in it['probe'].items()]
    yield ''


def verdicts(it):
    yield from ['## Verdicts', '', numbers(it['verdicts']) + '.', '']
    if it['by_chance']:
        yield from ['Not among these, as races meet a known departure in them in one run and not in another: %s.' % ', '.join(it['by_chance']), '']
    for other in it['elsewhere']:
        yield '- `%s`: %s' % (other['words'], numbers(other['verdicts']))
    yield from [''] if it['elsewhere'] else []
    yield from ['Failed: %s.' % ', '.join(it['failed']), ''] if it['failed'] else []


def page(title, it):
    yield from ['# ' + title, '', 'Made by `make report` of a run. Do not edit. What the words mean: [README.md](README.md).', '']
    yield from machine(it)
    yield from verdicts(it)
    yield from ['## Departures from the specification', '', 'VT-d is the Intel Virtualization Technology for Directed I/O Architecture Specification, revision 5.10, D51397-018.', '']
    yield from [] if it['departures'] else ['None was seen.', '']
    for number, one in enumerate(it['departures'], 1):
        yield from departure(number, one)
    yield from ['## What cannot be told here', '']
    yield from ['- %s: %s' % (reason, ', '.join(names)) for reason, names in it['untold'].items()]
    yield from ['', '## Conformance of the unit', '', 'Cases `T=U*`: %s. What is allowed and goes beyond what is asked for:' % numbers(it['units']), '']
    yield from ['- %s: %s' % (name, fact) for name, fact in it['beyond'].items()] or ['Nothing was seen.']
    yield from ['', '## Hazards shown', '', 'What unsafe protocols are said to do, and what is measured, seen step by step:', '']
    yield from ['- %s: %s' % (name, claim) for name, claim in it['hazards'].items()]
    yield from ['', 'And %d controls, of %d tests, went wrong as they must.' % (it['controls']['shown'], it['controls']['tests']), '', 'Not shown step by step:', '']
    yield from ['- %s: %s' % (name, '; '.join(what)) for name, what in it['not_shown'].items()]
    seen = it['outcomes']
    yield from ['', '## Outcomes never seen', '', 'Every order step by step, %d tests: %d outcomes were seen of %d that the architecture allows. A few more or fewer '
                'may be seen in another run. Fewer than allowed:'
                % (seen['tests'], seen['seen'], seen['allowed']), '', '| test | seen | allowed |', '| --- | --- | --- |']
    yield from ['| %s | %d | %d |' % (name, *counts) for name, counts in it['never_seen'].items()]

"""Boot one machine, listen to it, and end it: nothing here waits for ever."""
import collections
import contextlib
import json
import os
import re
import selectors
import socket
import subprocess
import time

import ktap

_live = set()   # QEMUs that run now, whatever thread waits for them


class Run:
    """What came of it: the log, QEMU's status, what is wrong with it (a sentence each), how long it took."""

    def __init__(self):
        self.log = ktap.Log()
        self.status = None
        self.stopped = None     # why QEMU was ended from outside
        self.end = None         # of a machine that somebody switched off or reset: as QEMU calls that
        self.seconds = 0.0
        self.to_start = None    # seconds until the version line
        self.lines = []         # everything that was heard, cleaned
        self.errors = []        # what QEMU itself said
        self.beside = []        # what is wrong with a program that ran beside QEMU

    @property
    def complaints(self):
        return ([self.stopped] if self.stopped else []) + self.beside + ktap.judge(self.log, self.status)

    @property
    def incomplete(self):
        return ([self.stopped] if self.stopped else []) + self.beside + ktap.incomplete(self.log, self.status)


class Keyboard:
    """One key, pressed again and again: nobody says when a loader's menu is there. And what becomes of the machine by it."""

    def __init__(self, key):
        self.key, self.pressed = key, 0.0
        self.ours, self.theirs = socket.socketpair()
        fd = self.theirs.fileno()
        self.fds = [fd]
        self.words = ['-chardev', 'socket,id=keyboard,fd=%d' % fd, '-mon', 'chardev=keyboard,mode=control']
        self.say('qmp_capabilities')

    def say(self, command, **arguments):
        with contextlib.suppress(OSError):
            self.ours.send(json.dumps({'execute': command, 'arguments': arguments}).encode() + b'\n')

    def press(self, now):
        if now - self.pressed < 0.3:
            return
        self.pressed = now
        self.say('human-monitor-command', **{'command-line': 'sendkey ' + self.key})

    def end(self):
        """What QEMU, which is no more, said last about its end: guest-shutdown, guest-reset; or None."""
        self.theirs.close()
        heard = b''
        with contextlib.suppress(OSError):
            while data := self.ours.recv(65536):
                heard += data
        reasons = re.findall(rb'"SHUTDOWN".*"reason": *"([a-z-]+)"', heard)
        return reasons[-1].decode() if reasons else None

    def close(self):
        self.ours.close()
        self.theirs.close()


def boot(command, deadline=300, silence=60, show=None, raw=None, key=None, answer=None, beside=None):
    """Run command (QEMU's) to its end. show(line) gets each cleaned line, raw (a binary file) every byte; key, as QEMU
    calls it, is pressed until the kernel speaks, answer once it asks for a key; beside() starts a program that QEMU talks to, or is None (device_tlb.DeviceTlb)."""
    run = Run()
    begin = heard = time.monotonic()
    keyboard = Keyboard(key) if key or answer else None
    other = beside() if beside else None
    helpers = [helper for helper in (keyboard, other) if helper]
    try:
        qemu = subprocess.Popen(command + [word for helper in helpers for word in helper.words], stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=[fd for helper in helpers for fd in helper.fds])
    except OSError:
        for helper in helpers:
            helper.close()
        raise
    _live.add(qemu)
    if other:
        other.started()
    rest = {qemu.stdout: b'', qemu.stderr: b''}

    def take(stream, line):
        text = ktap.clean(line)
        if stream is qemu.stderr:
            run.errors.append(text)
            return
        started = run.log.started
        run.log.feed(text)
        run.lines.append(text)
        if run.log.started and not started:
            run.to_start = time.monotonic() - begin
        if show and (run.log.started or run.log.bail is not None):
            show(text)

    def asked():
        return any(line.startswith('# press a key') for line in run.lines[-3:])

    try:
        with selectors.DefaultSelector() as ready:
            for stream in rest:
                ready.register(stream, selectors.EVENT_READ)
            while ready.get_map():
                for event, _ in ready.select(timeout=0.2):
                    stream = event.fileobj
                    data = os.read(stream.fileno(), 65536)
                    if not data:
                        ready.unregister(stream)
                        continue
                    heard = time.monotonic()
                    if raw and stream is qemu.stdout:
                        raw.write(data)
                    *lines, rest[stream] = (rest[stream] + data).split(b'\n')
                    for line in lines:
                        take(stream, line)
                    rest[stream] = rest[stream][-4096:]
                now = time.monotonic()
                if key and not run.log.started:
                    keyboard.press(now)
                if answer and asked():
                    keyboard.key = answer
                    keyboard.press(now)
                if now - heard > silence:
                    run.stopped = 'nothing was heard for %d s' % silence
                elif now - begin > deadline:
                    run.stopped = 'the run was not over after %d s' % deadline
                if run.stopped:
                    break
        for stream, data in rest.items():
            if data:
                take(stream, data)
        if not run.stopped:
            try:
                run.status = qemu.wait(timeout=10)
                if answer and run.status == 0:
                    run.end, run.status = keyboard.end(), ktap.worth(run.log)
            except subprocess.TimeoutExpired:
                run.stopped = 'QEMU closed its output but did not end within 10 s'
    finally:
        if qemu.poll() is None:
            qemu.kill()
            qemu.wait()
        _live.discard(qemu)
        qemu.stdout.close()
        qemu.stderr.close()
        if keyboard:
            keyboard.close()
        if other:
            run.beside = other.close()
    run.seconds = time.monotonic() - begin
    return run


def end_all():
    """For one who is told to stop: leave no QEMU behind."""
    for qemu in list(_live):
        qemu.kill()


def last_lines(run, count=15):
    """The end of what was heard, for a reader who wants to know where it stopped."""
    tail = collections.deque(run.lines, maxlen=count)
    return ['  | ' + line for line in tail] + ['  qemu: ' + line for line in run.errors[-count:]]

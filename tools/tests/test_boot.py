"""The runner against machines that hang, chatter, die or refuse: each must end soon, with a sentence."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..'))
import boot
import ktap

LOG = 'KTAP version 1\\n1..1\\nok 1 A01\\n'


def machine(script, **limits):
    return boot.boot(['/bin/sh', '-c', script], **limits)


class Boot(unittest.TestCase):
    def test_good(self):
        seen = []
        run = machine("echo firmware; printf '%s'; exit 33" % LOG, show=seen.append)
        self.assertEqual(run.complaints, [])
        self.assertEqual(seen, ['KTAP version 1', '1..1', 'ok 1 A01'])
        self.assertEqual(run.status, ktap.COMPLETE)

    def test_last_line_without_newline(self):
        self.assertEqual(machine("printf 'KTAP version 1\\n1..1\\nok 1 A01'; exit 33").complaints, [])

    def test_silence(self):
        run = machine("printf '%s'; exec sleep 60" % LOG, silence=0.3)
        self.assertIn('nothing was heard', run.complaints[0])
        self.assertLess(run.seconds, 5)

    def test_deadline_in_spite_of_chatter(self):
        run = machine('while :; do echo "# still here"; done', deadline=0.5)
        self.assertIn('was not over', run.complaints[0])
        self.assertLess(run.seconds, 5)

    def test_endless_line(self):
        run = machine('exec cat /dev/zero', deadline=0.5)
        self.assertIn('was not over', run.complaints[0])

    def test_killed(self):
        self.assertTrue(any('signal 9' in c for c in machine("printf '%s'; kill -9 $$" % LOG).complaints))

    def test_a_key_is_pressed_until_the_kernel_speaks(self):
        script = ("import json, os, socket, sys, time; k = socket.socket(fileno=int(sys.argv[2].split('=')[-1])); lines = k.makefile('rb')\n"
                  "heard = [json.loads(lines.readline())['arguments'].get('command-line') for _ in range(3)]\n"
                  "print('KTAP version 1', flush=True); time.sleep(0.2); k.setblocking(False)\n"
                  "try:\n while k.recv(4096): time.sleep(0.5)\n"
                  "except BlockingIOError: print('1..1\\nok 1 A01', *heard)")
        run = boot.boot([sys.executable, '-c', script], key='f10')
        self.assertIn('ok 1 A01 None sendkey f10 sendkey f10', run.lines)

    def test_who_ended_the_machine(self):
        script = ("import socket, sys; k = socket.socket(fileno=int(sys.argv[2].split('=')[-1])); "
                  "print('KTAP version 1\\n1..1\\n%s 1 A01\\n# press a key', flush=True); %s")
        event = "k.send(b'{\"event\": \"SHUTDOWN\", \"data\": {\"guest\": true, \"reason\": \"guest-shutdown\"}}')"
        run = boot.boot([sys.executable, '-c', script % ('ok', event)], answer='s')
        self.assertEqual((run.end, run.status, run.complaints), ('guest-shutdown', ktap.COMPLETE, []))
        run = boot.boot([sys.executable, '-c', script % ('not ok', 'pass')], answer='s')
        self.assertEqual((run.end, run.status), (None, ktap.NOT_OK))
        # Nobody was to do that.
        self.assertIsNone(machine("printf '%s'" % LOG).end)

    def test_refusal_is_shown(self):
        run = machine('echo "no such device" >&2; exit 1')
        self.assertIn('  qemu: no such device', boot.last_lines(run))
        self.assertTrue(any('refused' in c for c in run.complaints))


if __name__ == '__main__':
    unittest.main()

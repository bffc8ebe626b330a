#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Looks at `sinew view` and `sinew train --view` in a headless Chromium that reaches this machine's loopback alone.

    scripts/test_view.py SINEW FOLDER [--shots FOLDER]

A slider moves a joint, physics lets the robot fall, keys push and command it, a drag pulls it, a run shows its curves and its newest
policy. FOLDER has a run of the quadruped, `quadruped`. With --shots pictures are kept: wide and narrow, light and dark.
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from test_page import NARROW, WIDE, Browser, coloured, complaints, difference

ONLY_LOOPBACK = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"


class Shown:
    """A `sinew` that shows something, and the browser that looks at it."""

    def __init__(self, browser, shots, name, words, *, on_errors=False):
        self.browser, self.shots, self.name, self.problems = browser, shots, name, []
        # To a file: a run that nobody reads would wait as soon as a pipe is full.
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=self.errors, text=True)
        lines = self.lines_of_errors() if on_errors else self.process.stdout
        self.address = next((line.strip() for line in lines if line.startswith("http://")), None)
        if not self.address:
            raise RuntimeError(f"{name}: no address was printed: {self.said()}")
        browser.events.clear()
        self.open(WIDE, "light")

    def said(self):
        """What it has said on standard error."""
        return os.pread(self.errors.fileno(), 1 << 20, 0).decode()

    def lines_of_errors(self):
        """The whole lines of it, until it ends."""
        count = 0
        while True:
            is_over = self.process.poll() is not None
            lines = self.said().split("\n")[:-1]
            yield from lines[count:]
            count = len(lines)
            if is_over:
                return
            time.sleep(0.05)

    def open(self, dimensions, scheme):
        self.browser.open(self.address, dimensions, scheme)
        self.wait("the scene", "document.getElementById('clock').textContent !== ''")

    def run(self, script):
        return self.browser.run(script)

    def expect(self, holds, problem):
        if not holds:
            self.problems.append(problem)

    def wait(self, what, condition, seconds=60):
        """Waits until a condition holds in the page."""
        end = time.time() + seconds
        while time.time() < end:
            if self.run(f"Boolean({condition})"):
                return True
            time.sleep(0.05)
        self.problems.append(f"{what} does not come")
        return False

    def box(self, selector):
        return json.loads(self.run(
            f"JSON.stringify((({{left, top, width, height}}) => [left, top, width, height])(document.querySelector('{selector}').getBoundingClientRect()))"))

    def picture(self):
        left, top, width, height = self.box("#picture")
        return self.browser.picture([left, top + 60, width, height - 110])

    def keep(self, name):
        if self.shots:
            (self.shots / f"{self.name}-{name}.png").write_bytes(self.browser.picture())

    def mouse(self, kind, x, y, buttons=1):
        self.browser.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=buttons, clickCount=1)

    def click(self, selector, share=0.5):
        """A press on an element; of a slider at a share of its width."""
        self.run(f"document.querySelector('{selector}').scrollIntoView({{block: 'nearest'}})")
        left, top, width, height = self.box(selector)
        place = (left + share * width, top + height / 2)
        self.mouse("mousePressed", *place)
        self.mouse("mouseReleased", *place, buttons=0)
        self.browser.settle()

    def key(self, kind, key, code=""):
        self.browser.ask("Input.dispatchKeyEvent", type=kind, key=key, code=code or f"Key{key.upper()}")

    def press(self, key, code=""):
        self.key("keyDown", key, code)
        self.key("keyUp", key, code)

    def value(self, plot, name):
        """The number beside the name of a curve."""
        return float(self.run(
            f"""(() => {{
              const plot = [...document.querySelectorAll('.plot')].find((plot) => plot.querySelector('h2').textContent.startsWith('{plot}'));
              const row = [...plot.querySelectorAll('.legend button')].find((row) => row.title === '{name}') ?? plot.querySelector('h2');
              return row.querySelector('output').textContent.replace('\\u2212', '-') || '0';
            }})()"""))

    def largest(self, plot, name, seconds):
        """The largest of the numbers that stand there, whatever their sign."""
        end, most = time.time() + seconds, 0
        while time.time() < end:
            most = max(most, abs(self.value(plot, name)))
        return most

    def looks(self):
        """The other sizes and colours."""
        for dimensions, scheme, name in ((WIDE, "dark", "dark"), (NARROW, "light", "narrow"), (NARROW, "dark", "narrow-dark")):
            if name != "narrow" and not self.shots:
                continue
            self.open(dimensions, scheme)
            time.sleep(1 if self.shots else 0)
            self.keep(name)
            self.expect(self.run("document.documentElement.scrollWidth") <= dimensions[0], f"{name}: it is wider than the screen")
        self.open(WIDE, "light")

    def blind(self):
        """A browser without WebGL 2 says so, and has its sliders."""
        script = self.browser.ask("Page.addScriptToEvaluateOnNewDocument", source="""(() => {
          const own = HTMLCanvasElement.prototype.getContext;
          HTMLCanvasElement.prototype.getContext = function (kind, ...more) { return kind === 'webgl2' ? null : own.call(this, kind, ...more); };
        })()""")["identifier"]
        self.open(WIDE, "light")
        self.expect(
            self.run("(({hidden, textContent}) => !hidden && textContent.includes('WebGL 2'))(document.getElementById('message'))"),
            "a browser without WebGL 2 is told nothing")
        self.expect(self.run("document.querySelectorAll('.slider input').length > 8"), "it has no sliders then")
        self.keep("blind")
        self.browser.ask("Page.removeScriptToEvaluateOnNewDocument", identifier=script)

    def close(self):
        """Ends it as a person does; what it says and how it ends."""
        self.problems += complaints(self.browser.events, (self.address, self.address.replace("http:", "ws:"), "about:", "data:"))
        self.browser.ask("Page.navigate", url="about:blank")
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.problems.append("Ctrl-C does not end it")
        return self.process.returncode


def scene(browser, sinew, folder, shots):
    """The robot before anything is trained."""
    shown = Shown(browser, shots, "scene", [sinew, "view", "quadruped"])
    shown.wait("a slider", "document.querySelectorAll('.slider input').length > 8")
    time.sleep(0.5)
    before = shown.picture()
    shown.keep("start")
    shown.expect(coloured(before) > 0.002, "no robot is in the picture")
    shown.click(".slider:nth-of-type(3) input", 0.9)
    time.sleep(0.5)
    after = shown.picture()
    shown.keep("slider")
    shown.expect(difference(before, after) > 0.001, "a slider moves nothing")
    shown.click("#move")
    shown.wait("the time", "parseFloat(document.getElementById('clock').textContent) > 1.0")
    shown.expect(difference(after, shown.picture()) > 0.001, "physics moves nothing")
    shown.keep("physics")
    # On a busy machine a picture may miss the half second that a push is seen for.
    fast = 0
    for _ in range(20):
        shown.press("ArrowUp", "ArrowUp")
        fast = max(fast, shown.largest("Forward speed", "actual", 0.5))
        if fast > 0.1:
            break
    shown.expect(fast > 0.1, f"a push by a key moves nothing: {fast} m/s")
    shown.press(" ", "Space")
    shown.wait("a pause", "!document.body.classList.contains('playing')")
    clock = shown.run("document.getElementById('clock').textContent")
    time.sleep(0.3)
    shown.expect(shown.run("document.getElementById('clock').textContent") == clock, "a pause holds nothing")
    shown.press(".", "Period")
    shown.wait("a step", f"document.getElementById('clock').textContent !== '{clock}'")
    shown.press("n")
    shown.press(" ", "Space")
    shown.looks()
    shown.blind()
    shown.expect(shown.close() == 0, "its end is no success")
    return shown.problems


def policy(browser, sinew, folder, shots):
    """A policy in real time."""
    shown = Shown(browser, shots, "policy", [sinew, "view", f"{folder}/quadruped"])
    shown.wait("the policy", "document.getElementById('status').textContent.includes('policy of step')")
    shown.expect(shown.run("document.getElementById('modes').hidden"), "a policy has sliders of a pose")
    shown.click("#endless")
    shown.key("keyDown", "w")
    shown.wait("the command", "document.querySelector('.slider output').textContent.startsWith('0.5')")
    shown.key("keyUp", "w")
    shown.wait("the end of the command", "document.querySelector('.slider output').textContent.startsWith('0.00')")
    left, top, width, height = shown.box("#picture")
    x, y = left + width / 2, top + height / 2
    shown.wait("time", "parseFloat(document.getElementById('clock').textContent) > 0.5")
    shown.mouse("mousePressed", x, y)
    for step in range(15):
        shown.mouse("mouseMoved", x + 16 * step, y - 8 * step)
        time.sleep(0.03)
    pulls = shown.run("document.getElementById('picture').classList.contains('pulls')")
    shown.expect(pulls, "a drag on the robot does not pull it")
    speeds = [abs(shown.value(plot, name)) for plot, name in (("Forward speed", "actual"), ("Sideways speed", "actual")) for _ in range(5)]
    shown.keep("pull")
    shown.mouse("mouseReleased", x + 240, y - 120, buttons=0)
    shown.expect(max(speeds) > 0.1, f"a pull moves nothing: {max(speeds)} m/s")
    shown.looks()
    shown.close()
    return shown.problems


def training(browser, sinew, folder, shots):
    """A run while it learns."""
    words = [sinew, "train", "pendulum", "--steps", "1e6", "--set", "evaluate.every=500", "--set", "evaluate.episodes=1", "--set", "sac.warm_up=200"]
    shown = Shown(browser, shots, "training", [*words, "--output", f"{folder}/pendulum", "--view"], on_errors=True)
    shown.wait("a curve", "document.querySelector('#curves canvas')")
    shown.wait("a policy", "document.getElementById('status').textContent.includes('policy of step')")
    first = shown.run("document.getElementById('status').textContent")
    shown.wait("a newer policy", f"document.getElementById('status').textContent !== {json.dumps(first)}", 120)
    shown.wait("both curves", "document.querySelectorAll('#curves .legend button').length === 2", 120)
    shown.keep("wide")
    shown.looks()
    shown.close()
    return shown.problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sinew")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--shots", type=pathlib.Path)
    parser.add_argument("--program", default=shutil.which("chromium") or shutil.which("google-chrome"))
    parser.add_argument("--only", choices=["scene", "policy", "training"])
    arguments = parser.parse_args()
    if not arguments.program:
        sys.exit("no Chromium is installed; Debian has it as the package chromium")
    if arguments.shots:
        arguments.shots.mkdir(parents=True, exist_ok=True)
    failed = False
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Browser(arguments.program, folder, [ONLY_LOOPBACK])
        try:
            for part in (scene, policy, training):
                if arguments.only not in (None, part.__name__):
                    continue
                problems = part(browser, arguments.sinew, arguments.folder, arguments.shots)
                print(f"{part.__name__}: {'as it should be' if not problems else ''}")
                for problem in problems:
                    print(f"  {problem}")
                failed = failed or bool(problems)
        finally:
            browser.close()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

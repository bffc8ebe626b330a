#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Opens pages that `sinew replay --html` wrote in a headless browser without a network, and looks at them.

    scripts/test_page.py PAGE.html ... [--shots FOLDER]

Of each page: nothing is asked of a network, nothing stands in the console, the robot is in the picture, and the picture changes with
the time. With --shots pictures of it are kept: wide and narrow, light and dark. Speaks Chromium's protocol for tools through a pipe,
so that Python needs no package.
"""
import argparse
import base64
import itertools
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib

WIDE, NARROW = (1280, 800), (390, 844)


class Browser:
    """A headless Chromium with one page."""

    def __init__(self, program, folder, more=()):
        theirs_in, self.out = os.pipe()
        self.inward, theirs_out = os.pipe()

        def places():
            # 3 is what the browser reads, 4 what it writes; neither may be in the other's way.
            high = [os.dup(theirs_in), os.dup(theirs_out)]
            for place, descriptor in zip((3, 4), high):
                os.dup2(descriptor, place)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--remote-debugging-pipe", f"--user-data-dir={folder}", "--no-first-run",
             "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-gpu-sandbox", "--hide-scrollbars",
             "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND", *more, "about:blank"],
            close_fds=False, preexec_fn=places, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.numbers, self.rest, self.events, self.session = itertools.count(1), b"", [], None
        target = next(t for t in self.ask("Target.getTargets")["targetInfos"] if t["type"] == "page")
        self.session = self.ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(domain + ".enable")

    def message(self):
        while b"\0" not in self.rest:
            read = os.read(self.inward, 1 << 20)
            if not read:
                raise RuntimeError("the browser went away")
            self.rest += read
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def ask(self, method, **parameters):
        number = next(self.numbers)
        request = {"id": number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.out, json.dumps(request).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") == number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def run(self, script):
        answer = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def open(self, address, dimensions, scheme):
        self.ask("Emulation.setDeviceMetricsOverride", width=dimensions[0], height=dimensions[1], deviceScaleFactor=1,
                 mobile=dimensions[0] < 600)
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        # From elsewhere, so that an address that differs behind # alone is loaded again.
        for place in ("about:blank", address):
            self.ask("Page.navigate", url=place)
            self.run("new Promise((done) => document.readyState === 'complete' ? done() : addEventListener('load', done))")
        self.settle()

    def settle(self):
        self.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 60))))")

    def picture(self, box=None):
        """What is seen, or at half its size a box of it: left, top, width, height."""
        clip = {"clip": dict(zip(("x", "y", "width", "height"), box), scale=0.5)} if box else {}
        return base64.b64decode(self.ask("Page.captureScreenshot", format="png", **clip)["data"])

    def close(self):
        try:
            self.session = None
            self.ask("Browser.close")
        except (RuntimeError, OSError):
            pass
        self.process.wait(timeout=20)


def pixels(png):
    """The channels and rows of a PNG picture of 8 bits with three or four channels, as browsers write them."""
    place, data = 8, b""
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place:place + 8])
        body = png[place + 8:place + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", body[:10])
            channels = {2: 3, 6: 4}[colour]
            assert depth == 8
        elif kind == b"IDAT":
            data += body
        place += 12 + length
    data, stride, rows = zlib.decompress(data), width * channels, []
    last = bytes(stride)
    for y in range(height):
        start = y * (stride + 1)
        kind, row = data[start], bytearray(data[start + 1:start + 1 + stride])
        for x in range(stride) if kind else ():
            left = row[x - channels] if x >= channels else 0
            up, corner = last[x], last[x - channels] if x >= channels else 0
            if kind == 4:
                guess = left + up - corner
                near = min((left, up, corner), key=lambda value: abs(guess - value))
            else:
                near = (left, up, (left + up) // 2)[kind - 1]
            row[x] = (row[x] + near) & 255
        rows.append(bytes(row))
        last = row
    return channels, rows


def coloured(picture):
    """The share of pixels that have a colour: ground and sky are nearly grey, robots are not."""
    channels, rows = pixels(picture)
    spans = [max(row[x:x + 3]) - min(row[x:x + 3]) for row in rows for x in range(0, len(row), channels)]
    return sum(span > 32 for span in spans) / len(spans)


def difference(before, after):
    """The share of pixels that differ."""
    (channels, first), (_, second) = pixels(before), pixels(after)
    differ = [
        any(abs(one[x + i] - other[x + i]) > 12 for i in range(3))
        for one, other in zip(first, second) for x in range(0, len(one), channels)]
    return sum(differ) / len(differ)


def complaints(events, allowed):
    """What a page should not do: ask for anything else than is allowed, fail, or say something in the console."""
    problems = []
    for event in events:
        kind, parameters = event["method"], event.get("params", {})
        if kind == "Runtime.exceptionThrown":
            problems.append("an error: " + json.dumps(parameters["exceptionDetails"])[:400])
        elif kind == "Runtime.consoleAPICalled":
            problems.append("in the console: " + json.dumps(parameters["args"])[:400])
        elif kind == "Log.entryAdded":
            problems.append("in the log: " + parameters["entry"]["text"])
        elif kind in ("Network.requestWillBeSent", "Network.webSocketCreated"):
            url = parameters["request"]["url"] if "request" in parameters else parameters["url"]
            if not url.startswith(allowed):
                problems.append(f"it asks for {url}")
    return problems


class Check:
    """What is expected of one page."""

    def __init__(self, browser, page, shots):
        self.browser, self.page, self.shots, self.problems = browser, page, shots, []

    def expect(self, holds, problem):
        if not holds:
            self.problems.append(problem)

    def keep(self, name):
        if self.shots:
            (self.shots / f"{self.page.stem}-{name}.png").write_bytes(self.browser.picture())

    def run(self):
        browser = self.browser
        browser.events.clear()
        browser.open(self.page.resolve().as_uri() + "#time=0", WIDE, "light")
        self.expect(browser.run("document.getElementById('message').hidden"), "the robot is not drawn")
        place = "JSON.stringify((({left, top, width, height}) => [left, top, width, height].map(Math.round))(document.getElementById('picture').getBoundingClientRect()))"
        box = json.loads(browser.run(place))
        box = [box[0], box[1] + 60, box[2], box[3] - 110]
        before = browser.picture(box)
        self.keep("start")
        self.expect(coloured(before) > 0.002, "no robot is in the picture")
        browser.run("(() => { const t = document.getElementById('time'); t.value = 0.6 * t.max; t.dispatchEvent(new Event('input')); })()")
        browser.settle()
        after = browser.picture(box)
        self.keep("later")
        self.expect(coloured(after) > 0.002, "no robot is in the picture after scrubbing")
        self.expect(difference(before, after) > 0.001, "scrubbing changes nothing")
        self.play()
        self.keys()
        self.narrow()
        self.quiet()
        return self.problems

    def play(self):
        """Playing moves the time; a press on the space bar ends it."""
        self.press("Home", "Home")
        self.press(" ", "Space")
        time.sleep(0.4)
        first = float(self.browser.run("document.getElementById('time').value"))
        self.press(" ", "Space")
        self.browser.settle()
        second = float(self.browser.run("document.getElementById('time').value"))
        self.browser.settle()
        self.expect(first > 0, "the space bar does not play")
        self.expect(float(self.browser.run("document.getElementById('time').value")) == second, "it does not pause")

    def keys(self):
        self.press("Home", "Home")
        self.press("ArrowRight", "ArrowRight")
        self.expect(float(self.browser.run("document.getElementById('time').value")) > 0, "an arrow makes no step")
        for key, code in (("f", "KeyF"), ("v", "KeyV"), ("j", "KeyJ"), ("c", "KeyC"), ("c", "KeyC"), ("r", "KeyR")):
            self.press(key, code)
        self.expect(self.browser.run("document.querySelectorAll('#labels span').length") > 0, "no joint is named")
        self.browser.run("(() => { const t = document.getElementById('time'); t.value = 0.4 * t.max; t.dispatchEvent(new Event('input')); })()")
        self.browser.settle()
        self.keep("joints")

    def press(self, key, code):
        for kind in ("keyDown", "keyUp"):
            self.browser.ask("Input.dispatchKeyEvent", type=kind, key=key, code=code, text=" " if key == " " and kind == "keyDown" else "")
        self.browser.settle()

    def narrow(self):
        for scheme, dimensions, name in (("dark", WIDE, "dark"), ("light", NARROW, "narrow"), ("dark", NARROW, "narrow-dark")):
            if name != "narrow" and not self.shots:
                continue
            self.browser.open(self.page.resolve().as_uri() + "#time=1", dimensions, scheme)
            self.keep(name)
            self.expect(self.browser.run("document.documentElement.scrollWidth") <= dimensions[0], f"{name}: it is wider than the screen")

    def quiet(self):
        self.problems += complaints(self.browser.events, ("file:", "data:", "about:"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="+", type=pathlib.Path)
    parser.add_argument("--shots", type=pathlib.Path)
    parser.add_argument("--program", default=shutil.which("chromium") or shutil.which("google-chrome"))
    arguments = parser.parse_args()
    if not arguments.program:
        sys.exit("no Chromium is installed; Debian has it as the package chromium")
    if arguments.shots:
        arguments.shots.mkdir(parents=True, exist_ok=True)
    failed = False
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Browser(arguments.program, folder)
        try:
            for page in arguments.pages:
                problems = Check(browser, page, arguments.shots).run()
                print(f"{page.name}: {'as it should be' if not problems else ''}")
                for problem in problems:
                    print(f"  {problem}")
                failed = failed or bool(problems)
        finally:
            browser.close()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

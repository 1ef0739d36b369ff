#!/usr/bin/env python3
"""Goes through the page of a built `cloze serve` by keyboard, in headless Chromium: python3 page_check.py CLOZE [FOLDER]

At 390 and 1,280 pixels, light and dark: a user is chosen and an item added by completion, items are added from lists,
explained by both models, similar items looked at; nothing overflows, texts have contrast, nothing is logged as an error.
Pictures go to FOLDER where one is given. Nothing but Python's own library and Chromium is needed.
"""
import base64, fcntl, json, os, subprocess, sys, time
from shop import Server, done, end, make, title, work

pictures = os.path.abspath(sys.argv[2]) if len(sys.argv) > 2 else None


class Browser:
    """Chromium, driven by the DevTools protocol over two pipes."""

    def __init__(self, program):
        # What Chromium reads is its descriptor 3, what it writes 4.
        ends = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, 10) for pipe in (os.pipe(), os.pipe()) for descriptor in pipe]
        commands, self.out, self.answers, events = ends
        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
             f"--user-data-dir={work}/browser", "--remote-debugging-pipe", "about:blank"],
            preexec_fn=lambda: (os.dup2(commands, 3), os.dup2(events, 4)), pass_fds=(3, 4), stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(commands), os.close(events)
        self.buffer, self.number, self.session, self.faults = b"", 0, None, []
        target = next(t for t in self.call("Target.getTargets")["targetInfos"] if t["type"] == "page")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log"]:
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self.buffer:
                part = os.read(self.answers, 1 << 20)
                assert part, "Chromium has ended"
                self.buffer += part
            text, self.buffer = self.buffer.split(b"\0", 1)
            answer = json.loads(text)
            if answer.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded"):
                self.faults.append(answer["params"])
            if answer.get("id") == self.number:
                assert "error" not in answer, (method, answer)
                return answer["result"]

    def value(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, (expression, result)
        return result["result"].get("value")

    def wait(self, expression, seconds=30):
        """Until an expression of the page is true."""
        end = time.time() + seconds
        while not (found := self.value(expression)):
            assert time.time() < end, (expression, self.value("document.body.innerText"))
            time.sleep(0.05)
        return found

    def press(self, key, times=1, shift=False):
        code = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "ArrowUp": 38, "ArrowDown": 40}[key]
        text = {"Enter": "\r", " ": " "}.get(key)
        for _ in range(times):
            for kind in ["keyDown", "keyUp"]:
                more = {"text": text} if text and kind == "keyDown" else {}
                self.call("Input.dispatchKeyEvent", type=kind, key=key, code={" ": "Space"}.get(key, key),
                          windowsVirtualKeyCode=code, modifiers=8 if shift else 0, **more)

    def type(self, text):
        self.call("Input.insertText", text=text)

    def tab_to(self, condition, backwards=False):
        """Presses Tab until the element with the focus, `e`, satisfies a condition."""
        for _ in range(250):
            self.press("Tab", shift=backwards)
            if self.value(f"(e => {condition})(document.activeElement)"):
                outline = self.value("getComputedStyle(document.activeElement).outlineStyle")
                assert outline != "none", "the focus is not seen"
                return
        assert False, (condition, "is not reached by Tab")

    def picture(self, name):
        if pictures is None:
            return
        os.makedirs(pictures, exist_ok=True)
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"]
        with open(f"{pictures}/{name}.png", "wb") as file:
            file.write(base64.b64decode(data))


# Contrast of each text with what is behind it, as WCAG 2 defines it; the least, with its text.
CONTRAST = """(() => {
  const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b; };
  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = text => { paint.clearRect(0, 0, 1, 1); paint.fillStyle = text; paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data]; };
  const behind = e => { for (; e; e = e.parentElement) { const c = rgba(getComputedStyle(e).backgroundColor);
    if (c[3] === 255) return c.slice(0, 3); } return [255, 255, 255]; };
  let least = [99, ""];
  for (const e of document.querySelectorAll("body *")) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!own || !e.offsetParent || e.disabled) continue;
    const [a, b] = [light(rgba(getComputedStyle(e).color).slice(0, 3)), light(behind(e))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < least[0]) least = [ratio, e.outerHTML];
  }
  return least;
})()"""
COUNT = "document.querySelectorAll('#history li').length"


def goes_through(browser, server, width, scheme):
    place = f"{width}-{scheme}"
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    browser.call("Page.navigate", url=f"http://127.0.0.1:{server.port}/")
    browser.wait("document.readyState === 'complete' && document.querySelectorAll('#list li').length === 20")
    browser.wait("document.querySelectorAll('#other li').length === 20")
    text = browser.value("document.getElementById('model').textContent")
    assert text.startswith("model, 120 items, ") and "; model1, 120 items, " in text, text
    assert "most frequent" in browser.value("document.getElementById('source').textContent")
    # A user by completion.
    browser.tab_to("e.id === 'user'")
    browser.type("1")
    browser.wait("document.querySelectorAll('#user-options li').length > 1 && !document.getElementById('user-options').hidden")
    browser.press("ArrowDown", times=2)
    browser.press("ArrowUp")
    user = browser.value("document.querySelector('#user-options [aria-selected=true]').textContent")
    assert browser.value("document.getElementById('user').getAttribute('aria-activedescendant')") == "user-options-0"
    browser.press("Enter")
    browser.wait(f"{COUNT} > 0")
    history = json.loads(server.ask("GET", f"/v1/users/{user}")[1])
    assert browser.value("[...document.querySelectorAll('#history li')].map(e => e.textContent)") == history["titles"]
    browser.wait("document.getElementById('source').textContent === 'From the model, after this history.'")
    count = len(history["items"])
    # An item by its title, with Escape and the arrows.
    browser.tab_to("e.id === 'item'")
    browser.type("hazel bi")
    browser.wait("document.querySelectorAll('#item-options li').length === 2 && !document.getElementById('item-options').hidden")
    browser.picture(f"{place}-completion")
    browser.press("Escape")
    assert browser.value("document.getElementById('item-options').hidden")
    browser.press("ArrowDown")
    browser.wait("!document.getElementById('item-options').hidden")
    browser.press("ArrowDown")
    browser.press("Enter")
    browser.wait(f"{COUNT} === {count + 1}")
    assert browser.value("document.querySelector('#history li:last-child').textContent").startswith("Hazel birch ")
    assert browser.value("document.getElementById('item').value") == ""
    # A whole title without the arrows, and an id.
    for typed, expected in [(title("i23").lower(), title("i23")), ("i24", title("i24"))]:
        count += 1
        browser.type(typed)
        browser.wait("!document.getElementById('item-options').hidden")
        browser.press("Enter")
        browser.wait(f"{COUNT} === {count + 1}")
        assert browser.value("document.querySelector('#history li:last-child').textContent") == expected
    count += 1
    # An item of each list.
    for section in ["list", "other"]:
        browser.wait(f"document.querySelectorAll('#{section} li').length === 20")
        browser.tab_to(f"e.closest('#{section}') && e.textContent === 'add'")
        name = browser.value("document.activeElement.closest('li').querySelector('.name').textContent")
        browser.press("Enter")
        count += 1
        browser.wait(f"{COUNT} === {count}")
        assert browser.value("document.querySelector('#history li:last-child').textContent") == name
    # The other model ranks otherwise, and the page says where.
    ours, theirs = (browser.value(f"[...document.querySelectorAll('#{s} .name')].map(e => e.title)") for s in ["list", "other"])
    marks = browser.value("[...document.querySelectorAll('#list .elsewhere')].map(e => e.textContent)")
    assert ours != theirs and marks == [f"#{theirs.index(i) + 1}" if i in theirs else "new" for i in ours], marks
    # Why, by each of them.
    for section, model in [("list", "model"), ("other", "model1")]:
        browser.tab_to(f"e.closest('#{section}') && e.className === 'name'")
        item = browser.value("document.activeElement.title")
        browser.press("Enter")
        browser.wait(f"document.activeElement.id === 'detail-title' && document.getElementById('place').textContent.endsWith('by {model}.')")
        assert browser.value("document.getElementById('detail-title').textContent") == title(item)
        ids = browser.value("state.items")
        why = json.loads(server.ask("POST", "/v1/explain", {"items": ids, "item": item, "model": model})[1])
        parts = [p["score_change"] for p in why["history"]][::-1]
        bars = browser.value(
            "[...document.querySelectorAll('#parts rect:last-child')].map(e => [e.className.baseVal, +e.getAttribute('width'), e.getBoundingClientRect().width])")
        largest = max(abs(p) for p in parts)
        assert len(bars) == len(parts) > 3
        for (kind, share, pixels), part in zip(bars, parts):
            assert kind == ("less" if part < 0 else "more") and abs(share - abs(part) / largest * 99) < 0.01
        assert max(pixels for _, _, pixels in bars) > 20, bars
        assert browser.value("document.querySelectorAll('#similar li').length") == 8
    least = browser.value(CONTRAST)
    assert least[0] >= 4.5, least
    assert not browser.value("document.documentElement.scrollWidth > innerWidth"), "it overflows"
    browser.picture(place)
    # A similar item, with the space bar; then all the way back.
    browser.tab_to("e.closest('#similar') && e.textContent === 'add'")
    browser.press(" ")
    browser.wait(f"{COUNT} === {count + 1} && document.getElementById('detail').hidden")
    browser.tab_to("e.id === 'undo'")
    browser.press("Enter")
    browser.wait(f"{COUNT} === {count}")
    browser.tab_to("e.id === 'seen'")
    browser.press(" ")
    browser.wait("!document.getElementById('seen').checked && document.querySelectorAll('#list li').length === 20")
    browser.tab_to("e.id === 'clear'", backwards=True)
    browser.press("Enter")
    browser.wait(f"{COUNT} === 0 && document.getElementById('undo').disabled")
    assert not browser.faults, browser.faults
    # A user that is not there is a sentence.
    browser.tab_to("e.id === 'user'")
    browser.type("no such user")
    browser.press("Enter")
    browser.wait("document.getElementById('error').textContent.startsWith('no user')")
    browser.faults.clear()
    ground = browser.value("getComputedStyle(document.body).backgroundColor")
    assert (sum(int(v) for v in ground[4:-1].split(",")) > 382) == (scheme == "light"), ground
    done(f"the page at {width} pixels, {scheme}: by keyboard alone, least contrast {least[0]:.1f}")


try:
    program = next((p for p in ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"] if os.path.exists(p)), None)
    assert program, "no Chromium is installed: apt-get install chromium"
    make(users=300)
    server = Server("--store", "shop.sqlite", "--compare", "model1", "--watch", "0")
    browser = Browser(program)
    for width in [390, 1280]:
        for scheme in ["light", "dark"]:
            goes_through(browser, server, width, scheme)
    browser.process.kill()
    server.stop()
finally:
    end()

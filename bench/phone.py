"""One patient at a real Chromium, tapping through a session whatever the line does."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import Error as BrowserError

HELD = """async () => {
    const { active } = await navigator.serviceWorker.ready;
    while (active.state !== "activated") await new Promise((done) => setTimeout(done, 10));
}"""
# What the card asks, once it asks something new: `done` are the places that are answered.
CARD = """(done) => {
    const card = document.querySelector("#card");
    if (!card || card.querySelector("[aria-busy]")) return null;
    const value = (name) => card.querySelector(`[name=${name}]`)?.value ?? "";
    if (value("number")) {
        const place = [value("prescription"), value("side"), value("number")].join(".");
        return done.includes(place) ? null : { kind: "set", place };
    }
    if (card.querySelector("[name=place]")) return { kind: "place" };
    if (card.querySelector("button[name=pain]")) return { kind: "pain" };
    if (card.querySelector("button[name=effort]")) return { kind: "effort" };
    const over = card.querySelector("h1") && !card.querySelector("form, [data-begin]");
    return over ? { kind: "done" } : null;
}"""
HUSH = "() => document.querySelector('#card [data-state]')?.replaceChildren()"
# The phone has said that it keeps this answer, or shows another card.
KEPT = """([before, words]) => {
    const card = document.querySelector("#card");
    const value = (name) => card?.querySelector(`[name=${name}]`)?.value;
    const said = card?.querySelector("[data-state]")?.textContent;
    const place = ["prescription", "side", "number"].map(value).join(".");
    return place !== before || said === words.kept || said === words.sent;
}"""
WORDS = "() => ({ ...document.getElementById('outbox').dataset })"
WAITING = """() => new Promise((done) => {
    const asked = indexedDB.open("flexion", 1);
    asked.onsuccess = () => {
        const all = asked.result.transaction("outbox").objectStore("outbox").getAll();
        all.onsuccess = () => {
            asked.result.close();
            done(all.result.filter((each) => !each.sent).length);
        };
    };
})"""
ONLINE = "dispatchEvent(new Event('online'))"
REASONS = ("tired", "time", "equipment")


@dataclass
class Phone:
    """What was tapped is the truth of a run: by place, the reps, or why it was skipped."""

    context: BrowserContext
    base: str
    random: Random
    tapped: dict[str, tuple[int, str]] = field(default_factory=dict)
    page: Page = field(init=False)

    def open(self, address: str) -> None:
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.goto(self.base + address)

    def begin(self) -> str:
        """Today's page, its worker, Start; the session's address."""
        self.open("/today/")
        self.page.evaluate(HELD)
        self.page.locator("form[action='/sessions/start/'] button.primary").click()
        self.page.wait_for_url("**/sessions/*/")
        return self.page.url.removeprefix(self.base)

    def die(self, address: str) -> None:
        """The page is gone from one moment to the next; it is opened anew."""
        self.page.close()
        self.open(address)

    def card(self) -> dict[str, Any]:
        """The next thing to answer."""
        handle = self.page.wait_for_function(CARD, arg=[*self.tapped])
        found: dict[str, Any] = handle.json_value()
        return found

    def tap(self, card: dict[str, Any]) -> None:
        """Answer, and wait until the phone says that it has it."""
        if card["kind"] == "set":
            return self._tap_set(card["place"])
        before = self.page.locator("#card").inner_text()
        if card["kind"] == "place":
            for name in ("side", "place"):
                if self.page.locator(f"label:has([name={name}])").count():
                    self.page.locator(f"label:has([name={name}])").first.click()
            self.page.locator("button.primary[name=pain]").click()
        else:
            value = self.random.randint(0, 5)
            self.page.locator(f"button[name={card['kind']}][value='{value}']").click()
        self.page.wait_for_function(
            "before => document.querySelector('#card')?.innerText !== before", arg=before
        )
        return None

    def _tap_set(self, place: str) -> None:
        reps, why = self.random.randint(1, 20), ""
        words = self.page.evaluate(WORDS)
        self.page.evaluate(HUSH)  # what it said of the answer before
        if self.random.random() < 0.1:
            reps, why = 0, self.random.choice(REASONS)
            self.page.locator("#card .acts summary").click()
            self.page.locator(f"#card button[name=skipped][value={why}]").click()
        else:
            self.page.locator("#card [name=reps]").fill(str(reps))
            self.page.locator("#card button.primary").click()
        self.page.wait_for_function(KEPT, arg=[place, words])
        self.tapped[place] = (reps, why)

    def settle(self, seconds: float = 30) -> bool:
        """With a line again: whether nothing waits on the phone any more."""
        for _ in range(int(seconds * 10)):
            try:
                self.page.evaluate(ONLINE)
                if not self.page.evaluate(WAITING):
                    return True
                self.page.wait_for_timeout(100)
            except BrowserError:  # the page has just gone elsewhere
                self.page.wait_for_load_state()
        return False

"""The trainer's page in a real browser, offline: what it shows is what the tables say; mouse and keys reach all."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from helpers import AU, HERE, LINK, UN, small

import sim
from sim.experiment.results import Results
from sim.scenario.scene import Scene

webdriver = pytest.importorskip("selenium.webdriver")
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402

BROWSER, DRIVER = shutil.which("chromium") or shutil.which("chromium-browser"), shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(not (BROWSER and DRIVER), reason="needs Chromium and its driver")
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--window-size=1366,768",
)  # fmt: skip
NASTY = "<script>window.broken = 1</script><b>bold</b>"
READY = "return document.documentElement.dataset.ready"


@pytest.fixture(scope="module")
def played() -> Results:
    """Return two small scenarios on three seeds; one has a name that no page may run."""
    alone = small(missions={"UN": UN | HERE}, question=f"{NASTY} safe?").named("alone")
    both = small(missions={"UN": UN | HERE, "AU": AU}, **{"partnerships.UN-AU": LINK}).named(NASTY)
    return sim.run([alone, both], seeds=3, jobs=1, progress=False)


@pytest.fixture(scope="module")
def file(played, tmp_path_factory) -> Path:
    """Return the written page."""
    return played.page(worlds=0).save(tmp_path_factory.mktemp("page") / "page.html")


@pytest.fixture(scope="module")
def browser(tmp_path_factory) -> Iterator[Any]:
    """Start one browser with an empty profile and no network."""
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    found = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    found.execute_cdp_cmd("Network.enable", {})
    found.execute_cdp_cmd("Network.emulateNetworkConditions",
                          {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0})  # fmt: skip
    size = {"width": 1366, "height": 768, "deviceScaleFactor": 1, "mobile": False}
    found.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    yield found
    found.quit()


@pytest.fixture
def opened(browser, file) -> Any:
    """Return a function that opens the page at a moment, and waits until it is ready."""

    def go(moment: str = "week=1") -> Any:
        browser.get("about:blank")
        browser.get_log("browser")
        browser.get_log("performance")
        browser.get(f"{file.as_uri()}#{moment}")
        end = time.monotonic() + 20
        while not browser.execute_script(READY):
            assert time.monotonic() < end, browser.get_log("browser")
            time.sleep(0.05)
        return browser

    return go


def text(browser: Any, selector: str) -> str:
    """Return what an element shows."""
    return browser.find_element(By.CSS_SELECTOR, selector).text


def week(browser: Any) -> int:
    """Return the week that the page shows, from 0."""
    return int(browser.execute_script("return document.documentElement.dataset.week"))


def value(browser: Any, arm: str, column: str) -> float:
    """Return a number of an arm as it stands behind the text."""
    box = browser.find_element(By.CSS_SELECTOR, f'article[data-arm={arm}] [data-column="{column}"] dd')
    return float(box.get_attribute("data-value"))


def pressed(browser: Any, selector: str, *keys: str) -> None:
    """Press keys on an element."""
    browser.find_element(By.CSS_SELECTOR, selector).send_keys(*keys)


def requests(browser: Any) -> list[str]:
    """Return the addresses that were asked for since the page was opened, other than its own and data in it."""
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
    return [url for url in asked if not url.startswith(("data:", "about:")) and "page.html" not in url]


def test_it_opens_offline_without_an_error_or_a_request(opened):
    browser = opened()
    assert not [entry for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    assert not requests(browser)


@pytest.mark.parametrize("arm", ["A", "B"])
def test_the_numbers_shown_are_those_of_the_tables(opened, played, arm):
    browser, last = opened("week=999"), played.setups["alone"].weeks
    label = played.scenarios["AB".index(arm)]
    shown = played.summary.set_index(["scenario", "seed"]).loc[(label, played.shown())]
    assert week(browser) == last - 1
    assert value(browser, arm, "civilians_killed") == shown["civilians_killed"]
    assert value(browser, arm, "legitimacy:all->UN") == pytest.approx(shown["legitimacy:all->UN"], rel=1e-5)
    told = browser.find_elements(By.CSS_SELECTOR, f"#killed .row[data-actor] > span:nth-of-type({2 + 'AB'.index(arm)})")
    assert sum(int(one.text.replace(",", "")) for one in told) == shown["civilians_killed"]


def test_a_name_that_is_a_script_is_shown_as_text(opened):
    browser = opened()
    assert NASTY in text(browser, "article[data-arm=B] h2") and NASTY in text(browser, "#question")
    assert browser.execute_script("return window.broken") is None


def test_the_curtain_hides_b_until_the_room_has_guessed(opened):
    browser = opened("")
    assert browser.execute_script("return document.querySelector('article[data-arm=B]').inert")
    pressed(browser, "#curtain input[type=range]", Keys.HOME)
    browser.find_element(By.ID, "commit").click()
    assert not browser.execute_script("return document.querySelector('article[data-arm=B]').inert")
    assert "guess: 0 killed" in text(browser, "article[data-arm=B] h2")


def test_keys_move_the_clock(opened):
    browser = opened("week=10")
    pressed(browser, "body", Keys.ARROW_RIGHT)
    assert week(browser) == 10
    pressed(browser, "body", Keys.HOME)
    assert week(browser) == 0
    pressed(browser, "body", " ")
    time.sleep(1)
    assert week(browser) > 0
    pressed(browser, "body", " ")
    stopped = week(browser)
    time.sleep(0.5)
    assert week(browser) == stopped


def test_a_cell_opens_by_keyboard_and_gives_the_focus_back(opened):
    browser = opened("week=20")
    pressed(browser, "#map-a", Keys.ARROW_LEFT, Keys.ENTER)
    drawer = browser.find_element(By.ID, "drawer")
    assert drawer.is_displayed() and drawer.get_attribute("data-shows") == "cell"
    assert drawer.get_attribute("data-cell") in drawer.text
    pressed(browser, "#drawer", Keys.ESCAPE)
    assert not drawer.is_displayed()
    assert browser.execute_script("return document.activeElement.id") == "map-a"


def test_it_speaks_french(opened):
    browser = opened("week=5")
    pressed(browser, "body", "l")
    assert text(browser, "#now b") == "Semaine 5" and "pas une prévision" in text(browser, "footer")


def test_every_layer_can_be_chosen_by_key_and_each_paints_another_map(opened):
    browser, seen = opened("week=30"), set()
    for key, name in enumerate(("threat", "presence", "displaced", "legitimacy"), 1):
        pressed(browser, "body", str(key))
        chosen = browser.find_element(By.CSS_SELECTOR, "#layer [aria-checked=true]")
        assert chosen.get_attribute("value") == name
        seen.add(browser.execute_script("return document.querySelector('#map-a').toDataURL()"))
    assert len(seen) == 4


def test_one_screen_of_a_laptop_holds_everything(opened):
    browser = opened("week=30")
    size = browser.execute_script("return [document.body.scrollWidth, document.documentElement.scrollHeight]")
    assert size[0] <= 1366 and size[1] <= 768
    bottom = (
        "return Math.max(...[...document.querySelectorAll('main section')].map(n => n.getBoundingClientRect().bottom))"
    )
    assert browser.execute_script(bottom) <= browser.execute_script(
        "return document.querySelector('footer').getBoundingClientRect().top + 4"
    )


def test_playback_measures_itself(opened):
    browser = opened("week=1")
    browser.find_element(By.ID, "play").click()
    time.sleep(2.5)
    fps = browser.execute_script("return window.__page.measured.fps")
    assert fps > 0 and "frames/s" in text(browser, "#fps") and "first paint" in text(browser, "#fps")


def test_a_scene_brings_its_words(browser, tmp_path):
    told: Scene = sim.scene("T1")
    pair = [
        arm.but({"weeks": 30, "spin_up": 4, "world.grid": [12, 12], "world.places": 60}).named(arm.name)
        for arm in told.pair
    ]
    runs = sim.run(pair, seeds=1, jobs=1, progress=False)
    browser.get(runs.page("T1", worlds=0).save(tmp_path / "scene.html").as_uri())
    time.sleep(1)
    assert told.about.title in text(browser, "#kicker") and text(browser, "#question") == told.about.question
    assert all(line in text(browser, "#curtain") for line in told.about.predictions)


def test_less_motion_keeps_still_between_weeks_and_starts_nothing_by_itself(opened, browser):
    wish = [{"name": "prefers-reduced-motion", "value": "reduce"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": wish})
    opened("")
    browser.find_element(By.ID, "skip-guess").click()
    assert browser.execute_script("return document.querySelector('#play').dataset.playing") == "false"
    drawn = "window.__page.seek(arguments[0]); return document.querySelector('#map-a').toDataURL()"
    assert browser.execute_script(drawn, 20) == browser.execute_script(drawn, 20.6)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def clicked(browser: Any, selector: str) -> None:
    """Click an element with the mouse."""
    browser.find_element(By.CSS_SELECTOR, selector).click()


def checked(browser: Any, group: str) -> str:
    """Return which of a group of choices is on."""
    return browser.find_element(By.CSS_SELECTOR, f"{group} [aria-checked=true]").text


@pytest.mark.parametrize("group", ["#speed", "#layer", "#matrix .choice"])
def test_every_choice_can_be_made_with_the_mouse(opened, group):
    browser = opened("week=30")
    names = [button.text for button in browser.find_elements(By.CSS_SELECTOR, f"{group} [role=radio]")]
    assert len(names) > 2
    for k, name in enumerate(names):
        browser.find_elements(By.CSS_SELECTOR, f"{group} [role=radio]")[k].click()
        assert checked(browser, group) == name


@pytest.mark.parametrize("box", ["#whom", "#curve"])
def test_every_list_shows_what_is_chosen_in_it(opened, box):
    browser = opened("week=30&layer=legitimacy")
    before = browser.get_screenshot_as_base64()
    options = browser.find_elements(By.CSS_SELECTOR, f"{box} option")
    assert len(options) > 1
    last = options[-1].get_attribute("value")
    options[-1].click()
    assert browser.find_element(By.CSS_SELECTOR, box).get_attribute("value") == last
    assert browser.get_screenshot_as_base64() != before


def test_the_mouse_scrubs_opens_a_cell_notes_curtain_and_french(opened):
    browser = opened("week=5")
    clicked(browser, "#scrub")  # its middle
    assert abs(week(browser) - (browser.execute_script("return window.__page.data.weeks") - 1) / 2) <= 2
    clicked(browser, "#map-a")
    drawer = browser.find_element(By.ID, "drawer")
    assert drawer.is_displayed() and drawer.get_attribute("data-shows") == "cell"
    pressed(browser, "#drawer", Keys.ESCAPE)
    clicked(browser, "#notes-button")
    assert drawer.is_displayed() and "assumption" in drawer.text.lower()
    pressed(browser, "#drawer", Keys.ESCAPE)
    clicked(browser, "#guess-button")
    assert browser.find_element(By.ID, "curtain").is_displayed()
    clicked(browser, "#skip-guess")
    clicked(browser, "#lang-button")
    assert text(browser, "#now b").startswith("Semaine")


def test_every_control_has_a_name_and_is_reached_by_the_keyboard(opened):
    browser = opened("week=30")
    names = browser.execute_script("""
        return [...document.querySelectorAll("button, select, input, canvas")].filter(n => n.offsetParent)
            .map(n => [n.id || n.value, (n.getAttribute("aria-label") || n.textContent || n.title || "").trim()])""")
    assert len(names) > 10 and all(name for _, name in names), names
    reached = set()
    for _ in range(60):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        reached.add(browser.execute_script("return document.activeElement.id"))
    wanted = {"play", "notes-button", "guess-button", "print-button", "lang-button", "map-a", "map-b", "whom", "curve"}
    assert wanted <= reached


SCREENS = {
    "laptop": (1366, 768, 1), "projector": (1920, 1080, 1), "zoomed": (911, 512, 1.5),
}  # fmt: skip


@pytest.mark.parametrize("name", SCREENS)
def test_screens_are_kept_to_be_looked_at(opened, name):
    """Each is saved under outputs/page, and maps stay on the screen."""
    browser, (width, height, scale) = opened("week=40"), SCREENS[name]
    size = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
    try:
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        time.sleep(0.3)
        folder = ROOT / "outputs" / "page"
        folder.mkdir(parents=True, exist_ok=True)
        assert browser.save_screenshot(str(folder / f"{name}.png"))
        bottoms = [box.rect["y"] for box in browser.find_elements(By.CSS_SELECTOR, "canvas")]
        assert len(bottoms) == 2 and max(bottoms) < height / 2
    finally:
        laptop = {"width": 1366, "height": 768, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", laptop)

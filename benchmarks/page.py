"""The trainer's page at its largest: a 60x60 grid, 156 weeks, two maps, played in headless Chromium without a GPU.

python benchmarks/page.py      log: benchmarks/logs/page.txt
Frames a second and first paint are measured by the page itself. Asked at 1366x768: 50 frames a second, 30 with the CPU
slowed four times; first paint under 0.5 s. What else the machine does is in the figures: play it on an idle one.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from selenium import webdriver
from study import Log

import sim

FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
         "--disable-component-update", "--disable-sync")  # fmt: skip
SCREENS = ((1366, 768), (1920, 1080))
SECONDS = 8


def page(folder: Path) -> Path:
    """Write the page of two arrangements in a large country."""
    large = {"weeks": 156, "world.grid": [60, 60], "world.places": 2000, "missions.UN.arrives": 0}
    pair = [sim.load(name).but(large).named(name) for name in ("un_alone", "un_au_parallel")]
    return sim.run(pair, seeds=2, progress=False).page(worlds=0).save(folder / "page.html")


def browser(folder: Path) -> webdriver.Chrome:
    """Start a browser with an empty profile."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in (*FLAGS, f"--user-data-dir={folder / 'profile'}"):
        options.add_argument(flag)
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))


def played(found: webdriver.Chrome, file: Path, size: tuple[int, int], slower: int) -> tuple[float, float]:
    """Return frames a second over some seconds of play, and seconds to the first paint."""
    found.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": size[0], "height": size[1],
                          "deviceScaleFactor": 1, "mobile": False})  # fmt: skip
    found.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": slower})
    found.get("about:blank")
    found.get(f"{file.as_uri()}#week=1")
    while not found.execute_script("return document.documentElement.dataset.ready"):
        time.sleep(0.1)
    found.find_element("id", "play").click()
    time.sleep(SECONDS)
    measured = found.execute_script("return window.__page.measured")
    return float(measured["fps"]), float(measured["firstPaint"]) / 1000


def main() -> None:
    log = Log("page")
    with tempfile.TemporaryDirectory() as place:
        file = page(Path(place))
        log(f"60x60 cells, 156 weeks, two maps: {file.stat().st_size / 1e6:.2f} MB")
        found = browser(Path(place))
        for size in SCREENS:
            for slower in (1, 4):
                fps, paint = played(found, file, size, slower)
                log(
                    f"  {size[0]}x{size[1]}, CPU slowed {slower} times: {fps:.0f} frames a second, first paint {paint:.2f} s"
                )
        found.quit()
    log.close()


if __name__ == "__main__":
    main()
